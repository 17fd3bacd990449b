"""Positive: a query has to say what it looks for, not only what it does not."""

from listening.query.errors import QueryError
from listening.query.nodes import And, Node, Not, Or


def refuse_purely_negative(root: Node) -> None:
    """Refuse a query that a post could match by lacking something only."""
    if not _asks(root):
        culprit = _negative(root)
        raise QueryError(
            "This says only what must be absent, so nearly every post would match. Add a term beside NOT.",
            culprit.at,
            culprit.end,
        )


def _asks(node: Node) -> bool:
    """Whether every match of this part holds something that was asked for."""
    match node:
        case Not(child):
            return _denial_asks(child)
        case And(children):
            return any(map(_asks, children))
        case Or(children):
            return all(map(_asks, children))
    return True


def _denial_asks(node: Node) -> bool:
    """The same for "not this part" (De Morgan)."""
    match node:
        case Not(child):
            return _asks(child)
        case And(children):
            return all(map(_denial_asks, children))
        case Or(children):
            return any(map(_denial_asks, children))
    return False


def _negative(node: Node) -> Node:
    if isinstance(node, Or):
        return next((_negative(child) for child in node.children if not _asks(child)), node)
    if isinstance(node, And) and len(node.children) == 1:
        return _negative(node.children[0])
    return node
