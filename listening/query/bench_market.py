"""A market for the bench: queries as analysts write them, and each as the one regular expression it would be."""

import random
import re
from collections.abc import Mapping

from listening.query.common_words import COMMON
from listening.query.fold import fold
from listening.query.grammar import Query, parse
from listening.query.nodes import And, Near, Node, Not, Or, Term, walk

_CONTEXT = list(COMMON)[300:]
Regex = re.Pattern[str]
_SYLLABLES = """
    ba ce di fo gu ka le mi no pu ra se ti vo wu xa ze bri cla dro fle gra plo qui sto tra vel nor lex zan
""".split()  # noqa: SIM905 - sixty quotation marks would hide them


def vocabulary(chance: random.Random) -> list[str]:
    """Names for brands and products: invented ones, and one ordinary word for every ten of them."""
    names = {"".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(12_000)}
    return sorted(names | set(chance.sample(_CONTEXT, len(names) // 10)))


def a_market(chance: random.Random, words: list[str], count: int) -> dict[int, Query]:
    """60 % terms and phrases, 30 % boolean with NOT, 10 % NEAR and wildcards; ordinary words give the context."""
    kinds = [_term, _phrase, _boolean, _near_or_wild]
    chosen = chance.choices(kinds, weights=[36, 24, 30, 10], k=count)
    return {i: parse(kind(chance, words)) for i, kind in enumerate(chosen)}


def _term(chance: random.Random, words: list[str]) -> str:
    return chance.choice(words)


def _phrase(chance: random.Random, words: list[str]) -> str:
    return f'"{chance.choice(words)} {" ".join(chance.choices(_CONTEXT, k=chance.randint(1, 2)))}"'


def _boolean(chance: random.Random, words: list[str]) -> str:
    a, d = chance.choices(words, k=2)
    b, c, e, f = chance.choices(_CONTEXT, k=4)
    return chance.choice(
        [
            f"{a} NOT ({b} OR {c})",
            f'{a} AND ({b} OR {c} OR "{d} {e}") NOT {f}',
            f'({a} OR "{b} {c}") AND NOT ({d} OR {e})',
        ]
    )


def _near_or_wild(chance: random.Random, words: list[str]) -> str:
    a = chance.choice(words)
    b, c = chance.choices(_CONTEXT, k=2)
    return chance.choice([f"{a} NEAR/5 ({b} OR {c})", f"{a} NEAR/3f {b}", f"{a[:5]}*", f"{a} AND {b[:4]}*"])


def literals(market: Mapping[int, Query]) -> list[str]:
    """Every word and phrase of all queries: what a bare automaton would look for."""
    terms = {node.text for query in market.values() for node in walk(query.root) if isinstance(node, Term)}
    return sorted({fold(term).strip("*") for term in terms})


def as_regex(root: Node) -> Regex:
    """The query as one regular expression."""
    return re.compile(_anchored(root) if isinstance(root, And) else _found(root), re.IGNORECASE | re.DOTALL)


def _anchored(node: And) -> str:
    parts = [
        f"(?!.*{_found(child.child)})" if isinstance(child, Not) else f"(?=.*{_found(child)})"
        for child in node.children
    ]
    return r"\A" + "".join(parts)


def _found(node: Node) -> str:
    match node:
        case Term(text):
            words = r"\W+".join(re.escape(word).replace(r"\*", r"\w*") for word in text.split())
            return rf"\b{words}\b"
        case Or(children):
            return f"(?:{'|'.join(map(_found, children))})"
        case Near(left, right, distance, ordered):
            a, b = _found(left), _found(right)
            ways = [f"{a}(?:\\W+\\w+){{0,{distance}}}\\W+{b}"] + (
                [] if ordered else [f"{b}(?:\\W+\\w+){{0,{distance}}}\\W+{a}"]
            )
            return f"(?:{'|'.join(ways)})"
    raise TypeError(f"the bench's market has no {type(node).__name__} here")
