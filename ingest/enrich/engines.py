"""The contract of a sentiment engine: texts and languages in, one Sentiment (or one Reading) each out.

An engine is a class with `name`, `version` and `score`, and a line in `ingest.enrich.sentiment.ENGINES`. Its module is
light to import: runtimes and weights are loaded by the first call of `score` and kept for the life of the process, for
the web process imports the module only to learn its version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, runtime_checkable

Label = Literal["negative", "neutral", "positive", "unscored"]

SURE_FROM = 0.5
"""An engine with calibrated probabilities is unsure where even the most probable class is less probable than this."""


@dataclass(frozen=True, slots=True)
class Sentiment:
    """What an engine found.

    `label`      "unscored" where the engine does not know the language: never the same as neutral
    `p_*`        probabilities of the three classes (sum 1), None where unscored
    `compound`   VADER's score, -1 to 1, of every text that VADER reads, whichever engine found the rest; else None
    `unsure`     the engine abstains: `label` is the most probable class, and too close to call
    """

    label: Label
    p_negative: float | None = None
    p_neutral: float | None = None
    p_positive: float | None = None
    compound: float | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one pass over a text gives.

    `complaint_p` is the engine's own probability of a complaint, calibrated so that a post is flagged from 0.5; None
    where the engine has none, and the model of cues (`ingest.enrich.complaint`) decides alone.
    """

    sentiment: Sentiment
    complaint_p: float | None = None


UNSCORED = Sentiment("unscored")


class Known(NamedTuple):
    """An engine in the table: where its class is, and what people who choose among engines should know of it."""

    path: str
    about: str


class Engine(Protocol):
    """A sentiment engine. `name` and `version` are stored with each finding, so that rescoring knows what is old."""

    name: str
    version: str

    def score(self, texts: Sequence[str], languages: Sequence[str]) -> list[Sentiment]:
        """One Sentiment per text, in order. `texts` are masked (see `ingest.enrich.masking`) and come in batches of
        similar length, `languages` from `ingest.enrich.language`. Pure: the same text gives the same answer, whatever
        stands beside it in the batch."""
        ...


@runtime_checkable
class Reader(Protocol):
    """An engine whose one pass answers both questions; `read` is asked instead of `score`."""

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[Reading]:
        """One Reading per text, in order; its sentiments are those of `score`."""
        ...
