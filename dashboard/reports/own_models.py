"""Own models: what a brand's labels taught, what it is measured to bring, and what is in use."""

from dataclasses import dataclass
from datetime import datetime

from listening.models import Brand, BrandModel, User

LEAST_LABELS = 50
"""As `ingest.learning.offer.LEAST_LABELS`: fewer labels teach nothing."""


@dataclass(frozen=True, slots=True)
class OwnModel:
    """Shares are of the labels tested, which the model had not seen; the gain has a 95 % interval."""

    pk: int
    kind: str
    name: str
    number: int
    engine: str
    state: str
    state_name: str
    n: int
    tested: int
    drawn_only: bool
    right_before: float
    right_after: float
    gain: float
    low: float
    high: float
    error_before: float
    error_after: float
    words: tuple[str, ...]
    changed_at: datetime
    changed_by: User | None

    @property
    def certain(self) -> bool:
        """Whether the whole interval of the gain lies above nothing."""
        return self.low > 0


@dataclass(frozen=True, slots=True)
class OwnModels:
    """`adopted` and `offered` are those that a person can do something about, `former` those that were in use once;
    `no_better` says for which findings the last comparison brought nothing."""

    adopted: tuple[OwnModel, ...]
    offered: tuple[OwnModel, ...]
    no_better: tuple[OwnModel, ...]
    former: tuple[OwnModel, ...]


def own_models(brand: Brand) -> OwnModels:
    rows = [_of(model) for model in BrandModel.objects.filter(brand=brand).select_related("changed_by")]
    states = BrandModel.State

    def of(state: str) -> tuple[OwnModel, ...]:
        return tuple(row for row in rows if row.state == state)

    return OwnModels(of(states.ADOPTED), of(states.OFFERED), of(states.NO_BETTER), of(states.RETIRED)[:5])


def _of(model: BrandModel) -> OwnModel:
    measured = model.measured
    before, after, gain = measured["before"], measured["after"], measured["gain"]
    return OwnModel(
        pk=model.pk,
        kind=model.kind,
        name=model.get_kind_display(),
        number=model.number,
        engine=model.engine,
        state=model.state,
        state_name=model.get_state_display(),
        n=measured["n"],
        tested=measured["tested"],
        drawn_only=measured["basis"] == "random",
        right_before=before["right"],
        right_after=after["right"],
        gain=gain["value"],
        low=gain["low"],
        high=gain["high"],
        error_before=before["error"],
        error_after=after["error"],
        words=_strongest(model.parameters.get("words", {})),
        changed_at=model.changed_at,
        changed_by=model.changed_by,
    )


def _strongest(words: dict[str, list[float]], most: int = 8) -> tuple[str, ...]:
    """The words that move a sentiment most."""
    return tuple(sorted(words, key=lambda word: (-max(map(abs, words[word])), word))[:most])
