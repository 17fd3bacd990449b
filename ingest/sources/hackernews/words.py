"""Words: what to ask Algolia's index of Hacker News for a query, so that it finds too much and never too little.

Algolia wants all words of a search, and takes the last one as a prefix; it knows no OR, NEAR or letter case. A query
becomes the shortest list of searches: of an AND the part with the fewest, of an OR those of all parts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from listening.query import Query
from listening.query.nodes import And, Field, Near, Node, Or, Term, Title, Within

MOST = 30
"""Searches for one query: beyond that it would ask more of a free service than it is worth."""

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, order=True)
class Search:
    """Words that must all be there, or everything by one author."""

    words: str = ""
    author: str = ""

    @property
    def label(self) -> str:
        return f"posts by {self.author}" if self.author else self.words


def searches(query: Query) -> Sequence[Search]:
    """The searches of a query; empty where a search can't help (nothing to search for, or far too many)."""
    found = sorted(set(_of(query.root) or ()))
    return found if len(found) <= MOST else ()


def _of(node: Node) -> Sequence[Search] | None:
    """None: this part says nothing that could be searched for."""
    match node:
        case Term():
            return _of_term(node)
        case Or(below):
            parts = [_of(child) for child in below]
            return [search for part in parts if part for search in part] if all(parts) else None
        case And(below):
            return _fewest(below)
        case Near(left, right):
            return _fewest((left, right))
        case Within(items):
            return _fewest(items)
        case Title(child):
            return _of(child)
        case Field("author", values):
            names = [value.removeprefix("@") for value in values]
            return [Search(author=name) for name in names] if all(re.fullmatch(r"[\w-]+", n) for n in names) else None
        case Field("site", values):
            return [Search(value) for value in values if value] or None
    return None


def _fewest(below: Sequence[Node]) -> Sequence[Search] | None:
    parts = [part for child in below if (part := _of(child))]
    return min(parts, key=lambda part: (len(part), -max(len(search.label) for search in part))) if parts else None


def _of_term(term: Term) -> Sequence[Search] | None:
    """The longest run of whole words; what follows a wildcard is left to the judge, the last word is a prefix.

    A raw term without words ("C++" has one, "++" none) can't be searched for.
    """
    head = re.split(r"[*?]", term.text, maxsplit=1)[0] if term.kind in ("word", "phrase") else term.text
    words = " ".join(_WORDS.findall(head))
    return [Search(words)] if words else None
