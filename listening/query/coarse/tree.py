"""The weaker tree: what is left of a query when only literals, AND and OR can be asked for.

Whatever a query matches, its weaker tree matches too. NOT is dropped, NEAR becomes AND, and what cannot be expressed
becomes `ALL`, which lets everything through.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from listening.query.nodes import And, Near, Node, Not, Or, Title, Within


@dataclass(frozen=True, slots=True)
class Has:
    """One literal, as the target writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Every:
    """All of these, at least two."""

    parts: "tuple[Coarser, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these, at least two."""

    parts: "tuple[Coarser, ...]"


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition: everything may match."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A condition that no post of the target can fulfil, such as another network."""


ALL = Everything()
NONE = Nothing()
Coarser = Has | Every | Some | Everything | Nothing
Leaf = Callable[[Node], Coarser]


def weaken(node: Node, leaf: Leaf) -> Coarser:
    """The weaker tree; `leaf` says what becomes of terms, fields, ranges and flags."""
    match node:
        case And(children) | Within(children):
            return every(weaken(child, leaf) for child in children)
        case Near(left, right):
            return every((weaken(left, leaf), weaken(right, leaf)))
        case Or(children):
            return some(weaken(child, leaf) for child in children)
        case Title(child):
            return weaken(child, leaf)
        case Not():
            return ALL
    return leaf(node)


def every(parts: Iterable[Coarser]) -> Coarser:
    """AND, simplified."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, Every) else (part,)))
    if NONE in flat:
        return NONE
    flat.pop(ALL, None)
    return Every(tuple(flat)) if len(flat) > 1 else next(iter(flat), ALL)


def some(parts: Iterable[Coarser]) -> Coarser:
    """OR, simplified."""
    flat = dict.fromkeys(inner for part in parts for inner in (part.parts if isinstance(part, Some) else (part,)))
    if ALL in flat:
        return ALL
    flat.pop(NONE, None)
    return Some(tuple(flat)) if len(flat) > 1 else next(iter(flat), NONE)


def alternatives(tree: Coarser, most: int) -> list[list[str]] | None:
    """The tree for a target without OR: lists of literals that must all be there, any list being enough.

    Of an AND only the part with the fewest alternatives is kept, together with its single literals, so nothing
    multiplies. None: everything may match, or more than `most` alternatives would be needed.
    """
    found = _alternatives(tree)
    return found if found is not None and len(found) <= most else None


def _alternatives(tree: Coarser) -> list[list[str]] | None:
    match tree:
        case Has(text):
            return [[text]]
        case Some(parts):
            lists = [_alternatives(part) for part in parts]
            return None if None in lists else [one for part in lists for one in part or ()]
        case Every(parts):
            singles = [part.text for part in parts if isinstance(part, Has)]
            others = [found for part in parts if not isinstance(part, Has) and (found := _alternatives(part))]
            if singles:
                return [singles]
            return min(others, key=len) if others else None
        case Nothing():
            return []
    return None
