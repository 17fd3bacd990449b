"""Meltwater: NOT before AND before OR; NEAR means four words, ONEAR keeps the order."""

import re

from listening.query.dialects.common import Translated, a_term, quoted, renamed
from listening.query.dialects.imported import Imported, imported
from listening.query.dialects.reader import Dialect, translate

_DEFAULT = 4
_NAMES = {"author": "author", "url": "url", "site": "site", "language": "lang", "lang": "lang"}


def from_meltwater(text: str) -> Imported:
    """A Meltwater query. Raises QueryError with the place in `text` where it cannot be read at all."""
    return imported(*translate(text, _DIALECT, []))


def _near(found: re.Match[str]) -> str:
    return f"NEAR/{int(found['words'] or _DEFAULT)}{'f' if found['ordered'] else ''}"


def _field(name: str, value: str) -> Translated:
    if name.lower() == "title":
        return f"title:{quoted(value)}", ""
    if name.lower() == "ingress":
        return None, "the first lines of an article are not told apart from its text here."
    return renamed(name, value, _NAMES, "Meltwater")


_DIALECT = Dialect(
    name="Meltwater",
    near=re.compile(r"(?P<ordered>O)?NEAR(/(?P<words>\d{1,3}))?(?=[\s(\"])"),
    near_of=_near,
    fields=_field,
    term=a_term,
)
