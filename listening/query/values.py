"""Values: what may stand after the colon of a field, a range or a flag."""

import re
from dataclasses import replace
from difflib import get_close_matches

from listening.query.errors import QueryError
from listening.query.lexer import Token
from listening.query.nodes import FIELDS, FLAGS, RANGES, Field, Flag, Node, Or, Range, Title, walk

_ALIASES = {"language": "lang", "links": "url", "authorfollowers": "followers"}
_ENGAGEMENT = {"comment": "reply", "reply": "reply", "retweet": "repost", "quote": "quote"}
_KNOWN = ("title", *FIELDS, *RANGES, *FLAGS, "raw")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,6})?")
_LANGUAGE_NAMES = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "portuguese": "pt", "italian": "it",
    "dutch": "nl", "japanese": "ja", "chinese": "zh", "korean": "ko", "arabic": "ar", "russian": "ru",
}  # fmt: skip


def field_name(token: Token) -> str:
    """The field's name in lower case, Brandwatch's names translated. Raises QueryError."""
    name = _ALIASES.get(token.text.lower(), token.text.lower())
    if name == "engagementtype":
        return name
    if name in RANGES:
        raise QueryError(f"{name}: needs a range, as in {name}:[10 TO *].", token.at, token.end)
    if name not in _KNOWN:
        close = get_close_matches(name, _KNOWN, 1)
        hint = f" Did you mean {close[0]}: ?" if close else f" Fields are {', '.join(_KNOWN)}."
        raise QueryError(
            f"There is no field {token.text}:.{hint} For the words themselves write them in quotes.",
            token.at,
            token.end,
        )
    return name


def a_field(token: Token, name: str, chosen: list[Token]) -> Node:
    """The node of `name:value` or `name:(value OR value)`. Raises QueryError."""
    place = {"at": token.at, "end": chosen[-1].end}
    if name in (*FLAGS, "engagementtype"):
        flags = [_flag(name, value) for value in chosen]
        return replace(flags[0], at=token.at) if len(flags) == 1 else Or(tuple(flags), **place)
    return Field(name, tuple(_value(name, value) for value in chosen), **place)


def _flag(name: str, value: Token) -> Flag:
    said = value.text.lower()
    if name == "engagementtype":
        name, said = "is", _ENGAGEMENT.get(said, said)
    if said not in FLAGS[name]:
        allowed = ", ".join(f"{name}:{flag}" for flag in FLAGS[name])
        raise QueryError(f"{name}:{value.text} is not known. There are {allowed}.", value.at, value.end)
    return Flag(name, said, at=value.at, end=value.end)


def _value(name: str, token: Token) -> str:
    if token.kind not in ("word", "quote"):
        raise QueryError(f"{name}: needs a value here, as in {name}:value or {name}:(one OR two).", token.at, token.end)
    text = token.text.strip()
    if name == "lang" and not (_LANGUAGE.fullmatch(text) and text.lower() not in _LANGUAGE_NAMES):
        code = _LANGUAGE_NAMES.get(text.lower())
        hint = f"Write lang:{code}." if code else "Write a code as in lang:en or lang:pt-BR."
        raise QueryError(f"{text} is not a language code. {hint}", token.at, token.end)
    if not text.strip("@/*?. "):
        raise QueryError(f"{name}:{text} names nothing. Write a value as in {name}:value.", token.at, token.end)
    return text


def refuse_no_list(chosen: list[Token], closing: Token, opening: Token, name: str) -> None:
    """The brackets after a field hold values joined by OR, and nothing else."""
    for value in chosen:
        if value.kind == ")":
            raise QueryError("There is nothing in these brackets. Write a value.", opening.at, value.end)
        if value.kind == "NOT":
            raise QueryError(f"NOT stands before the field: NOT {name}:value.", value.at, value.end)
        if value.kind not in ("word", "quote", "end"):
            raise QueryError(f"{name}: takes values joined by OR here.", value.at, value.end)
    if closing.kind == "end" or chosen[-1].kind == "end":
        raise QueryError("This ( is not closed. Add a ) where the values end.", opening.at)
    if closing.kind != ")":
        raise QueryError(f"Values of {name}: are joined by OR, as in {name}:(one OR two).", closing.at, closing.end)


def a_range(token: Token) -> Range:
    """The node of `followers:[500 TO *]`. Raises QueryError."""
    name = _ALIASES.get(token.text.lower(), token.text.lower())
    if name not in RANGES:
        raise QueryError(f"{token.text}: takes no range; {', '.join(RANGES)} do.", token.at, token.end)
    low, high = (_bound(bound, token) for bound in token.bounds)
    if low is not None and high is not None and low > high:
        raise QueryError(
            f"This range is reversed. Write {name}:[{token.bounds[1]} TO {token.bounds[0]}].", token.at, token.end
        )
    return Range(name, low, high, at=token.at, end=token.end)


def _bound(text: str, token: Token) -> float | None:
    if text == "*":
        return None
    if not _NUMBER.fullmatch(text):
        raise QueryError(f"{text} is not a number. Write digits, or * for an open end.", token.at, token.end)
    return float(text)


def refuse_fields_in_title(child: Node) -> None:
    """title: takes terms, in any combination, but no further fields."""
    for node in walk(child):
        if isinstance(node, Field | Flag | Range | Title):
            raise QueryError("title: takes terms only; write other fields beside it, joined by AND.", node.at, node.end)
