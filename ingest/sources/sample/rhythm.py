"""Rhythm: how much is said in an hour of the sample market, and about what.

Everything is a function of the brand, the hour and the day the market was opened: the evening is louder than the
night, Monday louder than Sunday, the first of the month brings invoices. Events come back: an outage every four
weeks, a launch every six, a broken app update every five.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from ingest.sources.sample.market import MARKET, SampleBrand

HOURS = (0.25, 0.15, 0.1, 0.1, 0.15, 0.4, 0.9, 1.5, 1.7, 1.5, 1.3, 1.2, 1.3, 1.3, 1.2, 1.2, 1.2, 1.3, 1.4, 1.6, 1.7, 1.5, 1.0, 0.5)  # fmt: skip  # noqa: E501
WEEKDAYS = (1.12, 1.06, 1.04, 1.02, 1.0, 0.86, 0.9)
THEMES = {
    "delivery": 0.17, "login": 0.12, "billing": 0.11, "support": 0.14, "machine": 0.16, "coffee": 0.14,
    "compare": 0.05, "green": 0.03, "talk": 0.08,
}  # fmt: skip
TONES = ("complaint", "question", "praise", "neutral")
Tones = dict[str, tuple[float, float, float, float]]

OUTAGE = (28, 9, 7)
LAUNCH = (42, 24, 9)
BAD_UPDATE = (35, 17, 10)
"""Days between two, and how many days before the opening the last one was; hour of the day (UTC) it begins."""


@dataclass(frozen=True, slots=True)
class Mood:
    """One hour: expected number of posts, weights of themes, weights of tones (complaint, question, praise, neutral)
    per theme where they differ from the brand's temper."""

    expected: float
    themes: dict[str, float]
    tones: Tones


def mood(brand: SampleBrand, hour: datetime, opened: date) -> Mood:
    """What to expect in the hour that begins at `hour` (aware UTC)."""
    rate = brand.per_day / 24 * HOURS[hour.hour] * WEEKDAYS[hour.weekday()] * _wobble(brand, hour.date())
    themes = dict(THEMES)
    tones: Tones = {}
    if hour.day <= 2:
        themes["billing"] *= 3
    if hour.weekday() == 0:
        themes["delivery"] *= 1.6
    rate *= _outage(brand, hour, opened, themes, tones)
    rate *= _launch(brand, hour, opened, themes, tones)
    _bad_update(brand, hour, opened, themes, tones)
    return Mood(rate, themes, tones)


def event_hours(brand: SampleBrand, hour: datetime, opened: date, event: tuple[int, int, int]) -> float:
    """Hours since the brand's last event of this kind began (0 in its first hour)."""
    every, before, starts = event
    anchor = opened - timedelta(days=before - 11 * _place(brand))
    days = (hour.date() - anchor).days % every
    return days * 24 + hour.hour - starts


def _outage(brand: SampleBrand, hour: datetime, opened: date, themes: dict[str, float], tones: Tones) -> float:
    """A morning without coffee: seven hours of storm, two days of swell."""
    since = event_hours(brand, hour, opened, OUTAGE)
    if not 0 <= since < 50:
        return 1.0
    acute = since < 7
    themes["outage"] = 4.0 if acute else 0.5 * (1 - since / 50)
    themes["support"] *= 1.8
    tones["outage"] = (0.62, 0.2, 0.02, 0.16) if acute else (0.45, 0.05, 0.3, 0.2)
    return (4.0, 7.0, 9.0, 8.0, 6.5, 5.0, 3.5)[int(since)] if acute else 1 + 0.6 * (1 - since / 50)


def _launch(brand: SampleBrand, hour: datetime, opened: date, themes: dict[str, float], tones: Tones) -> float:
    """Three days of attention for a new product, then a tail of three weeks."""
    since = event_hours(brand, hour, opened, LAUNCH)
    if not 0 <= since < 21 * 24:
        return 1.0
    fresh = since < 72
    themes["launch"] = 1.2 if fresh else 0.25 * (1 - since / (21 * 24))
    tones["launch"] = (0.16, 0.24, 0.38, 0.22) if fresh else (0.28, 0.24, 0.38, 0.1)
    return 2.2 - since / 60 if fresh else 1.0


def _bad_update(brand: SampleBrand, hour: datetime, opened: date, themes: dict[str, float], tones: Tones) -> None:
    """Five days in which an app update locks people out."""
    if 0 <= event_hours(brand, hour, opened, BAD_UPDATE) < 5 * 24:
        themes["login"] *= 3
        tones["login"] = (0.68, 0.2, 0.04, 0.08)


def _wobble(brand: SampleBrand, day: date) -> float:
    """No two days are alike: a factor around 1 for each brand and day."""
    return Random(f"day {brand.slug} {day}").uniform(0.82, 1.2)  # noqa: S311  invents weather, keeps no secret


def _place(brand: SampleBrand) -> int:
    """Brands have their events on different days."""
    return MARKET.brands.index(brand)
