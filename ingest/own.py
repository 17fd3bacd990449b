"""Own: the corrections that brands adopted, applied to findings after the engine.

A finding that was corrected carries the correction's number in its engine, "vader-3.3.2+1~own4": charts and the
quality page tell it from the engine alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from ingest.enrich.complaint import Complaint
from ingest.enrich.engines import SURE_FROM, Label, Sentiment
from ingest.learning.complaint import Scaling
from listening.models import BrandModel
from listening.quality.own import Parameters, adjust, choose, words_in
from listening.quality.platt import apply_platt

LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Own:
    """One brand's corrections in use; None where it has none. Each holds for the engine that it was learned on."""

    sentiment: BrandModel | None = None
    complaint: BrandModel | None = None

    def mood(self, found: Sentiment, engine: str, text: str) -> tuple[Sentiment, str]:
        """Sentiment and engine after the correction; unscored posts stay unscored."""
        own = self.sentiment
        if own is None or own.engine != engine or found.p_negative is None:
            return found, engine
        parameters = cast(Parameters, own.parameters)
        before = (found.p_negative, found.p_neutral or 0.0, found.p_positive or 0.0)
        p = adjust(before, parameters, words_in(text))
        label = LABELS[choose(p, parameters)]
        negative, neutral, positive = (round(one, 4) for one in p)
        corrected = Sentiment(label, negative, neutral, positive, found.compound, max(p) < SURE_FROM)
        return corrected, version(engine, own)

    def verdict(self, found: Complaint, engine: str) -> tuple[Complaint, str]:
        """Complaint and engine after the correction."""
        own = self.complaint
        if own is None or own.engine != engine or found.p is None:
            return found, engine
        scaling = cast(Scaling, own.parameters)
        p = round(apply_platt(found.p, scaling["a"], scaling["b"]), 4)
        flagged = p >= scaling["threshold"]
        reasons = found.reasons if flagged else ()
        return replace(found, p=p, flagged=flagged, reasons=reasons), version(engine, own)


NONE = Own()


def version(engine: str, own: BrandModel) -> str:
    """What is stored as the engine of a corrected finding: at most 40 characters."""
    return f"{engine}~own{own.number}"[-40:]


def of_brands(brands: Iterable[int]) -> Mapping[int, Own]:
    """What these brands adopted, by brand; those without anything are left out."""
    found: dict[int, dict[str, BrandModel]] = {}
    for model in BrandModel.objects.filter(brand__in=set(brands), state=BrandModel.State.ADOPTED):
        found.setdefault(model.brand_id, {})[model.kind] = model
    return {brand: Own(**models) for brand, models in found.items()}
