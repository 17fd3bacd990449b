"""Masking: a brand's name, handles and links say nothing of how its customers feel, so engines never see them.

"United" is a warm word to a lexicon and an airline to its passengers: with names masked, daily net sentiment of four
airlines agrees with human labels far better (docs/understanding.md has the figures).
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LONGEST = 10_000

_LINKS = re.compile(r"(?:https?://|www\.)\S+|\bpic\.twitter\.com/\w+", re.I)
_HANDLES = re.compile(r"(?<![\w@/])@\w+(?:[.-]\w+)*(?:@[\w.-]+\w)?")
_APOSTROPHES = str.maketrans("\u2019\u2018\u02bc\uff07", "''''")
_EDGE_LEFT, _EDGE_RIGHT = r"(?<![^\W_])", r"(?![^\W_])"
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A brand's names: `whole` matches one wherever it may stand; `starts` finds quickly where one might begin in an
    ASCII text in lower case, None where a name is not ASCII."""

    whole: re.Pattern[str]
    starts: re.Pattern[str] | None


Names = Compiled | None


@lru_cache(maxsize=4096)
def compile_names(names: frozenset[str]) -> Names:
    """A matcher for a brand's names and handles, with or without "@" and "#". Any case, on word boundaries
    (in scripts without spaces: anywhere), any run of spaces between words; None for no names."""
    bare = {name.strip().lstrip("@#").translate(_APOSTROPHES) for name in names}
    ordered = sorted(filter(None, bare), key=lambda name: (-len(name), name))
    if not ordered:
        return None
    firsts = {re.escape(name.split()[0].lower()) for name in ordered}
    starts = re.compile("|".join(sorted(firsts))) if all(map(str.isascii, ordered)) else None
    return Compiled(re.compile("|".join(map(_pattern, ordered)), re.I), starts)


def names_of(name: str, handles: Iterable[str] = (), aliases: Iterable[str] = ()) -> Names:
    """`compile_names` for one brand: its name, its handles without "@", and other names it goes by."""
    return compile_names(frozenset((name, *handles, *aliases)))


def mask(text: str, names: Names = None) -> str:
    """`text` as an engine should read it: names as "brand" (in capitals where they stood in capitals), handles and
    links gone, entities unescaped, curly apostrophes straight. At most the first 10,000 characters."""
    text = text[:LONGEST]
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = text.translate(_APOSTROPHES)
    if "://" in text or "www." in text or "pic.t" in text:
        text = _LINKS.sub(" ", text)
    if "@" in text:
        text = _HANDLES.sub(" ", text)
    if names is None:
        return text
    return _replaced(text, names) if names.starts and text.isascii() else names.whole.sub(_stand_in, text)


def _replaced(text: str, names: Compiled) -> str:
    """`names.whole.sub(_stand_in, text)`, trying only where the first word of a name stands."""
    look: Any = names.starts
    pieces, done, lowered = [], 0, text.lower()
    found = look.search(lowered)
    while found:
        begins = found.start()
        signed = begins > done and text[begins - 1] in "@#"
        name = names.whole.match(text, begins - 1) if signed else None
        name = name or names.whole.match(text, begins)
        if name:
            pieces += [text[done : name.start()], _stand_in(name)]
            done = name.end()
        found = look.search(lowered, done if name else begins + 1)
    return "".join([*pieces, text[done:]]) if pieces else text


def _pattern(name: str) -> str:
    body = r"\s+".join(re.escape(word) for word in name.split())
    left = "" if _SPACELESS.match(name[0]) else _EDGE_LEFT
    right = "" if _SPACELESS.match(name[-1]) else _EDGE_RIGHT
    return f"{left}[@#]?{body}{right}"


def _stand_in(found: re.Match[str]) -> str:
    return "BRAND" if found[0].isupper() else "brand"
