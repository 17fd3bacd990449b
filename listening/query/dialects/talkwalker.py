"""Talkwalker: AND NOT or - excludes; NEAR/n and ONEAR/n measure words; numbers are compared with < and >."""

import re

from listening.query.dialects.common import Translated, a_term, at_least, quoted, renamed
from listening.query.dialects.imported import Imported, imported
from listening.query.dialects.reader import Dialect, translate

_NAMES = {
    "author": "author", "site": "site", "host": "site", "domain": "site", "url": "url", "lang": "lang",
    "language": "lang",
}  # fmt: skip


def from_talkwalker(text: str) -> Imported:
    """A Talkwalker query. Raises QueryError with the place in `text` where it cannot be read at all."""
    return imported(*translate(text, _DIALECT, []))


def _near(found: re.Match[str]) -> str:
    return f"NEAR/{int(found['words'])}{'f' if found['ordered'] else ''}"


def _term(name: str, text: str) -> Translated:
    if text.startswith("++"):
        inner = text[2:].strip('"“”')
        return (f'raw:"{inner}"', "") if inner else (None, "a term is missing after ++.")
    if text.startswith("+") and len(text) > 1:
        piece, _ = a_term(name, text[1:])
        return piece, "+ (signs count, case does not) has no counterpart; the plain term is used."
    return a_term(name, text)


def _field(name: str, value: str) -> Translated:
    folded = name.lower()
    if folded == "title":
        return f"title:{quoted(value)}", ""
    if folded in ("followers", "engagement"):
        return at_least(folded, value)
    if folded == "content":
        return a_term("", value)[0], "content: is looked for in the title, too."
    return renamed(name, value, _NAMES, "Talkwalker")


_DIALECT = Dialect(
    name="Talkwalker",
    near=re.compile(r"(?P<ordered>O)?NEAR/(?P<words>\d{1,3})(?=[\s(\"])"),
    near_of=_near,
    fields=_field,
    term=_term,
    minus=True,
    precedence=False,
)
