"""Lexer: the query's text cut into tokens, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from listening.query.errors import QueryError

_QUOTES = '"“”„‟″＂'
_WORD = re.compile(rf"[^\s(){{}}\[\]~{_QUOTES}]+")
_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*):(?!//)")
_VALUE = re.compile(rf"[^\s){_QUOTES}]+")
_RAW = re.compile(r"[^\s)]+")
_NEAR = re.compile(r"NEAR(/(\d+)(f)?)?")
_TILDE = re.compile(r"~(\d+)")
_SPACE = re.compile(r"\s+")
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_BORROWED = {"&&": "AND", "||": "OR", "|": "OR", "!": "NOT", "&": "AND"}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is one of ( ) AND OR NOT NEAR word quote brace raw field range ~ end; `text` without markers."""

    kind: str
    text: str
    at: int
    end: int
    number: int = 0
    ordered: bool = False
    bounds: tuple[str, str] = field(default=("", ""))


def tokens(text: str) -> list[Token]:
    """All tokens and a last one of kind "end". Raises QueryError."""
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        raise QueryError("A control character stands here. Remove it.", unreadable.start())
    found = list(_Lexer(text).run())
    return [*found, Token("end", "", len(text), len(text))]


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.bare_value = False

    def run(self) -> Iterator[Token]:
        while self._skip():
            yield self._next()

    def _skip(self) -> bool:
        """Move past spaces and comments; False at the end."""
        while self.at < len(self.text):
            space = _SPACE.match(self.text, self.at)
            if space:
                self.at = space.end()
            elif self.text.startswith("<<<", self.at):
                self.at = self._closing(">>>", "This comment is not closed. End it with >>>.", 3) + 3
            else:
                return True
        return False

    def _closing(self, closing: str, sentence: str, opening: int = 1) -> int:
        found = self.text.find(closing, self.at + opening)
        if found < 0:
            raise QueryError(sentence, self.at, self.at + opening)
        return found

    def _next(self) -> Token:
        if self.bare_value:
            return self._value()
        character = self.text[self.at]
        if character in "()":
            return self._token(character, character, self.at + 1)
        if character in _QUOTES:
            return self._quote("quote", self.at)
        if character == "{":
            return self._brace()
        if character == "~":
            return self._tilde()
        if character in "}]":
            raise QueryError(f"This {character} has no opening bracket before it. Remove it or open one.", self.at)
        if character == "[":
            raise QueryError("A range belongs to a field, as in followers:[500 TO 100000].", self.at)
        return self._word()

    def _token(self, kind: str, text: str, end: int, at: int | None = None) -> Token:
        token = Token(kind, text, self.at if at is None else at, end)
        self.at = end
        return token

    def _quote(self, kind: str, at: int) -> Token:
        end = next((i for i in range(self.at + 1, len(self.text)) if self.text[i] in _QUOTES), -1)
        if end < 0:
            raise QueryError('This quotation mark is not closed. Add a " where the phrase ends.', self.at)
        inside = self.text[self.at + 1 : end]
        if not inside.strip():
            raise QueryError(
                "There is nothing between these quotation marks. Write a phrase or remove them.", at, end + 1
            )
        return self._token(kind, inside, end + 1, at)

    def _brace(self) -> Token:
        end = self._closing("}", "This { is not closed. Add a } after the word whose case counts.")
        inside = self.text[self.at + 1 : end]
        if not inside.strip():
            raise QueryError("There is nothing between these braces. Write a word, as in {BT}.", self.at, end + 1)
        return self._token("brace", inside, end + 1)

    def _tilde(self) -> Token:
        distance = _TILDE.match(self.text, self.at)
        if not distance:
            raise QueryError('A number has to follow ~, as in "late delivery"~5.', self.at)
        token = Token("~", distance[0], self.at, distance.end(), number=_number(distance[1], self.at))
        self.at = distance.end()
        return token

    def _word(self) -> Token:
        found = _WORD.match(self.text, self.at)
        if not found:  # a lone character that no rule knows
            raise QueryError('This character cannot be read here. Put it in raw:"...".', self.at)
        name = _FIELD.match(found[0])
        if name:
            return self._field(name[1])
        word = found[0]
        if word in ("AND", "OR", "NOT"):
            return self._token(word, word, found.end())
        near = _NEAR.fullmatch(word)
        if near:
            return self._near(near)
        return self._plain(word)

    def _near(self, near: re.Match[str]) -> Token:
        if not near[1]:
            raise QueryError("NEAR needs a number of words, as in NEAR/5.", self.at, self.at + 4)
        at, self.at = self.at, self.at + len(near[0])
        return Token("NEAR", near[0], at, self.at, number=_number(near[2], at), ordered=bool(near[3]))

    def _plain(self, word: str) -> Token:
        end = self.at + len(word)
        if re.fullmatch(r"NEAR/.*", word):
            raise QueryError("NEAR is followed by / and a number, as in NEAR/5 or NEAR/5f.", self.at, end)
        if word in _BORROWED:
            raise QueryError(f"{word} is no operator here. Write {_BORROWED[word]}.", self.at, end)
        if word[0] in "-!" and word[1:2].isalnum():
            raise QueryError(f"{word[0]} does not exclude here. Write NOT {word[1:]}.", self.at, end)
        if word[0] == "+" and word[1:2].isalnum():
            raise QueryError(
                f'+ does not require here. Write AND {word[1:]}, or raw:"{word}" for the sign.', self.at, end
            )
        if word == "-" and self.text[end : end + 1] in ("(", *_QUOTES, "{"):
            raise QueryError("- does not exclude here. Write NOT.", self.at, end)
        return self._token("word", word, end)

    def _field(self, name: str) -> Token:
        at = self.at
        after = at + len(name) + 1
        if name.lower() == "raw":
            return self._raw(at, after)
        if self.text[after : after + 1] == "[":
            return self._range(name, at, after)
        if not self.text[after : after + 1].strip():
            raise QueryError(f"{name}: needs its value right after the colon.", at, after)
        self.bare_value = name.lower() != "title" and self.text[after] not in "(" + _QUOTES
        return self._token("field", name, after)

    def _raw(self, at: int, after: int) -> Token:
        self.at = after
        if self.text[after : after + 1] and self.text[after] in _QUOTES:
            return self._quote("raw", at)
        value = _RAW.match(self.text, after)
        if not value:
            raise QueryError('raw: needs characters right after the colon, as in raw:"C++".', at, after)
        return self._token("raw", value[0], value.end(), at)

    def _range(self, name: str, at: int, after: int) -> Token:
        self.at = after
        end = self._closing("]", "This range is not closed. Add a ].")
        bounds = re.fullmatch(r"\s*(\S+)\s+TO\s+(\S+)\s*", self.text[after + 1 : end])
        if not bounds:
            raise QueryError(f"A range is written {name}:[500 TO 100000]; * leaves an end open.", after, end + 1)
        self.at = end + 1
        return Token("range", name, at, end + 1, bounds=(bounds[1], bounds[2]))

    def _value(self) -> Token:
        """The bare value of a field: everything up to a space or a closing bracket."""
        self.bare_value = False
        found = _VALUE.match(self.text, self.at)
        end = found.end() if found else self.at + 1
        return self._token("word", self.text[self.at : end], end)


def _number(digits: str, at: int) -> int:
    if len(digits) > 3:
        raise QueryError("At most 999 words apart; for more, write AND.", at, at + len(digits) + 1)
    return int(digits)
