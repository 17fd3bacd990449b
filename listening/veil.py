"""Veil: an author's own handle and name where they stand in what they wrote, covered sign by sign.

Nothing moves: offsets of matches and reasons stay right. A name of one word is left alone, since it may be any word,
and so is a handle of plain letters without its "@".
"""

import re
from functools import lru_cache
from typing import Protocol

COVER = "•"
SHORTEST_NAME = 5


class Signed(Protocol):
    """Whoever wrote something: an author of the tables, or of a post that was only looked at."""

    @property
    def handle(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...


def veiled(text: str, author: Signed | None) -> str:
    """The text, as long as before. Case does not matter."""
    handle, name = (author.handle or "", author.name or "") if author else ("", "")
    if not _may_stand_in(text.lower(), handle, name):
        return text
    found = _pattern(handle, name)
    return found.sub(lambda match: COVER * len(match[0]), text) if found else text


def _may_stand_in(text: str, handle: str, name: str) -> bool:
    """Few people name themselves, and looking is quicker than making a pattern for each of them."""
    known = (_local(handle), handle.removesuffix(".bsky.social"), name)
    return any(one and one.lower() in text for one in known)


def _local(handle: str) -> str:
    return handle.partition("@")[0]


@lru_cache(maxsize=4096)
def _pattern(handle: str, name: str) -> re.Pattern[str] | None:
    """After "@" or in an address ("/rosa/", "u/rosa") a handle is always covered, with and without its server."""
    local = _local(handle)
    marked = sorted({re.escape(one) for one in (handle, local, handle.removesuffix(".bsky.social")) if one}, key=len)
    options = [rf"(?<=[@/])(?:{'|'.join(reversed(marked))})(?![\w])"] if marked else []
    options += [rf"(?<!\w){re.escape(handle)}(?!\w)"] if re.search(r"[^a-z]", handle, re.IGNORECASE) else []
    if len(name) >= SHORTEST_NAME and len(name.split()) > 1:
        options.append(rf"(?<!\w){re.escape(name)}(?!\w)")
    return re.compile("|".join(options), re.IGNORECASE) if options else None
