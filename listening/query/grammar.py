"""Grammar: tokens become a tree, or a QueryError that says where and why.

NOT binds tightest, then NEAR; a sequence of operands is joined by AND or by OR, never by both, so no precedence has
to be remembered: a mixture is refused with both readings.
"""

from dataclasses import dataclass, replace

from listening.query import proximity_rules, values
from listening.query.errors import QueryError
from listening.query.lexer import Token, tokens
from listening.query.nodes import And, Near, Node, Not, Or, Title
from listening.query.positive import refuse_purely_negative
from listening.query.term_rules import a_term

MAX_CHARACTERS = 8192
MAX_TERMS = 500
MAX_DEPTH = 60
MAX_NEARS = 100


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be read: its `text` as written and the tree below it."""

    text: str
    root: Node


def parse(text: str) -> Query:
    """The query that `text` says. Raises QueryError."""
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"The query has {len(text):,} characters; {MAX_CHARACTERS:,} are allowed. Split it into several queries.",
            MAX_CHARACTERS,
            len(text),
        )
    root = _Parser(text).whole()
    refuse_purely_negative(root)
    return Query(text, root)


@dataclass(frozen=True, slots=True)
class _Join:
    """An operator between two operands; `spoken` is False where AND was only a space."""

    word: str
    token: Token
    spoken: bool = True


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.next = 0
        self.depth = 0
        self.terms = 0
        self.distances = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        """The token at hand; behind the last one there is always the end."""
        token = self.tokens[self.next]
        self.next += token.kind != "end"
        return token

    def whole(self) -> Node:
        if self.token.kind == "end":
            raise QueryError("The query is empty. Write at least one term.", 0, max(1, len(self.text)))
        root = self.sequence()
        if self.token.kind == ")":
            raise QueryError("This ) closes nothing. Remove it, or open a ( before it.", self.token.at)
        return root

    def sequence(self) -> Node:
        operands = [self.operand()]
        joins: list[_Join] = []
        while self.token.kind not in (")", "end"):
            joins.append(self.join())
            operands.append(self.operand())
        return self.joined(operands, joins)

    def join(self) -> _Join:
        token = self.token
        if token.kind in ("AND", "OR", "NEAR"):
            self.take()
            return _Join(token.kind, token)
        return _Join("AND", token, spoken=token.kind == "NOT")

    def joined(self, operands: list[Node], joins: list[_Join]) -> Node:
        proximity_rules.refuse_ambiguous([j.word for j in joins], [j.token for j in joins], self.slices(operands))
        operands, joins = self.nears(operands, joins)
        if not joins:
            return operands[0]
        place = {"at": operands[0].at, "end": operands[-1].end}
        if joins[0].word == "OR":
            return Or(tuple(operands), **place)
        return And(tuple(operands), spaces=not all(j.spoken for j in joins), **place)

    def nears(self, operands: list[Node], joins: list[_Join]) -> tuple[list[Node], list[_Join]]:
        """NEAR binds tighter than AND: its two operands become one."""
        kept, left = [operands[0]], []
        for join, operand in zip(joins, operands[1:], strict=True):
            if join.word == "NEAR":
                kept[-1] = self.near(kept[-1], join.token, operand)
            else:
                kept.append(operand)
                left.append(join)
        return kept, left

    def near(self, left: Node, token: Token, right: Node) -> Node:
        if isinstance(left, Not) and self.tokens_before(left) == "NOT":
            return replace(left, child=self.near(left.child, token, right), end=right.end)
        for operand in (left, right):
            proximity_rules.refuse_operand(operand)
        self.distances += 1
        if self.distances > MAX_NEARS:
            raise QueryError(f"More than {MAX_NEARS} NEARs. Split the query into several.", token.at, token.end)
        return Near(left, right, token.number, token.ordered, at=left.at, end=right.end)

    def tokens_before(self, node: Node) -> str:
        return "NOT" if self.text.startswith("NOT", node.at) else "("

    def slices(self, operands: list[Node]) -> list[str]:
        return [" ".join(self.text[operand.at : operand.end].split()) for operand in operands]

    def operand(self) -> Node:
        if self.token.kind == "NOT":
            token = self.take()
            if self.token.kind == "NOT":
                raise QueryError("NOT NOT says nothing. Remove both.", token.at, self.token.end)
            child = self.atom(after="NOT")
            return Not(child, at=token.at, end=child.end)
        return self.atom()

    def atom(self, after: str = "") -> Node:
        token = self.take()
        match token.kind:
            case "(":
                return self.group(token)
            case "field":
                return self.field(token)
            case "range":
                self.count(token)
                return values.a_range(token)
            case "word" | "quote" | "brace" | "raw":
                return self.term(token)
        raise QueryError(_missing(token, after, first=self.next == 1), token.at, token.end)

    def group(self, opening: Token) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(f"Brackets are nested more than {MAX_DEPTH} deep. Write the query flatter.", opening.at)
        if self.token.kind == ")":
            raise QueryError(
                "There is nothing in these brackets. Remove them or write a term.", opening.at, self.token.end
            )
        inner = self.sequence() if self.token.kind != "end" else None
        if inner is None or self.token.kind != ")":
            raise QueryError("This ( is not closed. Add a ) where the group ends.", opening.at)
        closing = self.take()
        self.depth -= 1
        if self.token.kind == "~" and self.token.at == closing.end:
            return proximity_rules.grouped(inner, self.take(), opening.at)
        return replace(inner, at=opening.at, end=closing.end)

    def term(self, token: Token) -> Node:
        self.count(token)
        if self.token.kind == "~" and self.token.at == token.end:
            words = proximity_rules.quoted(token, self.take())
            self.terms += len(words.items) - 1
            self.count(token, more=0)
            return words
        return a_term(token)

    def count(self, token: Token, more: int = 1) -> None:
        self.terms += more
        if self.terms > MAX_TERMS:
            raise QueryError(f"More than {MAX_TERMS} terms. Split the query into several.", token.at, token.end)

    def field(self, token: Token) -> Node:
        name = values.field_name(token)
        if name == "title":
            return self.title(token)
        if self.token.kind != "(":
            return self.counted_values(token, name, [self.take()])
        opening = self.take()
        chosen = [self.take()]
        while self.token.kind == "OR":
            self.take()
            chosen.append(self.take())
        values.refuse_no_list(chosen, self.token, opening, name)
        return replace(self.counted_values(token, name, chosen), end=self.take().end)

    def counted_values(self, token: Token, name: str, chosen: list[Token]) -> Node:
        for value in chosen:
            self.count(value)
        return values.a_field(token, name, chosen)

    def title(self, token: Token) -> Node:
        child = self.atom(after="title:")
        values.refuse_fields_in_title(child)
        return Title(child, at=token.at, end=child.end)


def _missing(token: Token, after: str, first: bool) -> str:
    if token.kind == "end":
        return f"The query ends where {f'{after} needs' if after else 'an operator needs'} a term. Add one."
    if token.kind == "~":
        return '~ comes directly after a phrase in quotes or after a closing bracket, as in "late delivery"~5.'
    if token.kind == ")":
        return "A term is missing before this bracket. Add one, or remove the operator."
    if first:
        return f"{token.text} stands first; it needs a term before it."
    return f"{token.text} follows another operator; a term is missing between them."


__all__ = ["MAX_CHARACTERS", "MAX_TERMS", "Query", "parse"]
