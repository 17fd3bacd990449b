"""Wording: what people of the sample market say, in their languages.

`texts/<language>.txt` holds one pattern a line under headings like [delivery complaint], and the words of its slots
under [slots]. The slots {b} (the brand), {r} (a rival), {n} {m} {order} {price} {month} {new} {name} {agent} are
filled by the caller or by chance.
"""

import re
from functools import cache
from pathlib import Path
from random import Random

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("en", "de", "fr", "es", "pt", "ja")
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "ja": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
}
PRICES = {"en": "£{}", "de": "{} €", "fr": "{} €", "es": "{} €", "pt": "R$ {}", "ja": "{}00円"}
AGENTS = ("Sam", "Noor", "Lena", "Ivo", "Mia")

_SLOT = re.compile(r"\{(\w+)\}")

Patterns = dict[tuple[str, str], list[str]]
Slots = dict[str, list[str]]


def say(chance: Random, language: str, theme: str, tone: str, given: dict[str, str]) -> str | None:
    """A sentence of a language, or None where it has none for this theme and tone. `given` fills slots first."""
    patterns, slots = _texts(language)
    choices = patterns.get((theme, tone))
    if not choices:
        return None
    return _SLOT.sub(lambda slot: _fill(slot[1], chance, language, slots, given), chance.choice(choices))


def themes(language: str, tone: str) -> frozenset[str]:
    """The themes that a language has sentences for in this tone."""
    return frozenset(theme for theme, one in _texts(language)[0] if one == tone)


def _fill(slot: str, chance: Random, language: str, slots: Slots, given: dict[str, str]) -> str:
    if slot in given:
        return given[slot]
    if slot in slots:
        return chance.choice(slots[slot])
    if slot == "price":
        return PRICES[language].format(chance.choice((9, 12, 14, 19, 24, 29, 39, 89, 149, 249)))
    if slot == "month":
        return chance.choice(MONTHS[language].split())
    if slot == "agent":
        return chance.choice(AGENTS)
    numbers = {"n": (2, 9), "m": (15, 95), "order": (10_000, 99_999)}
    return str(chance.randint(*numbers[slot]))


@cache
def _texts(language: str) -> tuple[Patterns, Slots]:
    patterns: Patterns = {}
    slots: Slots = {}
    heading = ""
    for line in (TEXTS / f"{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif heading == "slots" and line:
            name, _, words = line.partition(" = ")
            slots[name] = words.split(" | ")
        elif line and not line.startswith("#"):
            theme, _, tone = heading.partition(" ")
            patterns.setdefault((theme, tone), []).append(line)
    return patterns, slots
