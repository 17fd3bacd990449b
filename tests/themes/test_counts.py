"""Counts of themes are exact after whatever happens to a mention, and sorting twice changes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from dashboard.correcting import correct
from dashboard.removal import remove_brand
from ingest import forget
from ingest.record import Deletion
from ingest.themes import assign as assigning
from ingest.themes.assign import assign
from ingest.themes.rebuild import begin_walk
from listening.models import Brand, Mention, Theme, ThemeMember, ThemeState, ThemeTally, ThemeTallyDay
from listening.models.tally import tally_differences
from listening.models.theme_tally import fold_themes, rebuild_themes, theme_differences
from listening.query import fold
from tests.builders import a_brand, a_mention, a_user

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def brand() -> Brand:
    brand = a_brand(time_zone="Asia/Kolkata")
    ThemeState.objects.create(brand=brand, find_at=NOW + timedelta(days=1), walking=True)
    return brand


@pytest.fixture(autouse=True)
def exact(db: None) -> Iterator[None]:
    """Whatever a test does, every count must equal the mentions afterwards, also when the rows are merged."""
    yield
    assert theme_differences() == []
    fold_themes()
    assert theme_differences() == []


def a_theme(brand: Brand, *phrases: str, **fields: Any) -> Theme:
    values = {"brand": brand, "name": " · ".join(phrases), "phrases": list(phrases)} | fields
    return Theme.objects.create(**values)


def an_admin_theme(brand: Brand, query: str, **fields: Any) -> Theme:
    return a_theme(brand, query=query, origin="admin", **{"name": query} | fields)


def counts(brand: Brand) -> dict[int | None, int]:
    """Mentions by theme, the same by hour and by day."""
    tables = (ThemeTally, ThemeTallyDay)
    found = [dict(t.objects.filter(brand=brand).values_list("theme").annotate(total=Sum("n"))) for t in tables]
    by_hour, by_day = ({theme: n for theme, n in one.items() if n} for one in found)
    assert by_hour == by_day
    return by_hour


def test_every_mention_gets_one_theme_or_none(brand: Brand) -> None:
    tank, beans = a_theme(brand, "water tank"), a_theme(brand, "stale beans", "beans")
    for text in ("my water tank leaks", "stale beans", "beans in the water tank, stale beans!", "hello there"):
        a_mention(brand, text)
    a_mention(a_brand("Other"), "water tank")
    assign(brand, NOW)
    assert counts(brand) == {tank.pk: 1, beans.pk: 2, None: 1}


def test_sorting_twice_changes_no_row(brand: Brand) -> None:
    a_theme(brand, "water tank")
    for _ in range(3):
        a_mention(brand, "the water tank")
    assign(brand, NOW)
    before = list(ThemeMember.objects.values()), ThemeTally.objects.count()
    begin_walk(brand)
    assert assign(brand, NOW) == 3
    assert (list(ThemeMember.objects.values()), ThemeTally.objects.count()) == before
    assert assign(brand, NOW) == 0


def test_a_walk_that_was_cut_off_goes_on_where_it_stood(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assigning, "BATCH", 2)
    theme = a_theme(brand, "water tank")
    old = NOW - timedelta(days=30)
    for i in range(7):  # collected before the first run, three of them published in the same instant
        at = old - timedelta(hours=i // 3)
        a_mention(brand, f"water tank {i}", published_at=at, collected_at=old)
    sorter = assigning.sorter_for(brand)
    assert assigning._walk(brand, sorter, NOW) == 2
    assert counts(brand) == {theme.pk: 2}
    with pytest.raises(RuntimeError), transaction.atomic():  # a worker dies in the middle of a batch
        assigning._walk(brand, sorter, NOW)
        raise RuntimeError
    assert counts(brand) == {theme.pk: 2}
    assert assign(brand, NOW) == 5
    assert counts(brand) == {theme.pk: 7}
    assert not ThemeState.objects.get().walking


def test_a_mention_that_was_committed_late_is_found_by_the_next_run(brand: Brand) -> None:
    theme = a_theme(brand, "water tank")
    assign(brand, NOW)
    a_mention(brand, "water tank", collected_at=NOW - timedelta(minutes=2))
    assert assign(brand, NOW + timedelta(minutes=1)) == 1
    assert counts(brand) == {theme.pk: 1}


def test_an_import_of_many_pages_is_sorted_in_one_run(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assigning, "BATCH", 2)
    theme = a_theme(brand, "water tank")
    assign(brand, NOW)
    for i in range(9):
        a_mention(brand, "water tank", collected_at=NOW + timedelta(seconds=i // 4))
    assign(brand, NOW + timedelta(minutes=1))
    assert counts(brand) == {theme.pk: 9}


@pytest.mark.parametrize("changes", [{"mood": 0}, {"hidden": "takendown"}, {"own": True}, {"network": "x"}])
def test_counts_follow_every_change_of_a_mention(brand: Brand, changes: dict[str, Any]) -> None:
    theme = a_theme(brand, "water tank")
    mention, other = a_mention(brand, "water tank"), a_mention(brand, "water tank again")
    assign(brand, NOW)
    if "mood" in changes:
        correct(mention, a_user(), sentiment="negative", complaint=True)
        cell = ThemeTally.objects.filter(brand=brand, mood="negative", is_complaint=True).aggregate(n=Sum("n"))
        assert cell["n"] == 1
        return
    Mention.objects.filter(pk=mention.pk).update(**changes)
    assert counts(brand) == {theme.pk: 2 if "network" in changes else 1}
    Mention.objects.filter(pk=mention.pk).update(hidden="", own=False, network=other.network)
    assert counts(brand) == {theme.pk: 2}


def test_a_mention_that_moves_in_time_is_counted_where_it_went(brand: Brand) -> None:
    theme = a_theme(brand, "water tank")
    mention = a_mention(brand, "water tank")
    assign(brand, NOW)
    Mention.objects.filter(pk=mention.pk).update(published_at=datetime(2026, 11, 1, 18, 45, tzinfo=UTC))
    day = ThemeTallyDay.objects.filter(theme=theme).values_list("day").annotate(total=Sum("n"))
    assert [str(d) for d, n in day if n] == ["2026-11-01"]  # 00:15 on the 2nd, in an hour of the 1st


def test_an_edited_text_is_sorted_again(brand: Brand) -> None:
    tank, beans = a_theme(brand, "water tank"), a_theme(brand, "beans")
    mention = a_mention(brand, "water tank", collected_at=NOW - timedelta(days=3))
    assign(brand, NOW)
    Mention.objects.filter(pk=mention.pk).update(text="beans", folded=fold("beans"))
    assert counts(brand) == {tank.pk: 1}
    assert assign(brand, NOW) == 1
    assert counts(brand) == {beans.pk: 1}


def test_deletion_at_the_network_takes_the_mention_out(brand: Brand) -> None:
    theme = a_theme(brand, "water tank")
    gone, _ = a_mention(brand, "water tank"), a_mention(brand, "water tank too")
    assign(brand, NOW)
    forget.follow([Deletion(gone.network, "post", gone.external_id, "delete")], NOW)
    assert counts(brand) == {theme.pk: 1}
    assert not ThemeMember.objects.filter(mention_id=gone.pk).exists()


def test_a_text_that_became_too_old_still_counts_for_its_theme(brand: Brand) -> None:
    theme = a_theme(brand, "water tank")
    brand.retention_days = 5
    brand.save()
    at = NOW - timedelta(days=20)
    a_mention(brand, "water tank", published_at=at)
    assign(brand, NOW)
    a_mention(brand, "water tank that nobody sorted in time", published_at=at, collected_at=at)
    forget.expire(NOW)
    begin_walk(brand)
    assign(brand, NOW)
    assert counts(brand) == {theme.pk: 1, None: 1}


def test_raw_deletes_and_the_removal_of_a_brand_leave_nothing(brand: Brand) -> None:
    a_theme(brand, "water tank")
    one, _ = a_mention(brand, "water tank"), a_mention(brand, "other words")
    assign(brand, NOW)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM listening_mention WHERE id = %s", [one.pk])
    assert sum(counts(brand).values()) == 1
    remove_brand(brand)
    fold_themes()
    left = (ThemeMember, ThemeTally, ThemeTallyDay, Theme, ThemeState)
    assert [table.objects.count() for table in left] == [0] * 5


def test_days_are_counted_again_when_the_brand_moves_to_another_zone(brand: Brand) -> None:
    theme = a_theme(brand, "water tank")
    a_mention(brand, "water tank", published_at=NOW - timedelta(days=1))
    assign(brand, NOW)
    brand.time_zone = "Pacific/Auckland"
    brand.save()
    assert counts(brand) == {theme.pk: 1}
    assert tally_differences() == []


def test_a_wrong_count_is_reported_and_repaired(brand: Brand) -> None:
    theme = a_theme(brand, "water tank")
    a_mention(brand, "water tank")
    assign(brand, NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE listening_themetally SET n = n + 1")
    (difference,) = theme_differences()
    assert (difference["engine"], difference["tally"], difference["mentions"]) == (f"theme {theme.pk}", 2, 1)
    rebuild_themes()
    assert counts(brand) == {theme.pk: 1}


def test_an_admins_theme_takes_precedence_and_the_older_of_two(brand: Brand) -> None:
    machine = a_theme(brand, "water tank", "leaks", "again")
    refunds, leaks = an_admin_theme(brand, "refund*"), an_admin_theme(brand, "leak* OR refund*")
    for text in ("the water tank leaks again", "refunded for my leaks", "water tank"):
        a_mention(brand, text)
    assign(brand, NOW)
    assert counts(brand) == {leaks.pk: 1, refunds.pk: 1, machine.pk: 1}


def test_a_merged_theme_is_counted_where_it_went(brand: Brand) -> None:
    tank, leaks = a_theme(brand, "water tank"), a_theme(brand, "leaks")
    for text in ("water tank", "it leaks"):
        a_mention(brand, text)
    assign(brand, NOW)
    leaks.merged_into = tank
    leaks.save()
    begin_walk(brand)
    assign(brand, NOW)
    assert counts(brand) == {tank.pk: 2}


def test_the_query_of_an_admin_asks_for_fields_as_a_search_does(brand: Brand) -> None:
    theme = an_admin_theme(brand, "tank AND is:addressed AND source:x")
    a_mention(brand, "tank", network="x", addressed="mentioned")
    a_mention(brand, "tank", network="x")
    a_mention(brand, "tank", addressed="mentioned")
    assign(brand, NOW)
    assert counts(brand) == {theme.pk: 1, None: 2}
