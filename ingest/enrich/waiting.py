"""Waiting: how long somebody says that they have waited, and how often they have tried."""

import re
from dataclasses import dataclass
from datetime import datetime

VERSION = "waiting-1"
MOST_DAYS = 3650

_DAYS = {
    "minute": 0.0,
    "min": 0.0,
    "hour": 1 / 24,
    "hr": 1 / 24,
    "day": 1.0,
    "night": 1.0,
    "week": 7.0,
    "month": 30.0,
    "year": 365.0,
}  # noqa: E501
_NUMBERS = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
} | {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 3}
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_N = r"(?P<n>\d{1,4}(?:\.\d)?|" + "|".join(_NUMBERS) + r")\+?"
_UNIT = r"(?P<unit>minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?)"
_LONG = [
    rf"(?:wait(?:ing|ed)?|on hold|holding|held|without \w+(?: \w+)?|delayed|late|overdue|down|stuck|stranded|no (?:reply|answer|response|update)|nothing|took|takes|taken|taking)(?: (?:for|now|already|since|over|about|nearly|almost|more than|the|last|past|a|is|well|up|after))*,? (?:a )?{_N}(?: of| full| whole| long| business| working)? {_UNIT}\b",  # noqa: E501
    rf"\b{_N} (?:full |whole |long |business |working )?{_UNIT} (?:now|later|already|and (?:still|counting|no|nothing)|without|waiting|late|of waiting|on hold|overdue|delay(?:ed)?|and i|still|with no|wait)\b",  # noqa: E501
    r"\b(?P<unit>day|week|month) (?P<n>\d{1,3}|"
    + "|".join(_NUMBERS)
    + r")\b(?= (?:without|of|and|with|now|no|still|waiting)|\s*[^\w\s]|$)",  # noqa: E501
    rf"\bstill (?:\w+ ){{0,3}}after {_N} {_UNIT}\b",
]
_SINCE = re.compile(rf"\bsince (?:last )?(?P<day>{'|'.join(_WEEKDAYS)}|yesterday|last (?:night|week|month|year))\b")
_TIMES = re.compile(
    r"\b(?:(?P<ordinal>\d{1,2})(?:st|nd|rd|th)|(?P<word>second|third|fourth|fifth|sixth)) (?:time|attempt|call|email|try|day in a row)\b"  # noqa: E501
    rf"|\b(?P<times>\d{{1,3}}|{'|'.join(_NUMBERS)}|twice)(?:(?<!twice) times|(?<=twice))\b",
)
_LONG_PATTERNS = [re.compile(pattern) for pattern in _LONG]
_ODD = str.maketrans("\u0130\u0131\u017f", "iis")

# Most texts tell no wait, and the patterns are slow to find that out: what each of them needs is looked for first.
_UNITS = re.compile("min|hour|hr|day|night|week|month|year")
_NUMBER_WORDS = tuple(_NUMBERS)
_BEFORE_UNIT = 24
_ATTEMPTS = re.compile("(?:st|nd|rd|th) (?:time|attempt|call|email|try|day in)")


@dataclass(frozen=True, slots=True)
class Waiting:
    """`days` that the author says to have waited, whole ones, None where the text tells none; characters `start` to
    `end` say so, `why` in words. `times` is how often they say to have tried, 0 where they don't."""

    days: int | None = None
    start: int = 0
    end: int = 0
    why: str = ""
    times: int = 0
    times_start: int = 0
    times_end: int = 0


NOT = Waiting()


def waiting(text: str, posted: datetime | None = None) -> Waiting:
    """The longest wait that a text tells, and the most attempts. "since monday" needs to know when it was posted."""
    text = _lowered(text)
    found = [*_durations(text), *_since(text, posted)]
    days, start, end, words = max(found, default=(None, 0, 0, ""), key=lambda one: one[0] or 0)
    times, first, last = max(_times(text), default=(0, 0, 0))
    if days is None and not times:
        return NOT
    whole = None if days is None else min(MOST_DAYS, int(days))
    return Waiting(whole, start, end, f"waiting {words}" if words else "", times, first, last)


def _lowered(text: str) -> str:
    """The text in lower case, as long as it was; letters that are an "i" or an "s" in any case become one."""
    return text.lower() if text.isascii() else text.translate(_ODD).lower()


def _may_last(text: str) -> bool:
    """Whether a number stands by a unit of time: at most one word between, or right behind it."""
    for unit in _UNITS.finditer(text):
        start, end = unit.span()
        before = text[max(0, start - _BEFORE_UNIT) : start].split()[-2:]
        if any(map(_ends_in_number, before)):
            return True
        if text[end + 1 : end + 2].isdecimal() or text.startswith(_NUMBER_WORDS, end + 1):
            return True
    return False


def _ends_in_number(word: str) -> bool:
    word = word.rstrip("+")
    return word[-1:].isdecimal() or word.endswith(_NUMBER_WORDS)


def _may_count(text: str) -> bool:
    """Whether something in the text may tell how often."""
    return "twice" in text or " times" in text or _ATTEMPTS.search(text) is not None


def _durations(text: str) -> list[tuple[float, int, int, str]]:
    found: list[tuple[float, int, int, str]] = []
    if not _may_last(text):
        return found
    for pattern in _LONG_PATTERNS:
        for match in pattern.finditer(text):
            unit = match["unit"].rstrip("s")
            unit = {"min": "minute", "hr": "hour"}.get(unit, unit)
            n = _number(match["n"])
            start = min(match.start("n"), match.start("unit"))
            end = max(match.end("n"), match.end("unit"))
            if n:
                found.append((n * _DAYS[unit], start, end, f"{n:g} {unit}{'s' if n != 1 else ''}"))
    return found


def _since(text: str, posted: datetime | None) -> list[tuple[float, int, int, str]]:
    found = []
    for match in _SINCE.finditer(text) if "since " in text else ():
        day = match["day"]
        if day in _WEEKDAYS:
            days = (posted.weekday() - _WEEKDAYS.index(day)) % 7 or 7 if posted else 1
            said = f"since {day.capitalize()}"
        else:
            days = {"yesterday": 1, "last night": 1, "last week": 7, "last month": 30, "last year": 365}[day]
            said = f"since {day}"
        found.append((float(days), match.start(), match.end(), said))
    return found


def _times(text: str) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    if not _may_count(text):
        return found
    for match in _TIMES.finditer(text):
        said = match["ordinal"] or match["word"] or match["times"]
        times = _ORDINALS.get(said) or (2 if said == "twice" else int(_number(said)))
        if 2 <= times <= 100:
            found.append((times, match.start(), match.end()))
    return found


def _number(said: str) -> float:
    return _NUMBERS.get(said) or float(said) if said in _NUMBERS or said[0].isdigit() else 0.0
