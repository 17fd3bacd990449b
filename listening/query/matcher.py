"""Matcher: all queries at once. Literals pick the few candidates, the trees judge them.

Each query is filed under the rarest literals it needs: whole words in a table (the text is cut into words once, so
"ai" is never found in "training"), starts of words and characters anywhere in one Aho-Corasick automaton. Queries
that need no literal (fields alone) are judged every time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from listening.query.document import Document, Hit, joined
from listening.query.evaluate import Judge, judge
from listening.query.fold import fold, tokens_apart
from listening.query.grammar import Query
from listening.query.hashtags import words_of_hashtag
from listening.query.post import Post
from listening.query.require import required
from listening.query.script import HASHTAGS

Span = tuple[int, int]
_CHUNK = 8192  # an automaton's answer can be long for hostile texts; asked piece by piece it stays small
_OVERLAP = 40  # longer than any literal


@dataclass(frozen=True, slots=True)
class Match:
    """One query that matched. Spans are (start, end) offsets into the post's text and title, sorted, without doubles.

    A query that only fields decided has no spans.
    """

    query_id: int
    spans: tuple[Span, ...] = ()
    title_spans: tuple[Span, ...] = ()


class Matcher:
    """Queries by id, compiled once; every answer is in the order in which they were given."""

    def __init__(self, queries: Mapping[int, Query]) -> None:
        self._ids: list[int] = list(queries)
        self._judges: list[Judge] = [judge(query.root) for query in queries.values()]
        self._always: list[int] = []
        shelves: dict[str, dict[str, list[int]]] = {"word": {}, "start": {}, "part": {}}
        for slot, query in enumerate(queries.values()):
            needed = required(query.root)
            if needed is None:
                self._always.append(slot)
            for literal in needed or ():
                shelves[literal.how].setdefault(literal.text, []).append(slot)
        self._words = shelves["word"]
        self._starts = _Pieces({f" {start}": slots for start, slots in shelves["start"].items()})
        self._parts = _Pieces(shelves["part"])

    def match(self, post: Post) -> list[Match]:
        """The queries that match the post, each with what matched."""
        return self._judged(joined(post.title, post.text), lambda: post)

    def match_text(self, text: str, make_post: Callable[[], Post], title: str = "") -> list[Match]:
        """The same for a post that is only made when a query may match; `text` and `title` are its own."""
        return self._judged(joined(title, text), make_post)

    def candidates(self, text: str) -> list[int]:
        """The ids of the queries that may match a post with this text: never too few."""
        apart = tokens_apart(text)
        return [self._ids[slot] for slot in self._slots(text, apart, apart.split())]

    def _judged(self, text: str, make_post: Callable[[], Post]) -> list[Match]:
        apart = tokens_apart(text)
        tokens = apart.split()
        slots = self._slots(text, apart, tokens)
        if not slots:
            return []
        document = Document(make_post(), tokens)
        found = []
        for slot in slots:
            hits = self._judges[slot](document)
            if hits is not None:
                found.append(_match(self._ids[slot], hits, document.shift))
        return found

    def _slots(self, text: str, apart: str, tokens: list[str]) -> list[int]:
        if "#" in text or "＃" in text:
            inside = list(_inside_hashtags(text))
            tokens = tokens + inside
            apart = " ".join((apart, *inside))
        table = self._words
        found = [slot for token in tokens if token in table for slot in table[token]]
        found += self._always
        if self._starts.automaton is not None:
            found += self._starts.slots(f" {apart}")
        if self._parts.automaton is not None:
            found += self._parts.slots(fold(text))
        return sorted(set(found)) if len(found) > 1 else found


class _Pieces:
    """Literals that an automaton looks for, and the queries behind each."""

    def __init__(self, slots_of: Mapping[str, list[int]]) -> None:
        patterns = list(slots_of)
        self.automaton = AhoCorasick(patterns) if patterns else None
        self._slots = list(slots_of.values())

    def slots(self, text: str) -> list[int]:
        found: list[int] = []
        for at in range(0, len(text), _CHUNK):
            chunk = text if len(text) <= _CHUNK else text[max(0, at - _OVERLAP) : at + _CHUNK]
            hits = self.automaton.find_matches_as_indexes(chunk, overlapping=True)  # type: ignore[union-attr]
            for pattern in {hit[0] for hit in hits} if len(hits) > 1 else (hit[0] for hit in hits):
                found += self._slots[pattern]
        return found


def _inside_hashtags(text: str) -> Iterator[str]:
    """The folded words inside hashtags such as #AcmeFail."""
    for tag in HASHTAGS.findall(text):
        places = list(words_of_hashtag(tag))
        if len(places) > 1:
            yield from (fold(tag[start:end]) for start, end in places)


def _match(query_id: int, hits: list[Hit], shift: int) -> Match:
    spans = sorted(set(hits)) if len(hits) > 1 else hits
    if not shift:
        return Match(query_id, tuple(spans))
    in_title = tuple(span for span in spans if span[0] < shift)
    return Match(query_id, tuple((start - shift, end - shift) for start, end in spans[len(in_title) :]), in_title)
