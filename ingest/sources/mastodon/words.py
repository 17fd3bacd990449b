"""Words: what to type into an instance's search for a query: all words of one search must be in the post."""

from collections.abc import Sequence

from listening.query import Query
from listening.query.nodes import And, Near, Node, Or, Term, Title, Within

MOST = 10
"""Searches for one query: instances allow 300 requests in five minutes for everything."""


def search_words(query: Query) -> Sequence[str]:
    """Searches, each as one string; empty where search can't help."""
    found = sorted(set(_of(query.root) or ()))
    return found if len(found) <= MOST else ()


def _of(node: Node) -> Sequence[str] | None:
    """None: this part says nothing that could be searched for."""
    match node:
        case Term():
            return _of_term(node)
        case Or(below):
            parts = [_of(child) for child in below]
            return [words for part in parts if part for words in part] if all(parts) else None
        case And(below) | Within(below):
            return _fewest(below)
        case Near(left, right):
            return _fewest((left, right))
        case Title(child):
            return _of(child)
    return None


def _fewest(below: Sequence[Node]) -> Sequence[str] | None:
    parts = [part for child in below if (part := _of(child))]
    return min(parts, key=lambda part: (len(part), -len(part[0]))) if parts else None


def _of_term(term: Term) -> Sequence[str] | None:
    """A wildcard can't be searched for; a phrase is quoted."""
    text = term.text.replace('"', " ").strip()
    if not text or set(text) & set("*?"):
        return None
    return [f'"{text}"' if not text.isalnum() else text]
