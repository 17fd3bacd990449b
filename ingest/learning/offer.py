"""Offer: learn from a brand's labels, measure on held-out ones, and store the outcome for a person to decide on."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max

from ingest.enrich import sentiment as sentiments
from ingest.learning import complaint, sentiment
from ingest.learning.compare import Answer, Measured, better, compare, held_out
from ingest.learning.complaint import Scaling
from ingest.learning.examples import CLASSES, Complained, Felt, of_brand
from listening.models import Brand, BrandModel
from listening.quality.own import Parameters, adjust, choose
from listening.quality.platt import apply_platt

LEAST_LABELS = 50
LEAST_OF_EACH = 5
"""Fewer complaints, or fewer that are none, say nothing about a probability."""


def learn(brand: Brand) -> list[BrandModel]:
    """Offers, or notes that there is nothing better, for sentiment and complaints; what has too few labels is left
    out. A former offer that nobody took gives way to the new one."""
    felt, complained = of_brand(brand)
    made = []
    if len(felt) >= LEAST_LABELS:
        engine = sentiments.version_of(sentiments.in_charge(brand.engine))
        made.append(_store(brand, BrandModel.Kind.SENTIMENT, engine, dict(_fit_felt(felt)), compare_felt(felt)))
    model, complained = _of_one_model(complained)
    yes = sum(one.label for one in complained)
    if len(complained) >= LEAST_LABELS and min(yes, len(complained) - yes) >= LEAST_OF_EACH:
        kind = BrandModel.Kind.COMPLAINT
        made.append(_store(brand, kind, model, dict(_fit_complained(complained)), compare_complained(complained)))
    return made


def _of_one_model(complained: Sequence[Complained]) -> tuple[str, list[Complained]]:
    """The model that read most of them, and those that it read: a correction holds for one model."""
    counts = Counter(one.engine for one in complained)
    model = max(sorted(counts), key=lambda name: counts[name], default="")
    return model, [one for one in complained if one.engine == model]


def compare_felt(felt: Sequence[Felt]) -> Measured:
    """The engine's labels and probabilities against those of corrections learned without each example."""
    before = [_answer(one.p, CLASSES.index(one.said), one.label) for one in felt]
    return compare(before, held_out(felt, _fit_felt, _corrected), [one.drawn for one in felt])


def compare_complained(complained: Sequence[Complained]) -> Measured:
    """As `compare_felt`; right is whether it was flagged as people would have."""
    before = [_flag(one.p, one.flagged, one.label) for one in complained]
    return compare(before, held_out(complained, _fit_complained, _scaled), [one.drawn for one in complained])


def _fit_felt(felt: Sequence[Felt]) -> Parameters:
    return sentiment.fit([one.p for one in felt], [one.label for one in felt], [one.words for one in felt])


def _corrected(one: Felt, parameters: Parameters) -> Answer:
    p = adjust(one.p, parameters, one.words)
    return _answer(p, choose(p, parameters), one.label)


def _answer(p: Sequence[float], said: int, label: int) -> Answer:
    likeliest = max(range(3), key=lambda c: p[c])
    return Answer(said == label, p[label], p[likeliest], likeliest == label)


def _fit_complained(complained: Sequence[Complained]) -> Scaling:
    return complaint.fit([one.p for one in complained], [one.label for one in complained])


def _scaled(one: Complained, scaling: Scaling) -> Answer:
    p = apply_platt(one.p, scaling["a"], scaling["b"])
    return _flag(p, p >= scaling["threshold"], one.label)


def _flag(p: float, flagged: bool, label: bool) -> Answer:
    return Answer(flagged == label, p if label else 1 - p, p, label)


@transaction.atomic
def _store(brand: Brand, kind: str, engine: str, parameters: dict[str, Any], measured: Measured) -> BrandModel:
    Brand.objects.select_for_update().get(pk=brand.pk)  # two workers never take the same number
    models = BrandModel.objects.filter(brand=brand, kind=kind)
    models.filter(state__in=[BrandModel.State.OFFERED, BrandModel.State.NO_BETTER]).delete()
    last = models.aggregate(last=Max("number"))["last"] or 0
    make = partial(models.create, brand=brand, kind=kind, number=last + 1, engine=engine, parameters=parameters)
    state = BrandModel.State.OFFERED if better(measured) else BrandModel.State.NO_BETTER
    return make(measured=dict(measured), state=state)
