"""Reader: the skeleton that the other tools' languages share, and a table of how each differs.

Operators, brackets, quotes, terms and fields are read into a tree with the tool's own precedence, and the tree is
written in our language, so that a mixture of AND and OR keeps the meaning it had there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from listening.query.dialects.imported import Lost
from listening.query.errors import QueryError

MAX_DEPTH = 60
_PLAIN = re.compile(r'[^\s()"“”]+')
_QUOTES = '"“”'

Piece = str | None  # text in our language; None: nothing is left of it
Translate = Callable[[str, str], "tuple[Piece, str]"]  # (field name, value) -> (text, why it is lost)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a tool writes.

    `near` finds its distance operators; `near_of` says them in ours. `minus`: a leading - means NOT. `fields`
    translates `name:value`. `term` changes a bare term. `precedence`: AND before OR where both stand unbracketed;
    without it such a mixture stays a mixture, which our own parser refuses with both readings.
    """

    name: str
    near: re.Pattern[str]
    near_of: Callable[[re.Match[str]], str]
    fields: Translate
    term: Translate
    operators: dict[str, str] = field(default_factory=dict)
    minus: bool = False
    precedence: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A token of the other language: kind, its text and its place."""

    kind: str
    text: str
    at: int
    end: int


def translate(text: str, dialect: Dialect, first_lost: list[Lost]) -> tuple[str, list[Lost]]:
    """The text in our language and what was lost. Raises QueryError where the original cannot be read."""
    reader = Reader(text, dialect)
    reader.lost.extend(first_lost)
    piece = reader.sequence()
    if reader.mark.kind != "end":
        raise QueryError("This ) closes nothing.", reader.mark.at)
    if piece is None:
        raise QueryError(f"Nothing of this {dialect.name} query could be translated.", 0, len(text))
    return piece, reader.lost


class Reader:
    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self.lost: list[Lost] = []
        self.marks = [*self._marks(), Mark("end", "", len(text), len(text))]
        self.next = 0
        self.depth = 0

    @property
    def mark(self) -> Mark:
        return self.marks[self.next]

    def take(self) -> Mark:
        self.next += 1
        return self.marks[self.next - 1]

    def lose(self, mark: Mark, why: str) -> None:
        text = self.text[mark.at : mark.end]
        self.lost.append(Lost(mark.at, mark.end, text, f"{text}: {why}"))

    def _marks(self) -> list[Mark]:
        marks: list[Mark] = []
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            mark = self._one(at)
            marks.append(mark)
            at = mark.end
        return marks

    def _one(self, at: int) -> Mark:
        character = self.text[at]
        if character in "()":
            return Mark(character, character, at, at + 1)
        if self.dialect.minus and character == "-" and self.text[at + 1 : at + 2].strip():
            return Mark("NOT", "-", at, at + 1)
        near = self.dialect.near.match(self.text, at)
        if near:
            return Mark("NEAR", self.dialect.near_of(near), at, near.end())
        return self._word(at)

    def _word(self, at: int) -> Mark:
        """A quoted or bare term, with its field before it and its suffix (~5, ^3) after it."""
        end = at
        while end < len(self.text) and not self.text[end].isspace() and self.text[end] not in "()":
            if self.text[end] in _QUOTES:
                end = self._after_quote(end)
            elif self.text[end] == "[":
                end = self._after("]", end)
            elif self.text[end] == "{":
                end = self._after("}", end)
            else:
                end += 1
        word = self.text[at:end]
        said = self.dialect.operators.get(word, word)
        return Mark(said if said in ("AND", "OR", "NOT") else "term", said, at, end)

    def _after_quote(self, at: int) -> int:
        ends = [i for i in range(at + 1, len(self.text)) if self.text[i] in _QUOTES]
        if not ends:
            raise QueryError("This quotation mark is not closed.", at)
        return ends[0] + 1

    def _after(self, closing: str, at: int) -> int:
        end = self.text.find(closing, at)
        if end < 0:
            raise QueryError(f"This {self.text[at]} is not closed.", at)
        return end + 1

    def sequence(self) -> Piece:
        """Operands and what joins them, up to a closing bracket or the end."""
        operands = [self.operand()]
        joins: list[str] = []
        while self.mark.kind not in (")", "end"):
            joins.append(self.join())
            operands.append(self.operand())
        return self.joined(operands, joins)

    def join(self) -> str:
        mark = self.mark
        if mark.kind in ("AND", "OR", "NEAR"):
            self.take()
            return mark.text if mark.kind == "NEAR" else mark.kind
        return "AND"

    def joined(self, operands: list[Piece], joins: list[str]) -> Piece:
        if self.dialect.precedence:
            operands, joins = _merged(operands, joins, lambda join: join.startswith("NEAR"))
        if self.dialect.precedence and {"AND", "OR"} <= set(joins):
            operands, joins = _merged(operands, joins, lambda join: join == "AND")
        kept = [(join, piece) for join, piece in zip(["", *joins], operands, strict=True) if piece is not None]
        return " ".join(f"{join} {piece}" if i else str(piece) for i, (join, piece) in enumerate(kept)) or None

    def operand(self) -> Piece:
        mark = self.take()
        if mark.kind == "NOT":
            piece = self.operand()
            return None if piece is None else f"NOT {piece}"
        if mark.kind == "(":
            return self.group(mark)
        if mark.kind == "term":
            return self.term(mark)
        raise QueryError("A term is missing here.", mark.at, mark.end)

    def group(self, opening: Mark) -> Piece:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(f"Brackets are nested more than {MAX_DEPTH} deep.", opening.at)
        if self.mark.kind == ")":
            raise QueryError("There is nothing in these brackets.", opening.at, self.mark.end)
        inner = self.sequence()
        closing = self.take()
        if closing.kind != ")":
            raise QueryError("This ( is not closed.", opening.at)
        self.depth -= 1
        return None if inner is None else f"({inner}){self.suffix(closing)}"

    def suffix(self, closing: Mark) -> str:
        """~5 directly after a bracket stays; ^3 there has no counterpart."""
        mark = self.mark
        if mark.kind != "term" or mark.at != closing.end or mark.text[0] not in "~^":
            return ""
        self.take()
        if re.fullmatch(r"~\d+", mark.text):
            return mark.text
        self.lose(mark, "there is no ranking of terms here.")
        return ""

    def term(self, mark: Mark) -> Piece:
        found = re.match(r"([A-Za-z_]+):", mark.text)
        if not found or mark.text[found.end() :].startswith("//"):
            piece, why = self.dialect.term("", mark.text)
            if why:
                self.lose(mark, why)
            return piece
        value = mark.text[found.end() :]
        if not value and self.mark.kind == "(" and self.mark.at == mark.end:
            return self.values(mark, found[1])
        return self.valued(mark, found[1], value)

    def valued(self, mark: Mark, name: str, value: str) -> Piece:
        piece, why = self.dialect.fields(name, value)
        if why:
            self.lose(mark, why)
        return piece

    def values(self, mark: Mark, name: str) -> Piece:
        """name:(a OR b): the field is given to every value."""
        self.take()
        pieces: list[Piece] = []
        joins: list[str] = []
        while self.mark.kind not in (")", "end"):
            if pieces:
                joins.append(self.join())
            value = self.take()
            if value.kind != "term":
                raise QueryError(f"{name}: holds more than values joined by OR or AND here.", value.at, value.end)
            pieces.append(self.valued(value, name, value.text))
        if self.take().kind != ")" or not pieces:
            raise QueryError("This ( is not closed, or holds nothing.", mark.at, mark.end)
        inner = self.joined(pieces, joins)
        return None if inner is None else f"({inner})"


def _merged(operands: list[Piece], joins: list[str], tight: Callable[[str], bool]) -> tuple[list[Piece], list[str]]:
    """Bracket what the tight joins hold together."""
    groups: list[list[str]] = [[operands[0] or ""]]
    left: list[str] = []
    for join, operand in zip(joins, operands[1:], strict=True):
        if not tight(join):
            left.append(join)
            groups.append([operand or ""])
        elif operand:
            groups[-1] += [join, operand] if groups[-1][-1] else [operand]
    said = [[part for part in group if part] for group in groups]
    return [_bracketed(parts) for parts in said], left


def _bracketed(parts: list[str]) -> Piece:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else f"({' '.join(parts)})"
