"""X: a space is AND and binds before OR, - excludes; no wildcards, signs are not looked at.

https://docs.x.com/x-api/posts/search/integrate/operators
"""

import re

from listening.query.dialects.common import Translated, a_term, at_least, renamed
from listening.query.dialects.imported import Imported, imported
from listening.query.dialects.reader import Dialect, translate

_NAMES = {"from": "author", "url": "url", "lang": "lang"}
_FLAGS = {
    "is:retweet": "is:repost",
    "is:reply": "is:reply",
    "is:quote": "is:quote",
    "has:links": "has:link",
    "has:media": "has:media",
}
_SOME_MEDIA = ("has:images", "has:videos", "has:video_link")


def from_x(text: str) -> Imported:
    """A query or rule of X's API. Raises QueryError with the place in `text` where it cannot be read at all."""
    return imported(*translate(text, _DIALECT, []))


def _term(name: str, text: str) -> Translated:
    if re.fullmatch(r"\$[A-Za-z]\w*", text):
        return f'raw:"{text.upper()}"', ""
    return a_term(name, re.sub(r"[*?]", " ", text).strip() or text)


def _field(name: str, value: str) -> Translated:
    said = f"{name}:{value}".lower()
    if said in _FLAGS:
        return _FLAGS[said], ""
    if said in _SOME_MEDIA:
        return "has:media", "pictures and videos are not told apart here."
    if name.lower() in ("followers_count",):
        return at_least("followers", value)
    if name.lower() == "to":
        return f"(@{value.lstrip('@')} AND is:reply)", "to: becomes a reply that names the account."
    return renamed(name, value, _NAMES, "X")


_DIALECT = Dialect(
    name="X",
    near=re.compile(r"(?!)"),
    near_of=lambda found: "",
    fields=_field,
    term=_term,
    minus=True,
)
