"""Cells become values: ids, times, counts, languages; what a spreadsheet has spoilt is refused with the reason."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingest.importing.plan import Plan
from ingest.importing.times import parse_time

LANGUAGE_NAMES = """
    english:en german:de french:fr spanish:es italian:it portuguese:pt dutch:nl polish:pl russian:ru turkish:tr
    arabic:ar japanese:ja chinese:zh korean:ko hindi:hi swedish:sv danish:da norwegian:no finnish:fi czech:cs greek:el
    hungarian:hu romanian:ro ukrainian:uk indonesian:id thai:th vietnamese:vi hebrew:he
"""
LANGUAGES = dict(pair.split(":") for pair in LANGUAGE_NAMES.split())

_SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_ROUNDED = re.compile(r"\d{16,}[.,]0*")
_WHOLE = re.compile(r"(\d{1,15})[.,]0+")
_AS_TEXT = re.compile(r"=\"(.*)\"|'(.*)", re.S)
_COUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*([kKmM]?)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[,.\u00a0\u202f' ]\d{3})+")
EXACT = 2**53
SPOILT = (
    "is a number that a spreadsheet has shortened, so the post's own id is lost. Export the file again where it came "
    "from and import it without opening it in a spreadsheet, or open it there with this column as text."
)


class BadCell(ValueError):
    """A cell that makes its row useless; `reason` is a sentence."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def as_text(value: Any) -> str:
    """A cell as text; nothing for nothing, and for what is no single value."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, str):
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < EXACT else str(value)


def as_id(value: Any, column: str) -> str:
    """An id as text, empty where there is none. Raises BadCell for one that was shortened or rounded."""
    if isinstance(value, float) and not (value.is_integer() and abs(value) < EXACT):
        raise BadCell(column, f"{value!r} {SPOILT}")
    text = as_text(value).strip()
    if found := _AS_TEXT.fullmatch(text):
        text = (found[1] or found[2] or "").strip()
    if _SHORTENED.fullmatch(text) or _ROUNDED.fullmatch(text):
        raise BadCell(column, f"{text} {SPOILT}")
    if whole := _WHOLE.fullmatch(text):
        return whole[1]
    return "" if text.lower() in ("nan", "none", "null") else text


def as_reference(value: Any) -> str:
    """The id of another post; one that was spoilt is as good as none."""
    try:
        return as_id(value, "")
    except BadCell:
        return ""


def as_time(value: Any, column: str, plan: Plan) -> datetime | None:
    """A time in UTC, None for an empty cell. Raises BadCell for one that cannot be read."""
    text = as_text(value).strip()
    if not text or text.lower() in ("nan", "none", "null", "nat"):
        return None
    time = parse_time(text, UTC if plan.time_zone == "UTC" else ZoneInfo(plan.time_zone), plan.day_first)
    if time is None:
        raise BadCell(column, f"“{text[:60]}” is not a date that can be read. Write dates as 2026-11-23 14:05:00.")
    return time


def as_count(value: Any) -> int | None:
    """A count such as 1204, "1,204" or "12.4k"; None where it is none, because not told is not zero."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return int(value) if 0 <= value < 2**63 else None
    text = value.strip()
    if _THOUSANDS.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    found = _COUNT.fullmatch(text)
    if found is None or len(text) > 20:
        return None
    return int(float(found[1].replace(",", ".")) * {"": 1, "k": 1_000, "m": 1_000_000}[found[2].lower()])


def as_rating(value: Any) -> float | None:
    """Stars from 1 to 5; "4/5" too."""
    try:
        rating = float(as_text(value).split("/")[0].strip().replace(",", "."))
    except ValueError:
        return None
    return rating if 1 <= rating <= 5 else None


def as_language(value: Any) -> str | None:
    text = as_text(value).strip().lower()
    return LANGUAGES.get(text, text) or None
