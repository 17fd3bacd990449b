"""Saying: whether a post that stands at a network says what we wrote, though networks rewrite links and names."""

import html
import re

_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>", re.I)
_LINK = re.compile(r"(?:https?://\S+|(?<![\w@.])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?)[^\w\s@]*", re.I)
"""With or without "https://", for X makes a link of both, and with the signs behind it: where it ends, each has its own
opinion."""
_NAME = re.compile(r"@\w[\w.·-]*(?:@[\w.-]+)?")


def bare(text: str, markup: bool = False) -> str:
    """The words alone: no markup, no names, each link the same, one space between."""
    if markup:
        text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    return " ".join(_NAME.sub(" ", _LINK.sub(" link ", html.unescape(text))).split())
