"""Phrases: many word patterns looked for in one walk over the words of a text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, product
from typing import NamedTuple

from ingest.enrich.known import Known

_TOKEN = re.compile(r"https?://\S+|www\.\S+|(?<!\w)@[\w.@-]+|#?\w+(?:['\u2019]\w+)*|[!?.]+")
_APOSTROPHES = str.maketrans("\u2019\u2018\u02bc", "'''")
_CHOICE = re.compile(r"\([^)]*\)|\S+")
_NUMBERS = frozenset(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"))

END, ANY, NUMBER = "", "*", "#"


LINK, HANDLE = "<link>", "<handle>"


class Found(NamedTuple):
    """One pattern found: the name it was added under, and the places of its first and last word among the words."""

    name: str
    first: int
    last: int


def words(text: str) -> list[str]:
    """The words of a text in lower case, with runs of "!", "?" and "." as one sign; links and handles become LINK and
    HANDLE, hashtags plain words."""
    return list(map(_word, _TOKEN.findall(text)))


def counted(found: Iterable[Found]) -> dict[str, int]:
    """How many were found of each name."""
    counts: dict[str, int] = {}
    for name, _, _ in found:
        counts[name] = counts.get(name, 0) + 1
    return counts


def spans(text: str, first: int | None = None) -> list[tuple[int, int]]:
    """Where each of `words(text)`, or of the `first` few of them, stands in the text."""
    return [match.span() for match in islice(_TOKEN.finditer(text), first)]


def _spelled(token: str) -> str:
    if token[0] == "@":
        return HANDLE
    if token.startswith(("http://", "https://", "www.")):
        return LINK
    if token[0] in "!?.":
        return token[0]
    return token.lstrip("#").translate(_APOSTROPHES).lower()


_word = Known(_spelled).__getitem__


class Phrases:
    """A trie over words. Patterns: see `ingest.enrich.cues`."""

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        self._root: dict[str, dict] = {}  # type: ignore[type-arg]
        self._stems: dict[str, str] = {}
        for name, pattern in patterns:
            for spelling in expand(pattern):
                self._add(name, spelling)
        lengths = sorted({len(stem) for stem in self._stems})
        self._starts = Known(partial(self._starting, lengths)).__getitem__

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Every name's longest match at each word, in the order of the text."""
        end = len(words) - 1
        for i, start in enumerate(map(self._starts, words)):
            if start is None:
                continue
            keys = _keys(words[i + 1]) if i < end else ()
            best: dict[str, int] = {}
            for names, node in start:
                for name in names:
                    best.setdefault(name, i)
                for key in keys:
                    if key in node:
                        self._enter(node[key], words, i + 1, best)
            for name, last in best.items():
                yield Found(name, i, last)

    def _starting(self, lengths: list[int], word: str) -> list[tuple[list[str], dict]] | None:  # type: ignore[type-arg]
        """What a word is the start of: the names that it has by itself, and the branch of the trie that goes on from
        there, for its stem and for each of its keys; None for nothing."""
        stem = next((self._stems[word[:n]] for n in lengths if word[:n] in self._stems), None)
        nodes = [self._root[key] for key in _keys(word) if key in self._root]
        stems: list[tuple[list[str], dict]] = [([stem], {})] if stem else []  # type: ignore[type-arg]
        branches = [(node.get(END, []), node if len(node) > (END in node) else {}) for node in nodes]
        return stems + branches or None

    def _enter(self, node: dict, words: Sequence[str], i: int, best: dict[str, int]) -> None:  # type: ignore[type-arg]
        """Enter into `best` what ends with the word at `i`, which led to this branch, and what goes on from here."""
        if END in node:
            for name in node[END]:
                if best.get(name, 0) < i:
                    best[name] = i
            if len(node) == 1:
                return
        if i + 1 < len(words):
            for key in _keys(words[i + 1]):
                if key in node:
                    self._enter(node[key], words, i + 1, best)

    def _add(self, name: str, words: tuple[str, ...]) -> None:
        if len(words) == 1 and words[0].endswith("~"):
            self._stems[words[0][:-1]] = name
            return
        if any(word.endswith("~") for word in words):
            raise ValueError(f"{' '.join(words)!r}: a stem must stand alone.")
        node = self._root
        for word in words:
            node = node.setdefault(word, {})
        ends = node.setdefault(END, [])  # type: ignore[arg-type]
        if name not in ends:
            ends.append(name)  # type: ignore[attr-defined]


def _branches(word: str) -> tuple[str, ...]:
    """The branches that a word may follow."""
    if word in "!?.":
        return (word,)
    return (word, NUMBER, ANY) if word[0].isdigit() or word in _NUMBERS else (word, ANY)


_keys = Known(_branches).__getitem__


def expand(pattern: str) -> Iterator[tuple[str, ...]]:
    """Every spelling of a pattern as words: "(a|b) c" gives (a, c) and (b, c); an empty alternative is left out."""
    choices = [part[1:-1].split("|") if part.startswith("(") else [part.lower()] for part in _CHOICE.findall(pattern)]
    for chosen in product(*choices):
        spelling = tuple(word for choice in chosen for word in choice.split())
        if spelling:
            yield spelling
