"""Evaluate: whether a query's tree holds for a document, and which occurrences say so."""

from collections.abc import Callable, Iterable

from listening.query.document import Document, Hit
from listening.query.fields import field_holds, flag_holds, range_holds
from listening.query.nodes import And, Field, Flag, Near, Node, Not, Or, Range, Term, Title, Within
from listening.query.pattern import Pattern, compiled
from listening.query.proximity import near, within

Verdict = list[Hit] | None  # None: does not hold; the hits that made it hold, possibly none
Judge = Callable[[Document], Verdict]
_NONE: list[Hit] = []


def judge(node: Node) -> Judge:
    """The tree as one function of a document."""
    match node:
        case Term():
            return _term(compiled(node))
        case And(children):
            return _all([judge(child) for child in _cheapest_first(dict.fromkeys(children))])
        case Or(children):
            return _any([judge(child) for child in dict.fromkeys(children)])
        case Not(child):
            return _not(judge(child))
        case Near():
            return _near(node)
        case Within():
            return _within(node)
        case Title(child):
            return _title(judge(child))
        case Field():
            return lambda document: _NONE if field_holds(node, document.post) else None
        case Range():
            return lambda document: _NONE if range_holds(node, document.post) else None
        case Flag():
            return lambda document: _NONE if flag_holds(node, document.post) else None


def _cheapest_first(children: Iterable[Node]) -> list[Node]:
    """Terms, then the rest, then NOT: the verdict is the same, and most posts fail at a term."""
    return sorted(children, key=lambda child: 2 if isinstance(child, Not) else not isinstance(child, Term))


def _term(pattern: Pattern) -> Judge:
    hits, key = pattern.hits, pattern.key
    if not key:
        return lambda document: hits(document) or None
    return lambda document: (hits(document) or None) if key in document.vocabulary else None


def _all(judges: list[Judge]) -> Judge:
    def holds(document: Document) -> Verdict:
        found: list[Hit] = []
        for one in judges:
            verdict = one(document)
            if verdict is None:
                return None
            found += verdict
        return found

    return holds


def _any(judges: list[Judge]) -> Judge:
    def holds(document: Document) -> Verdict:
        holding = [verdict for one in judges if (verdict := one(document)) is not None]
        if len(holding) < 2:
            return holding[0] if holding else None
        return list(set().union(*holding))  # hundreds of alternatives can find the same

    return holds


def _not(inner: Judge) -> Judge:
    return lambda document: _NONE if inner(document) is None else None


def _title(inner: Judge) -> Judge:
    """The child, judged on the title as if the post had no text."""

    def holds(document: Document) -> Verdict:
        alone = document.title_alone()
        return inner(alone) if alone is not None else None

    return holds


Finder = Callable[[Document], list[Hit]]


def finder(node: Node) -> Finder:
    """Where an operand of NEAR or ~ occurs, in the order of the text; a NEAR is one stretch from end to end."""
    match node:
        case Term():
            return compiled(node).hits
        case Or(children):
            return _either([finder(child) for child in children])
        case Near():
            pairs = _pairs(node)
            return lambda document: sorted({_stretch(*pair) for pair in pairs(document)})
    raise TypeError(f"{type(node).__name__} has no place beside NEAR")


def _either(finders: list[Finder]) -> Finder:
    def find(document: Document) -> list[Hit]:
        found: list[Hit] | None = document.memo.get(find)
        if found is None:
            found = document.memo[find] = sorted({hit for one in finders for hit in one(document)})
        return found

    return find


def _stretch(first: Hit, second: Hit) -> Hit:
    return first[0], second[1]


def _pairs(node: Near) -> Callable[[Document], list[tuple[Hit, Hit]]]:
    left, right = finder(node.left), finder(node.right)

    def pairs(document: Document) -> list[tuple[Hit, Hit]]:
        lefts = left(document)
        return near(document, lefts, right(document), node.distance, node.ordered) if lefts else []

    return pairs


def _near(node: Near) -> Judge:
    pairs, words = _pairs(node), _words(node)

    def holds(document: Document) -> Verdict:
        found = pairs(document)
        return list({hit for pair in found for side in pair for hit in words(document, side)}) if found else None

    return holds


def _words(node: Near) -> Callable[[Document, Hit], list[Hit]]:
    """The occurrences inside a side of a pair: itself, or what a NEAR below it found there."""
    below = [_near(inner) for inner in (*_nears(node.left), *_nears(node.right))]

    def words(document: Document, side: Hit) -> list[Hit]:
        inside = [hit for one in below for hit in one(document) or () if side[0] <= hit[0] and hit[1] <= side[1]]
        return inside or [side]

    return words if below else lambda document, side: [side]


def _nears(node: Node) -> list[Near]:
    if isinstance(node, Near):
        return [node]
    return [inner for child in node.children for inner in _nears(child)] if isinstance(node, Or) else []


def _within(node: Within) -> Judge:
    finders = [finder(item) for item in node.items]
    return lambda document: within(document, [find(document) for find in finders], node.distance) or None
