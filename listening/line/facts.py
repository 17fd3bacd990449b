"""Facts: what the line knows of a mention and of the brand's history with its author. No text, no name."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, Self

Wish = Literal["", "listen", "contact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One mention, as plain values that tell nobody who wrote it.

    `standing`      how the post stands to the brand, a value of listening.models.Addressed
    `kind`          "complaint", "praise" or "other"
    `question`      it asks something and is no complaint: a question beside being praise or other
    `hidden`        why the network hides the post ("withheld", "protected", "takendown"), "" when it is there for all
    `gone`          the text is gone: deleted at the network, or its retention is over
    `author_known`  False where nobody can tell who wrote it, and so whether they opted out
    `account_days`  age of the account in whole days, None where not told
    `topics`        names of the quiet topics that the text matched
    `wish`          "contact" or "listen" when the author opted out of it
    `stop`          the author said in a post that they want to be left alone, and nobody has decided on it yet
    `wording`       what is wrong with the draft (listening.line.wording), empty without a draft
    """

    network: str
    standing: str
    language: str = "unknown"
    kind: str = "other"
    own: bool = False
    hidden: str = ""
    gone: bool = False
    author_known: bool = True
    account_days: int | None = None
    topics: tuple[str, ...] = ()
    wish: Wish = ""
    stop: bool = False
    wording: tuple[str, ...] = ()
    question: bool = False
    zone: str = "UTC"

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the post is, the telling word first."""
        return ("question", self.kind) if self.question else (self.kind,)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"topics": list(self.topics), "wording": list(self.wording)}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        return cls(**{**told, "topics": tuple(told["topics"]), "wording": tuple(told["wording"])})


@dataclass(frozen=True, slots=True)
class History:
    """When this brand last answered this person, and whether they have spoken to it since."""

    answered_at: datetime | None = None
    wrote_again: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"answered_at": self.answered_at and self.answered_at.isoformat(), "wrote_again": self.wrote_again}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        at = told["answered_at"]
        return cls(datetime.fromisoformat(at) if at else None, told["wrote_again"])
