"""Parsed: what a feed's document says, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `guid` is the publisher's own id or None; `text` and `title` are HTML; times are aware UTC.

    `author` is a name, never a mail address.
    """

    guid: str | None
    link: str | None
    title: str | None
    text: str
    published: datetime | None
    edited: datetime | None = None
    author: str | None = None
    author_url: str | None = None
    language: str | None = None
    replies: int | None = None
    media: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `pause` is how long its publisher asks to leave it alone, None where nothing is said."""

    title: str | None
    entries: Sequence[Entry]
    pause: timedelta | None = None


class NotAFeed(ValueError):
    """A document that is none; `found` is the address of a feed that it names, if it does."""

    def __init__(self, sentence: str, found: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.found = found
