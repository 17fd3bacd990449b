"""Rebuilding keeps ids, names and what people said; the same mentions twice change nothing."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dashboard import theming
from ingest import tasks
from ingest.themes.assign import assign
from ingest.themes.rebuild import EVERY, LINGERS, SOON, rebuild, rebuild_due
from listening.models import Brand, Mention, Theme, ThemeMember, ThemeState
from listening.query import fold
from tests.builders import a_brand, a_user
from tests.themes.test_finding import said

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def fill(brand: Brand, theme: str, n: int, days: float = 3, seed: int = 1) -> None:
    Mention.objects.bulk_create(
        Mention(
            brand=brand,
            network="x",
            external_id=f"{theme}{seed}-{i}",
            text=post.folded,
            folded=fold(post.folded),
            language="en",
            published_at=NOW - timedelta(days=days, minutes=i),
            collected_at=NOW - timedelta(days=days),
        )
        for i, post in enumerate(said(theme, n, seed))
    )


@pytest.fixture
def brand() -> Brand:
    brand = a_brand("Acme", slug="acme")
    fill(brand, "refund", 80)
    fill(brand, "tank", 60)
    return brand


def the_theme(brand: Brand, phrase: str) -> Theme:
    (theme,) = [theme for theme in brand.themes.live() if any(phrase in one for one in theme.phrases)]
    return theme


def rows(brand: Brand) -> list[Any]:
    return list(brand.themes.order_by("pk").values("pk", "name", "phrases", "why", "retired_at", "merged_into"))


def test_the_same_mentions_twice_change_nothing_and_start_no_walk(brand: Brand) -> None:
    rebuild(brand, NOW)
    assign(brand, NOW)
    before = rows(brand), list(ThemeMember.objects.values())
    rebuild(brand, NOW + timedelta(hours=1))
    assert not ThemeState.objects.get().walking
    assert (rows(brand), list(ThemeMember.objects.values())) == before


def test_a_theme_keeps_its_id_when_more_is_said_about_it(brand: Brand) -> None:
    rebuild(brand, NOW)
    refund = the_theme(brand, "refund")
    fill(brand, "refund", 40, days=1, seed=7)
    fill(brand, "beans", 50, days=1)
    rebuild(brand, NOW)
    assert the_theme(brand, "refund").pk == refund.pk
    assert the_theme(brand, "stale beans").pk > refund.pk
    assert ThemeState.objects.get().walking


def test_a_theme_that_is_not_found_lingers_a_week_and_then_retires(brand: Brand) -> None:
    rebuild(brand, NOW)
    tank = the_theme(brand, "tank")
    Mention.objects.filter(external_id__startswith="tank").delete()
    rebuild(brand, NOW)
    assert the_theme(brand, "tank").pk == tank.pk
    rebuild(brand, NOW + LINGERS + timedelta(hours=1))
    tank.refresh_from_db()
    assert tank.retired_at is not None
    fill(brand, "tank", 60, seed=5)
    rebuild(brand, NOW + LINGERS + timedelta(hours=2))
    assert the_theme(brand, "tank").pk == tank.pk  # it comes back as what it was


def test_what_a_person_said_outlives_the_machine(brand: Brand) -> None:
    rebuild(brand, NOW)
    user, tank, refund = a_user(), the_theme(brand, "tank"), the_theme(brand, "refund")
    theming.change(refund, user, "Money back", "")
    theming.remove(tank, user)
    fill(brand, "refund", 30, days=1, seed=8)
    fill(brand, "tank", 30, days=1, seed=8)
    rebuild(brand, NOW + timedelta(days=1))
    assert the_theme(brand, "refund").title == "Money back"
    assert not any("water tank" in phrase for theme in brand.themes.live() for phrase in theme.phrases)


def test_the_task_looks_once_a_day_and_sooner_where_nothing_was_found(brand: Brand) -> None:
    silent = a_brand("Silent")
    assert rebuild_due(NOW) == 2
    assert rebuild_due(NOW) == 0
    assert brand.theme_state.find_at == NOW + EVERY
    assert silent.theme_state.find_at == NOW + SOON
    assert rebuild_due(NOW + SOON) == 1


def test_the_bells_find_and_sort(brand: Brand) -> None:
    tasks.find_themes()
    tasks.sort_into_themes()
    assert ThemeMember.objects.count() == brand.mentions.count()
    assert ThemeMember.objects.exclude(theme=None).count() >= 130


def test_find_themes_prints_what_would_be_found_and_writes_nothing(brand: Brand) -> None:
    out = StringIO()
    call_command("find_themes", brand="acme", stdout=out)
    told = json.loads(out.getvalue())
    assert any("refund" in theme["phrases"] for theme in told["themes"])
    assert 0 <= told["ungrouped_share"] < 1
    assert not Theme.objects.exists()
    call_command("find_themes", brand="acme", save=True, stdout=StringIO(), stderr=StringIO())
    assert [theme.name for theme in brand.themes.all()] == [theme["name"] for theme in told["themes"]]
    with pytest.raises(CommandError, match="There is no brand nowhere. Brands: acme"):
        call_command("find_themes", brand="nowhere")
