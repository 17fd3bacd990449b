"""Fold: the form in which texts and terms are compared, and the way back to the text as stored.

Folding drops case, accents (Latin, Greek, Arabic, Hebrew; Cyrillic й and kana voicing are letters, not accents),
invisible characters and compatibility forms of letters (fullwidth, mathematical), composes what Unicode composes
(NFC) and makes all apostrophes '. What folds to nothing is dropped, so offsets move: `Folding` keeps the map.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from listening.query.script import INVISIBLE, cut_ascii, cut_tokens

_ACCENTS = frozenset(
    [*range(0x300, 0x370), *range(0x591, 0x5BE), 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7, *range(0x610, 0x61B)]
    + [*range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6DD), *range(0x1AB0, 0x1B00), *range(0x1DC0, 0x1E00)]
    + [*range(0x20D0, 0x20E3), *range(0xFE20, 0xFE30)]
)
# Letters with a stroke or without a dot, which Unicode does not decompose, and ligatures.
_BARE = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ı": "i"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ð": "d", "Ð": "D"}
)
_SIGNS = dict.fromkeys("’‘‛ʼʻʹ′＇´", "'") | {"＃": "#", "＠": "@", "İ": "I"}
_HALF_WIDTH = re.compile("[\uff66-\uff9f\uffa0-\uffdc]+")


class _Shape(dict[int, str]):
    """A table for `str.translate`, filled as characters are met."""

    def __init__(self, keep_case: bool, keep_accents: bool) -> None:
        super().__init__()
        self.keep_case = keep_case
        self.keep_accents = keep_accents
        self.moving: set[str] = set()  # characters met so far that do not become exactly one

    def __missing__(self, point: int) -> str:
        self[point] = shaped = _shaped(chr(point), self.keep_case, self.keep_accents)
        if len(shaped) != 1:
            self.moving.add(chr(point))
        return shaped

    def of(self, text: str) -> str:
        """`text` in this shape. A table alone cannot compose; that is done first."""
        if text.isascii():
            return text if self.keep_case else text.lower()
        return composed(text).translate(self)


def composed(text: str) -> str:
    """NFC, with half-width kana and Hangul made full-width (their voicing marks have to compose)."""
    if _HALF_WIDTH.search(text):
        text = _HALF_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _shaped(character: str, keep_case: bool, keep_accents: bool) -> str:
    if ord(character) in INVISIBLE:
        return ""
    if 0xD800 <= ord(character) <= 0xDFFF:
        return "\ufffd"
    character = _plain(_SIGNS.get(character, character))
    if not keep_case:
        character = character.casefold()
    return unicodedata.normalize("NFC", character if keep_accents else _bare(character))


def _plain(character: str) -> str:
    """A letter or digit for its compatibility form: fullwidth, mathematical, superscript, ligature."""
    if unicodedata.category(character)[0] not in "LNM":
        return character
    wide = unicodedata.normalize("NFKC", character)
    return wide if all(unicodedata.category(c)[0] in "LNM" for c in wide) else character


def _bare(text: str) -> str:
    return "".join(map(_without_accents, text)).translate(_BARE)


def _without_accents(character: str) -> str:
    if "\u0400" <= character <= "\u052f" and character not in "ёЁ":
        return character
    apart = unicodedata.normalize("NFD", character)
    return unicodedata.normalize("NFC", "".join(c for c in apart if ord(c) not in _ACCENTS))


FOLDED = _Shape(keep_case=False, keep_accents=False)
ACCENTED = _Shape(keep_case=False, keep_accents=True)
CASED = _Shape(keep_case=True, keep_accents=False)
EXACT = _Shape(keep_case=True, keep_accents=True)


class _Cut(dict[int, str]):
    """A table that folds and cuts at once."""

    def __missing__(self, point: int) -> str:
        self[point] = shaped = "".join(map(cut_tokens, FOLDED[point]))
        return shaped


_TOKENS = _Cut()


def tokens_apart(text: str) -> str:
    """The tokens of `text`, folded, with spaces between; the rest left out."""
    return cut_ascii(text) if text.isascii() else composed(text).translate(_TOKENS)


def fold(text: str) -> str:
    """`text` as searches see it. Folding twice changes nothing; a title, "\\n" and a text fold one by one."""
    if text.isascii():
        return text.lower()
    return composed(text).translate(FOLDED)


@dataclass(frozen=True, slots=True)
class Folding:
    """A folded text and, per folded character, where its origin starts and ends in the text as stored.

    Both maps are None where offsets are the same in both.
    """

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def start(self, position: int) -> int:
        return position if self.starts is None else self.starts[position]

    def end(self, position: int) -> int:
        """Where what ends before folded offset `position` (at least 1) ends in the stored text."""
        return position if self.ends is None else self.ends[position - 1]


def folding(text: str, folded: str | None = None) -> Folding:
    """`text` folded, with the way back; `folded` is `fold(text)` where the caller has it already."""
    folded = fold(text) if folded is None else folded
    if text.isascii() or _keeps_offsets(text, folded):
        return Folding(folded)
    return _mapped(text, fold)


def composing(text: str) -> Folding:
    """`text` composed, with the way back; case and accents stay."""
    whole = composed(text)
    return Folding(text) if whole == text else _mapped(text, composed)


def _mapped(text: str, change: Callable[[str], str]) -> Folding:
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _clusters().finditer(text):
        part = change(cluster[0])
        parts.append(part)
        starts.extend([cluster.start()] * len(part))
        ends.extend([cluster.end()] * len(part))
    return Folding("".join(parts), starts, ends)


def _keeps_offsets(text: str, folded: str) -> bool:
    """Whether every character became one; `folded` has met them all, so the table knows those that move others."""
    return len(text) == len(folded) and FOLDED.moving.isdisjoint(text) and composed(text) == text


@cache
def _clusters() -> re.Pattern[str]:
    """One character and those that can compose with it: between two clusters nothing ever composes."""
    seconds = set(range(0x1160, 0x1200)) | set(range(0xFF9E, 0xFFDD)) | INVISIBLE
    for point in range(0xA0, 0x1F000):
        if unicodedata.combining(chr(point)):
            seconds.add(point)
        parts = unicodedata.decomposition(chr(point)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(int(parts[1], 16))
    tail = "".join(re.escape(chr(point)) for point in sorted(seconds))
    return re.compile(f"[\\s\\S][{tail}]*")
