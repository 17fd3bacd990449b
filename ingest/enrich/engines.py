"""The contract of a sentiment engine: texts and languages in, one Sentiment each out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Label = Literal["negative", "neutral", "positive", "unscored"]


@dataclass(frozen=True, slots=True)
class Sentiment:
    """What an engine found.

    `label`      "unscored" where the engine does not know the language: never the same as neutral
    `p_*`        probabilities of the three classes (sum 1), None where unscored
    `compound`   the engine's own scale, -1 to 1, None where unscored
    """

    label: Label
    p_negative: float | None = None
    p_neutral: float | None = None
    p_positive: float | None = None
    compound: float | None = None


UNSCORED = Sentiment("unscored")


class Engine(Protocol):
    """A sentiment engine. `name` and `version` are stored with each finding, so that rescoring knows what is old."""

    name: str
    version: str

    def score(self, texts: Sequence[str], languages: Sequence[str]) -> list[Sentiment]:
        """One Sentiment per text, in order. `texts` are masked (see `ingest.enrich.masking`), `languages` come from
        `ingest.enrich.language`. Pure: the same input gives the same answer."""
        ...
