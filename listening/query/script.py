"""Script: which characters make words, which stand for themselves, and which are dropped.

Three classes, after Unicode's text segmentation (UAX 29) as far as people who search expect it:
words are runs of letters, marks, digits and _; in scripts that put no spaces between words (and in Korean, which
joins particles to them) every character is a token of its own, so that a term is found as a substring; emoji are
tokens of their own too. Everything else only separates.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable

# Scripts without spaces: Thai, Lao, Tibetan, Myanmar, Khmer, kana, Han, Yi; and Hangul.
_UNSPACED = (
    (0x0E01, 0x0E3A), (0x0E40, 0x0E4E), (0x0E81, 0x0ECE), (0x0EDC, 0x0EDF), (0x0F00, 0x0F00), (0x0F40, 0x0FBC),
    (0x1000, 0x103F), (0x104C, 0x109D), (0x1100, 0x11FF), (0x1780, 0x17D3), (0x17DC, 0x17DD), (0x1950, 0x19DF),
    (0x1A20, 0x1A7F), (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x302F), (0x3031, 0x3035), (0x3038, 0x303C),
    (0x3041, 0x309F), (0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x3105, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xA000, 0xA48C), (0xA960, 0xA97F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF), (0x16FE0, 0x18DFF), (0x1AFF0, 0x1B2FF), (0x20000, 0x323AF),
)  # fmt: skip
_EMOJI = (
    (0x231A, 0x231B), (0x23E9, 0x23FA), (0x2600, 0x27BF), (0x2934, 0x2935), (0x2B05, 0x2B55), (0x1F000, 0x1FAFF),
)  # fmt: skip
# Characters that nobody sees: soft hyphen, joiners, direction marks, byte order mark, variation selectors, kashida.
INVISIBLE = frozenset(
    [0xAD, 0x34F, 0x61C, 0x640, 0x180E, 0x2060, 0xFEFF, *range(0x200C, 0x2010), *range(0x202A, 0x202F)]
    + [*range(0x2066, 0x2070), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE0200)]
)


def _ranges(points: Iterable[int]) -> str:
    """The inside of a character class that holds these ascending code points."""
    parts: list[str] = []
    first = last = -2
    for point in [*points, sys.maxunicode + 2]:
        if point == last + 1:
            last = point
            continue
        if first >= 0:
            parts.append(re.escape(chr(first)) + (f"-{re.escape(chr(last))}" if last > first else ""))
        first = last = point
    return "".join(parts)


def _within(ranges: tuple[tuple[int, int], ...]) -> str:
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


def _spaced_word_characters() -> list[int]:
    apart = {point for low, high in _UNSPACED if low < 0x20000 for point in range(low, high + 1)}
    apart.update(INVISIBLE, range(0x1F000, 0x1FB00), map(ord, "ʹʻʼ"))  # the last three fold to an apostrophe
    category = unicodedata.category
    return [p for p in range(0x20000) if p not in apart and category(chr(p))[0] in "LNM" or p == 0x5F]


_SPACED = _ranges(_spaced_word_characters())
UNSPACED = f"[{_within(_UNSPACED)}]"
SPACED = f"[{_SPACED}]"
EMOJI = f"[{_within(_EMOJI)}]"

TERM_TOKENS = re.compile(f"[{_SPACED}*?]+|{UNSPACED}|{EMOJI}")
HASHTAGS = re.compile(f"[#＃]([{_SPACED}{_ranges(sorted(INVISIBLE))}]+)")
is_spaced = re.compile(SPACED).match
is_unspaced = re.compile(UNSPACED).match
is_emoji = re.compile(EMOJI).match

# What a folded text becomes before it is split at spaces. Tables are ten times quicker than a regular expression with
# these classes.
_ASCII_CUT = bytes(p if chr(p).isalnum() or p == 0x5F else 0x20 for p in range(128)) + bytes(128)
_ASCII_CUT = _ASCII_CUT.lower()


def cut_ascii(text: str) -> str:
    """An ASCII text, folded, with spaces for all that separates words."""
    return text.encode("ascii").translate(_ASCII_CUT).decode("ascii")


def cut_tokens(character: str) -> str:
    """A folded character if it belongs to a word, with spaces around if it is a token of its own, else a space."""
    if is_unspaced(character) or is_emoji(character):
        return f" {character} "
    return character if is_spaced(character) else " "
