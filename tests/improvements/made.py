"""Made: a brand whose mentions were sorted into a theme, so many a day, around a day on which something was done."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from listening.models import Brand, Improvement, Theme, ThemeMember, ThemeState
from tests.builders import a_brand, a_source

DONE = date(2026, 9, 15)
_numbers = count(1_000_000_000)
Rate = Callable[[date], int]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def a_listened_brand(**fields: Any) -> Brand:
    """A brand that one source has collected for since long, with all its mentions sorted."""
    brand = a_brand("Acme", slug="acme", **fields)
    a_source(brand, collecting_since=noon(DONE) - timedelta(days=300))
    ThemeState.objects.create(brand=brand, find_at=noon(DONE) + timedelta(days=900))
    return brand


def a_theme(brand: Brand, name: str = "Refund form") -> Theme:
    return Theme.objects.create(brand=brand, name=name, phrases=[name.lower()])


def talk(brand: Brand, theme: Theme | None, per_day: Rate, *, complaint: bool, days: int = 60) -> None:
    """Sorted mentions on each of the days before and after DONE and on that day; the counts follow by trigger."""
    ThemeMember.objects.bulk_create(
        ThemeMember(
            mention_id=next(_numbers),
            brand=brand,
            theme=theme,
            published_at=noon(day) + timedelta(minutes=i),
            network="mastodon",
            language="en",
            mood="negative" if complaint else "neutral",
            is_complaint=complaint,
            is_addressed=False,
            is_unsure=False,
            counted=True,
        )
        for offset in range(-days, days + 1)
        for day in [DONE + timedelta(days=offset)]
        for i in range(per_day(day))
    )


def halved(before: int) -> Rate:
    """So many a day until DONE, half as many after it; two days a week are busier."""
    return lambda day: (before if day <= DONE else before // 2) + (2 if day.weekday() < 2 else 0)


def steady(a_day: int) -> Rate:
    return lambda day: a_day + day.day % 3


def an_improvement(brand: Brand, theme: Theme | None = None, done: date | None = DONE, **fields: object) -> Improvement:
    values = {"brand": brand, "title": "Shorten the refund form", "theme": theme}
    if done:
        values |= {"status": "done", "done_at": noon(done)}
    return Improvement.objects.create(**values | fields)
