"""Words: what to type into Bluesky's search for a query, so that it finds too much and never too little.

Bluesky's search knows words and quoted phrases, all of them required; no OR, no NEAR, no wildcards. A query becomes
the shortest list of such searches: of an AND the part with the fewest searches, of an OR all of them.
"""

from collections.abc import Sequence

from listening.query import Query
from listening.query.nodes import And, Field, Near, Node, Or, Term, Within

MOST = 100
"""Searches for one query. A longer list is not searched at all: a part of it would look like the whole."""


def search_words(query: Query) -> Sequence[str]:
    """Searches, each as one string; empty where search cannot help."""
    found = sorted(set(_searches(query.root) or ()))
    return found if len(found) <= MOST else ()


def _searches(node: Node) -> Sequence[str] | None:
    """None: this part says nothing that could be searched for."""
    match node:
        case Term():
            return _of_term(node)
        case Or(below):
            parts = [_searches(child) for child in below]
            return [words for part in parts if part for words in part] if all(parts) else None
        case And(below):
            return _fewest(below)
        case Near(left, right):
            return _fewest((left, right))
        case Within(items):
            return _fewest(items)
        case Field("author", values):
            return [f"from:{value.removeprefix('@')}" for value in values] if all("." in v for v in values) else None
        case Field("site", values):
            return [f"domain:{value}" for value in values]
    return None


def _fewest(below: Sequence[Node]) -> Sequence[str] | None:
    parts = [part for child in below if (part := _searches(child))]
    return min(parts, key=lambda part: (len(part), -len(part[0]))) if parts else None


def _of_term(term: Term) -> Sequence[str] | None:
    """A wildcard cannot be searched for; a hashtag is searched as its word, with or without #."""
    if term.kind in ("word", "phrase") and set(term.text) & set("*?"):
        return None
    text = term.text.replace('"', " ").strip()
    if not text:
        return None
    return [f'"{text}"' if " " in text or not text.isalnum() else text]
