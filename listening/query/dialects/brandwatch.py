"""Brandwatch: our language is a superset of most of it; fields have other names, and places are not known here."""

import re

from listening.query.dialects.common import Translated, quoted, renamed
from listening.query.dialects.imported import Imported, Lost, imported
from listening.query.dialects.reader import Dialect, translate

_QUOTE = '"'
_COMMENT = re.compile(r"<<<.*?>>>", re.DOTALL)
_NAMES = {
    "title": "title", "author": "author", "site": "site", "url": "url", "links": "url", "language": "lang",
    "lang": "lang", "subreddit": "subreddit", "rating": "rating", "authorfollowers": "followers",
}  # fmt: skip
_ENGAGEMENT = {"comment": "is:reply", "reply": "is:reply", "retweet": "is:repost", "quote": "is:quote"}


def from_brandwatch(text: str) -> Imported:
    """A Brandwatch query. Raises QueryError with the place in `text` where it cannot be read at all."""
    comments = _COMMENT.findall(text)
    without = _COMMENT.sub(lambda found: " " * len(found[0]), text)
    lost: list[Lost] = []
    translated, lost = translate(without, _DIALECT, lost)
    return imported(" ".join([translated, *comments]), lost)


def _field(name: str, value: str) -> Translated:
    folded = name.lower()
    if folded == "raw":
        return f"raw:{value}", ""
    if folded == "engagementtype":
        ours = _ENGAGEMENT.get(value.strip('"').lower())
        return ours, "" if ours else "this kind of engagement is not told here."
    if folded in ("hashtags", "hashtag"):
        return "#" + value.strip('#"'), ""
    if folded in ("at_mentions", "mentions"):
        return "@" + value.strip('@"'), ""
    if folded in ("rating", "authorfollowers") and not value.startswith("["):
        return None, f"{name}: needs a range."
    if folded == "title":
        return f"title:{value if value[:1] in ('{', _QUOTE) else quoted(value)}", ""
    return renamed(name, value, _NAMES, "Brandwatch")


_DIALECT = Dialect(
    name="Brandwatch",
    near=re.compile(r"NEAR/\d+f?(?=[\s(\"])"),
    near_of=lambda found: found[0],
    fields=_field,
    term=lambda name, text: (text, ""),
    precedence=False,
)
