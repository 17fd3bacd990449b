"""Loosen: a query weakened to what the stream can answer; it may find too much, never too little.

The stream tells neither followers nor authors' names. Under NOT a part that nobody can answer counts as false, so
that the negation lets the post through; elsewhere it counts as true.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from listening.query import Query
from listening.query.nodes import And, Field, Node, Not, Or, Range, walk


def loosen(query: Query) -> Query | None:
    """The weakened query, None when every post of the network would pass."""
    root = _bound(query.root, True)
    return replace(query, root=root) if not isinstance(root, bool) else None


def author_handles(query: Query) -> Iterator[str]:
    """Whole handles that `author:` names in a query: their DIDs can be looked up before listening."""
    for node in walk(query.root):
        if isinstance(node, Field) and node.name == "author":
            yield from (value for value in node.values if _is_whole(value))


def _bound(node: Node, upper: bool) -> Node | bool:
    """The node without parts that cannot be answered; `upper`: what may be true, else what must be."""
    match node:
        case And(below):
            return _joined(node, [_bound(child, upper) for child in below], And, neutral=True)
        case Or(below):
            return _joined(node, [_bound(child, upper) for child in below], Or, neutral=False)
        case Not(child):
            inner = _bound(child, not upper)
            return not inner if isinstance(inner, bool) else replace(node, child=inner)
        case Range("followers") | Range("rating"):
            return upper
        case Field("author", values) if not all(map(_is_whole, values)):
            return upper
    return node


def _joined(
    node: And | Or, parts: list[Node | bool], join: Callable[[tuple[Node, ...]], And | Or], neutral: bool
) -> Node | bool:
    if (not neutral) in parts:
        return not neutral
    left = tuple(part for part in parts if not isinstance(part, bool))
    if not left:
        return neutral
    return left[0] if len(left) == 1 else join(left)


def _is_whole(author: str) -> bool:
    """A handle with its domain, or a DID; anything else may be a part of a name."""
    return author.startswith("did:") or ("." in author and not set(author) & set(" *?"))
