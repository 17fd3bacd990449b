"""Marking: a post's text cut into pieces, so that a page can mark what matched and what sounds like a complaint."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from listening.models import Mention
from listening.veil import veiled

MATCH, COMPLAINT, SEARCH = "match", "complaint", "search"
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; `kinds` are why it is marked, empty for plain text."""

    text: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """Why a mention is here: the query, its version then, and the words that matched."""

    query: str
    version: int | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a mention counts as a complaint: a sentence, and the words it rests on."""

    why: str
    words: str


def pieces(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text in pieces that join to the whole; spans may overlap, and those outside of the text are ignored."""
    size = len(text)
    inside = [(max(0, start), min(size, end), kind) for start, end, kind in spans if start < end and start < size]
    cuts = sorted({0, size, *(cut for start, end, _ in inside for cut in (start, end))})
    found = [
        Piece(text[a:b], tuple(dict.fromkeys(kind for start, end, kind in inside if start <= a and b <= end)))
        for a, b in zip(cuts, cuts[1:], strict=False)
    ]
    return found or [Piece(text)]


def marked(mention: Mention, searched: Sequence[tuple[int, int]] = ()) -> list[Piece]:
    """A mention's text with its matches, its complaint reasons and what a search found; without who wrote it."""
    return pieces(said(mention), [*_matches(mention), *_complaints(mention), *((a, b, SEARCH) for a, b in searched)])


def said(mention: Mention) -> str:
    """What stands in the mention, without who wrote it; needs the author joined."""
    return veiled(mention.text, mention.author)


def headed(mention: Mention) -> str:
    """Its title, else its text, without who wrote it; needs the author joined."""
    return veiled(mention.title or mention.text, mention.author)


def shortened(text: str, most: int) -> str:
    """The text in at most so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def why_matched(mention: Mention, names: Mapping[str, str]) -> list[Matched]:
    """One line per query; `names` tells the queries' names by id as text."""
    text = said(mention)
    return [
        Matched(
            names.get(query, "a query that was deleted"),
            mention.query_versions.get(query),
            tuple(dict.fromkeys(text[start:end] for start, end in spans)),
        )
        for query, spans in mention.spans.items()
    ]


def reasons(mention: Mention) -> list[Reason]:
    """The complaint reasons, each once, with the words of the text that they rest on."""
    found: dict[str, list[str]] = {}
    text = said(mention)
    for reason in mention.complaint_reasons:
        words = text[reason.get("start") or 0 : reason.get("end") or 0]
        found.setdefault(str(reason.get("why", "")), []).append(words)
    return [Reason(why, ", ".join(dict.fromkeys(filter(None, words)))) for why, words in found.items()]


def _matches(mention: Mention) -> list[Span]:
    return [(start, end, MATCH) for spans in mention.spans.values() for start, end in spans]


def _complaints(mention: Mention) -> list[Span]:
    if not mention.is_complaint:
        return []
    return [span for reason in mention.complaint_reasons if (span := _reason_span(reason))]


def _reason_span(reason: Mapping[str, Any]) -> Span | None:
    start, end = reason.get("start"), reason.get("end")
    return (start, end, COMPLAINT) if isinstance(start, int) and isinstance(end, int) else None
