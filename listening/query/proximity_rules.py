"""Proximity rules: what may stand beside NEAR and before ~, and which mixtures have two readings."""

from collections.abc import Sequence

from listening.query.errors import QueryError
from listening.query.lexer import Token
from listening.query.nodes import And, Near, Node, Or, Term, Within
from listening.query.term_rules import a_term

MAX_ITEMS = 20


def refuse_ambiguous(words: list[str], places: list[Token], operands: list[str]) -> None:
    """Refuse AND mixed with OR, OR mixed with NEAR, and chains of NEAR; the sentence shows both readings."""
    kinds = set(words)
    if {"AND", "OR"} <= kinds:
        _mixed(words, places, operands, "AND", "OR")
    if {"NEAR", "OR"} <= kinds:
        _mixed(words, places, operands, "NEAR", "OR")
    for i, (word, after) in enumerate(zip(words, words[1:], strict=False)):
        if word == after == "NEAR":
            a, b, c = operands[i : i + 3]
            first, second = places[i].text, places[i + 1].text
            raise QueryError(
                f"NEAR follows NEAR without brackets. Write ({a} {first} {b}) {second} {c},"
                f" or {a} {first} ({b} {second} {c}).",
                places[i + 1].at,
                places[i + 1].end,
            )


def _mixed(words: list[str], places: list[Token], operands: list[str], tight: str, loose: str) -> None:
    here = next(i for i, word in enumerate(words) if word in (tight, loose) and word != _first(words, tight, loose))
    signs = [place.text if place.kind == "NEAR" else word for word, place in zip(words, places, strict=True)]
    binding = {"NEAR"} if tight == "AND" else set()
    readings = [_bracketed(words, signs, operands, {inner, *binding}) for inner in (tight, loose)]
    raise QueryError(
        f"{tight} and {loose} are mixed without brackets. Write {readings[0]}, or {readings[1]}.",
        places[here].at,
        places[here].end,
    )


def _first(words: list[str], *among: str) -> str:
    return next(word for word in words if word in among)


def _bracketed(words: list[str], signs: list[str], operands: list[str], inner: set[str]) -> str:
    """The operands with brackets around each run that `inner` joins; long queries are cut in the middle."""
    groups: list[list[str]] = [[operands[0]]]
    between: list[str] = []
    for word, sign, operand in zip(words, signs, operands[1:], strict=True):
        if word in inner:
            groups[-1] += [sign, operand]
        else:
            between.append(sign)
            groups.append([operand])
    said = [" ".join(group) if len(group) == 1 else f"({' '.join(group)})" for group in groups]
    whole = said[0] + "".join(f" {sign} {part}" for sign, part in zip(between, said[1:], strict=True))
    return whole if len(whole) <= 160 else f"{whole[:90]} … {whole[-60:]}"


def refuse_operand(node: Node) -> None:
    """An operand of NEAR is a term, a phrase, or a bracketed OR or NEAR of those."""
    match node:
        case Term():
            return
        case Or(children):
            for child in children:
                refuse_operand(child)
        case Near():
            return  # its own operands were looked at when it was read
        case And():
            raise QueryError(
                "AND cannot stand inside NEAR. Write (a NEAR/5 b) AND (a NEAR/5 c), or (a b c)~10.", node.at, node.end
            )
        case _:
            raise QueryError(
                "NEAR joins terms, phrases, or brackets with OR between terms; this is something else.",
                node.at,
                node.end,
            )


def grouped(inner: Node, tilde: Token, at: int) -> Within:
    """`(a b c)~10`: terms, phrases or bracketed ORs of them, all within the distance."""
    if not isinstance(inner, And):
        raise QueryError(
            "~ after brackets needs two or more terms with a space or AND between them.", tilde.at, tilde.end
        )
    _refuse_many(inner.children, tilde)
    for item in inner.children:
        refuse_operand(item)
        if isinstance(item, Near):
            raise QueryError("NEAR cannot stand inside a group with ~.", item.at, item.end)
    return Within(inner.children, tilde.number, at=at, end=tilde.end)


def quoted(quote: Token, tilde: Token) -> Within:
    """`"a b"~5`: all words of the phrase within the distance, in any order."""
    words = quote.text.split()
    if quote.kind != "quote" or len(words) < 2:
        raise QueryError('~ needs two or more words before it, as in "late delivery"~5.', tilde.at, tilde.end)
    items: list[Term] = []
    at = quote.at + 1
    for word in words:
        at = quote.at + 1 + quote.text.index(word, at - quote.at - 1)
        items.append(a_term(Token("word", word, at, at + len(word))))
        at += len(word)
    _refuse_many(items, tilde)
    return Within(tuple(items), tilde.number, at=quote.at, end=tilde.end)


def _refuse_many(items: Sequence[Node], tilde: Token) -> None:
    if len(items) > MAX_ITEMS:
        raise QueryError(f"At most {MAX_ITEMS} terms before ~. Split the group.", tilde.at, tilde.end)
