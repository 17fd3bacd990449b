"""Naming: subreddits as people write them: "r/mugs", "/r/mugs/" and links are "mugs"."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

MOST_IN_ONE = 50
_NAME = re.compile(r"(?:u_)?[A-Za-z0-9_-]{2,21}")
_NONE_OF_THEM = ("all", "popular")
"""Everything at once: more is written there than can be read."""


def names(written: Sequence[str]) -> list[str]:
    """Names without "r/", each once; what can't be one is left out."""
    found: dict[str, str] = {}
    for name in filter(None, map(_name, written)):
        found.setdefault(name.lower(), name)
    return list(found.values())


def check_names(written: Any) -> None:
    """Raises ValueError with a sentence for the first line that names no subreddit."""
    for line in written.splitlines() if isinstance(written, str) else written:
        if not _name(str(line)):
            raise ValueError(f"“{line}” is no subreddit that can be read whole: write one a line, like r/python.")


def groups(found: Sequence[str]) -> Iterator[Sequence[str]]:
    """As many as fit into an address."""
    return (found[start : start + MOST_IN_ONE] for start in range(0, len(found), MOST_IN_ONE))


def _name(line: str) -> str | None:
    told = urlsplit(line).path if "://" in line else line
    path = [part for part in told.strip().split("/") if part]
    bare = path[1] if len(path) > 1 and path[0].lower() == "r" else path[0] if path else ""
    return bare if _NAME.fullmatch(bare) and bare.lower() not in _NONE_OF_THEM else None
