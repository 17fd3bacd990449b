"""Matcher: all queries at once. Literals pick the few candidates, the trees judge them.

Each query is filed under the rarest literals it needs: whole words in a table (the text is cut into words once, so
"ai" is never found in "training"), starts of words and characters anywhere in one Aho-Corasick automaton. Queries
that need no literal (fields alone) are judged every time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from listening.query.document import Document, Hit, words_of_hashtag
from listening.query.evaluate import Judge, judge
from listening.query.fold import fold
from listening.query.grammar import Query
from listening.query.post import Post
from listening.query.require import Needed, required
from listening.query.script import ASCII_WORDS, HASHTAGS, WORDS, is_spaced

Span = tuple[int, int]
_CHUNK = 8192  # an automaton's answer can be long for hostile texts; asked piece by piece it stays small
_OVERLAP = 32


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
        self._words: dict[str, list[int]] = {}
        self._always: list[int] = []
        starts: dict[str, list[int]] = {}
        parts: dict[str, list[int]] = {}
        shelves = {"word": self._words, "start": starts, "part": parts}
        for slot, query in enumerate(queries.values()):
            self._file(slot, required(query.root), shelves)
        self._pieces: list[tuple[bool, list[int]]] = [(True, slots) for slots in starts.values()]
        self._pieces += [(False, slots) for slots in parts.values()]
        patterns = [*starts, *parts]
        self._automaton = AhoCorasick(patterns, implementation=_implementation(patterns)) if patterns else None

    def _file(self, slot: int, needed: tuple[Needed, ...] | None, shelves: dict[str, dict[str, list[int]]]) -> None:
        if needed is None:
            self._always.append(slot)
            return
        for literal in needed:
            shelves[literal.how].setdefault(literal.text, []).append(slot)

    def match(self, post: Post) -> list[Match]:
        """The queries that match the post, each with what matched."""
        text = f"{post.title}\n{post.text}" if post.title else post.text
        slots = self._candidates(text)
        return list(self._judged(slots, post)) if slots else []

    def match_text(self, text: str, make_post: Callable[[], Post], title: str = "") -> list[Match]:
        """The same for a post that is only made when a query may match; `text` and `title` are its own."""
        slots = self._candidates(f"{title}\n{text}" if title else text)
        return list(self._judged(slots, make_post())) if slots else []

    def candidates(self, text: str) -> list[int]:
        """The ids of the queries that may match a post with this text: never too few."""
        return [self._ids[slot] for slot in self._candidates(text)]

    def _judged(self, slots: list[int], post: Post) -> Iterator[Match]:
        document = Document(post)
        for slot in slots:
            hits = self._judges[slot](document)
            if hits is not None:
                yield _match(self._ids[slot], hits, document.shift)

    def _candidates(self, text: str) -> list[int]:
        folded = fold(text)
        found: set[int] = set(self._always)
        table = self._words
        words = (ASCII_WORDS if folded.isascii() else WORDS).findall(folded)
        if "#" in folded:
            inside = list(_inside_hashtags(text))
            words += inside
            folded = " ".join((folded, *inside))
        for word in words:
            if word in table:
                found.update(table[word])
        if self._automaton is not None:
            found.update(self._in_parts(folded))
        return sorted(found)

    def _in_parts(self, folded: str) -> Iterable[int]:
        find = self._automaton.find_matches_as_indexes  # type: ignore[union-attr]
        found: set[int] = set()
        for at in range(0, len(folded), _CHUNK):
            chunk = folded if len(folded) <= _CHUNK else folded[max(0, at - _OVERLAP - 1) : at + _CHUNK]
            for pattern, start, _ in find(chunk, overlapping=True):
                at_start, slots = self._pieces[pattern]
                if not at_start or start == 0 or not is_spaced(chunk[start - 1]):
                    found.update(slots)
        return found


def _implementation(patterns: list[str]) -> Implementation:
    return Implementation.ContiguousNFA if len(patterns) > 5000 else Implementation.DFA


def _inside_hashtags(text: str) -> Iterator[str]:
    """The folded words inside hashtags such as #AcmeFail."""
    for tag in HASHTAGS.findall(text):
        places = list(words_of_hashtag(tag))
        if len(places) > 1:
            yield from (fold(tag[start:end]) for start, end in places)


def _match(query_id: int, hits: list[Hit], shift: int) -> Match:
    spans = sorted({(hit[0], hit[1]) for hit in hits})
    if not shift:
        return Match(query_id, tuple(spans))
    in_title = tuple(span for span in spans if span[0] < shift)
    return Match(query_id, tuple((start - shift, end - shift) for start, end in spans[len(in_title) :]), in_title)
