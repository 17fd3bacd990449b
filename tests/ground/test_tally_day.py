"""The tally by local day: the same mentions as by hour, in the brand's zone, also after it moved."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.db.models import Sum

from listening.models import Brand, TallyDay
from listening.models.tally import fold_tally, tally_differences
from tests.builders import a_brand, a_mention

pytestmark = pytest.mark.django_db


def days(brand: Brand) -> dict[date, int]:
    cells = TallyDay.objects.filter(brand=brand).values_list("day").annotate(total=Sum("n"))
    return {day: n for day, n in cells if n}


def test_it_counts_by_the_day_of_the_brands_zone() -> None:
    brand = a_brand(time_zone="Europe/Berlin")
    a_mention(brand, published_at=datetime(2026, 10, 24, 21, 59, tzinfo=UTC))
    a_mention(brand, published_at=datetime(2026, 10, 24, 22, 0, tzinfo=UTC))
    a_mention(brand, published_at=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
    assert days(brand) == {date(2026, 10, 24): 1, date(2026, 10, 25): 2}


def test_it_keeps_utc_hours_whole_in_zones_with_half_hours() -> None:
    brand = a_brand(time_zone="Asia/Kolkata")
    a_mention(brand, published_at=datetime(2026, 11, 1, 18, 45, tzinfo=UTC))  # 00:15 on the 2nd, in an hour of the 1st
    a_mention(brand, published_at=datetime(2026, 11, 1, 19, 0, tzinfo=UTC))
    assert days(brand) == {date(2026, 11, 1): 1, date(2026, 11, 2): 1}


def test_it_counts_again_when_the_brand_moves_to_another_zone() -> None:
    brand = a_brand(time_zone="UTC")
    a_mention(brand, published_at=datetime(2026, 11, 1, 23, 30, tzinfo=UTC))
    a_mention(a_brand("Other"), published_at=datetime(2026, 11, 1, 23, 30, tzinfo=UTC))
    brand.time_zone = "Pacific/Auckland"
    brand.save()
    assert days(brand) == {date(2026, 11, 2): 1}
    assert tally_differences() == []


def test_it_follows_corrections_deletions_and_hiding() -> None:
    brand = a_brand()
    first, second, third = (a_mention(brand, published_at=datetime(2026, 11, 1, i, tzinfo=UTC)) for i in range(3))
    first.delete()
    second.hidden = "takendown"
    second.save()
    third.sentiment_by_person = "negative"
    third.save()
    fold_tally()
    assert [(cell.mood, cell.n) for cell in TallyDay.objects.filter(brand=brand)] == [("negative", 1)]


def test_a_wrong_day_is_reported_although_every_hour_is_right() -> None:
    a_mention(a_brand())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE listening_tallyday SET n = n + 1")
    (difference,) = tally_differences()
    assert (difference["tally"], difference["mentions"]) == (2, 1)
