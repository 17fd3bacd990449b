"""Notes: what a network's search cannot express, in sentences."""

from collections.abc import Callable, Iterable

from listening.query.nodes import Field, Flag, Near, Node, Not, Range, Term, Title, Within, walk
from listening.query.script import is_unspaced


def dropped(root: Node, network: str, can: Callable[[Node], bool]) -> Iterable[str]:
    """One sentence for each kind of construct in the query that `can` denies."""
    kinds = dict.fromkeys(_kind(node) for node in walk(root) if _kind(node) and not can(node))
    if kinds:
        yield f"{network} can't filter by {_listed(list(kinds))}, so more is fetched and dropped here."


def unsure(root: Node, network: str) -> Iterable[str]:
    """A sentence where the query holds scripts whose words every network cuts in its own way."""
    if any(isinstance(node, Term) and any(map(is_unspaced, node.text)) for node in walk(root)):
        yield f"{network} cuts words of scripts without spaces in its own way and may not find all of them."


def _kind(node: Node) -> str:
    match node:
        case Near():
            return "NEAR"
        case Within():
            return "~"
        case Not():
            return "NOT"
        case Title():
            return "title:"
        case Field(name) | Range(name):
            return f"{name}:"
        case Flag(group, name):
            return f"{group}:{name}"
        case Term(text, kind):
            if kind == "case":
                return "{case}"
            if kind == "raw":
                return "raw:"
            return "wildcards" if set(text) & set("*?") else ""
    return ""


def _listed(kinds: list[str]) -> str:
    return kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}"
