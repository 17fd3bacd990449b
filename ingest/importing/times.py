"""Times as people and tools write them, turned into aware UTC."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

SECONDS = (631_152_000, 4_102_444_800)
"""1990 to 2100, the times that a bare number is believed to be."""
EXCEL_EPOCH = datetime(1899, 12, 30)
EXCEL_DAYS = (32_874, 73_050)
MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}

_NUMBER = re.compile(r"\d{5}(?:\.\d+)?|\d{9,19}(?:\.\d+)?")
_ZONE = re.compile(r"\s*(?:(?:UTC|GMT|Z)?\s*([+-])(\d\d):?(\d\d)|(UTC|GMT|Z))$", re.I)
_CLOCK = r"(?:[T,\s]+(?:at\s+)?(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?)?"
_NUMERIC = re.compile(r"(\d{4}|\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{1,2})" + _CLOCK, re.I)
_DAY_MONTH = re.compile(
    r"(?:[a-z]{3,9}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s.\-]+([a-z]{3,9})\.?,?[\s\-]+(\d{4})" + _CLOCK, re.I
)
_MONTH_DAY = re.compile(
    r"(?:[a-z]{3,9}\.?,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + _CLOCK, re.I
)
_TWITTER = re.compile(r"[a-z]{3} ([a-z]{3}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-]\d{4}|UTC) (\d{4})", re.I)


def parse_time(text: str, zone: tzinfo = UTC, day_first: bool = False) -> datetime | None:
    """The moment that a text names, or None.

    ISO 8601 and RFC 2822, X's "Tue Oct 18 21:53:25 +0000 2011", epoch seconds to microseconds, spreadsheets' day
    numbers, and dates with slashes, dots or names of months, with or without time, "pm" and offset. `zone` is for
    times that name none; `day_first` decides 3/4/2026.
    """
    text = text.strip()
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return _from_number(float(text))
    try:
        return _aware(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        pass
    try:
        return _from_words(text, zone, day_first)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def order_of_days(texts: Iterable[str]) -> bool | None:
    """Whether dates such as 3/4/2026 in a column put the day first; None where nothing tells, or nothing asks."""
    undecided = False
    for text in texts:
        found = _NUMERIC.match(text.strip())
        if found is None or len(found[1]) == 4:
            continue
        first, second = int(found[1]), int(found[3])
        if first > 12 or found[2] == ".":
            return True
        if second > 12:
            return False
        undecided = True
    return None if undecided else False


def names_zone(text: str) -> bool:
    """Whether a time says in which zone it is meant."""
    return bool(_ZONE.search(text.strip()) or _NUMBER.fullmatch(text.strip()) or _TWITTER.fullmatch(text.strip()))


def _from_number(number: float) -> datetime | None:
    if EXCEL_DAYS[0] <= number <= EXCEL_DAYS[1]:
        return (EXCEL_EPOCH + timedelta(days=number)).replace(tzinfo=UTC)
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        if SECONDS[0] <= number / unit <= SECONDS[1]:
            return datetime.fromtimestamp(number / unit, UTC)
    return None


def _from_words(text: str, zone: tzinfo, day_first: bool) -> datetime | None:
    if found := _TWITTER.fullmatch(text):
        clock = ":".join(found.group(3, 4, 5))
        offset = found[6].replace("UTC", "+0000")
        month = MONTHS[found[1].lower()]
        return _aware(datetime.fromisoformat(f"{found[7]}-{month:02}-{found[2]}T{clock}{offset}"), zone)
    body, told = _offset(text)
    parsed = _numeric(body, day_first) or _named(body)
    if parsed is not None:
        return _aware(parsed, told or zone)
    try:
        return _aware(datetime.fromisoformat(body), told or zone)  # "2015-02-24 11:35:52 -0800", "... UTC"
    except ValueError:
        return _aware(parsedate_to_datetime(text), zone)


def _offset(text: str) -> tuple[str, tzinfo | None]:
    found = _ZONE.search(text)
    if found is None or ":" not in text[: found.start()]:
        return text, None
    if found[4]:
        return text[: found.start()], UTC
    sign = -1 if found[1] == "-" else 1
    shift = sign * timedelta(hours=int(found[2]), minutes=int(found[3]))
    return text[: found.start()], datetime.strptime(_hhmm(shift), "%z").tzinfo


def _hhmm(shift: timedelta) -> str:
    minutes = int(shift.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _numeric(text: str, day_first: bool) -> datetime | None:
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return None
    one, other, last = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        year, month, day = one, other, last
    elif len(found[4]) == 1:
        return None
    else:
        year = last if len(found[4]) == 4 else 2000 + last
        swap = other <= 12 and (one > 12 or day_first or found[2] == ".")
        day, month = (one, other) if swap else (other, one)
    return datetime(year, month, day, *_clock(found.group(5, 6, 7, 8)))


def _named(text: str) -> datetime | None:
    if found := _DAY_MONTH.fullmatch(text):
        day, month = found[1], found[2]
    elif found := _MONTH_DAY.fullmatch(text):
        month, day = found[1], found[2]
    else:
        return None
    number = MONTHS.get(month[:3].lower())
    return datetime(int(found[3]), number, int(day), *_clock(found.group(4, 5, 6, 7))) if number else None


def _clock(parts: tuple[str | None, ...]) -> tuple[int, int, int]:
    hour, minute, second = (int(part or 0) for part in parts[:3])
    half = (parts[3] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, minute, second


def _aware(time: datetime, zone: tzinfo) -> datetime:
    return (time.replace(tzinfo=zone) if time.tzinfo is None else time).astimezone(UTC)
