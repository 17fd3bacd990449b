"""Lengths: how long an answer is, as its network counts, and how long it may be.

X weighs letters (docs.x.com/fundamentals/counting-characters), Bluesky counts graphemes and bytes (lexicon
app.bsky.feed.post), Mastodon counts graphemes, each link as 23 and names without their host (docs.joinmastodon.org).
What people see as one sign is found by a few rules, not by the whole of Unicode's tables: where these differ it counts
too much rather than too little.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LINK = 23
LONGEST = {"x": 280, "bluesky": 300, "mastodon": 500, "reddit": 10_000}
OTHERWISE = 10_000
BLUESKY_BYTES = 3000

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that X counts once; all others count twice (its configuration v3)."""
_LINKS = re.compile(r"https?://\S+|(?<![\w@.])(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.I)
_WRITTEN_OUT = re.compile(r"https?://\S+", re.I)
_HOSTS = re.compile(r"(@\w[\w.-]*)@[\w.-]+\w")
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Measure:
    """`used` of `most`; `fits` also where the network has a second limit."""

    used: int
    most: int
    fits: bool

    @property
    def left(self) -> int:
        return self.most - self.used


def measure(network: str, text: str, most: int | None = None) -> Measure:
    """How long `text` is on a network; `most` where an installation told another limit than the usual one."""
    longest = most or LONGEST.get(network, OTHERWISE)
    used = COUNTS.get(network, len)(text)
    fits = used <= longest and (network != "bluesky" or len(text.encode()) <= BLUESKY_BYTES)
    return Measure(used, longest, fits)


def signs(text: str) -> list[str]:
    """What people see as one sign each: letters with their marks, flags, families of emoji."""
    found: list[str] = []
    for letter in text:
        if found and _belongs(found[-1], letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _belongs(sign: str, letter: str) -> bool:
    if unicodedata.category(letter) in ("Mn", "Me", "Mc") or letter in "\u200c\u200d":
        return True
    if sign[-1] == _JOINER or (sign == "\r" and letter == "\n"):
        return True
    if 0x1F3FB <= ord(letter) <= 0x1F3FF or 0xE0020 <= ord(letter) <= 0xE007F:  # colours of skin, tags of flags
        return True
    return len(sign) == 1 and _is_flag_letter(sign) and _is_flag_letter(letter)


def _is_flag_letter(letter: str) -> bool:
    return 0x1F1E6 <= ord(letter) <= 0x1F1FF


def _on_x(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    links = len(_LINKS.findall(text))
    return links * LINK + sum(_weights(_LINKS.sub("", text)))


def _weights(text: str) -> Iterator[int]:
    for sign in signs(text):
        emoji = len(sign) > 1 and any(ord(letter) >= 0x2190 or letter == "\ufe0f" for letter in sign)
        yield 2 if emoji else sum(1 if any(a <= ord(one) <= b for a, b in _LIGHT) else 2 for one in sign)


def _on_mastodon(text: str) -> int:
    links = len(_WRITTEN_OUT.findall(text))
    return links * LINK + len(signs(_HOSTS.sub(r"\1", _WRITTEN_OUT.sub("", text))))


COUNTS = {"x": _on_x, "bluesky": lambda text: len(signs(text)), "mastodon": _on_mastodon}
