"""Tags: the hashtags under which posts for a query may be found.

Without search, Mastodon shows strangers' posts only by hashtag: what is not tagged is not seen, whatever we ask. Each
word or phrase of a query is taken for a hashtag; of an AND the part with the fewest, of an OR those of all parts.
"""

import re
from collections.abc import Sequence

from listening.query import Query
from listening.query.nodes import And, Near, Node, Or, Term, Title, Within

_NOT_A_TAG = re.compile(r"\W+")


def hashtags(query: Query) -> Sequence[str]:
    """Hashtags without "#", in lower case, sorted; empty where the query names none."""
    return sorted(set(_of(query.root)))


def as_tag(text: str) -> str | None:
    """What people type for these words; None for what can't be a hashtag (digits only, one letter)."""
    tag = _NOT_A_TAG.sub("", text).lower()
    return tag if len(tag) > 1 and not tag.isdigit() else None


def _of(node: Node) -> Sequence[str]:
    match node:
        case Term():
            return _of_term(node)
        case Or(below):
            return [tag for child in below for tag in _of(child)]
        case And(below) | Within(below):
            return _fewest(below)
        case Near(left, right):
            return _fewest((left, right))
        case Title(child):
            return _of(child)
    return ()


def _fewest(below: Sequence[Node]) -> Sequence[str]:
    parts = [part for child in below if (part := _of(child))]
    return min(parts, key=lambda part: (len(part), -len(part[0]))) if parts else ()


def _of_term(term: Term) -> Sequence[str]:
    if term.kind == "handle" or set(term.text) & set("*?"):
        return ()
    tag = as_tag(term.text)
    return [tag] if tag else ()
