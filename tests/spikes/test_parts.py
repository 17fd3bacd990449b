"""Networks and themes are judged by themselves: what stands out in one of them is told, inside the whole or alone."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.test import Client

from dashboard.reports.spikes import spikes
from dashboard.spikes.judging import judge, judge_all, tell_themes
from dashboard.spikes.subjects import LEAST, Subject, subjects
from listening.models import Brand, Spike, Tally, Theme, ThemeState, ThemeTally, ThemeTallyDay
from listening.models.tally_day import rebuild_days
from listening.models.theme_tally import KIND
from tests.builders import a_brand, a_mention, a_source
from tests.spikes.made import WEEK, burst, counts
from tests.spikes.test_judging import END, START, STORM, hour
from tests.spikes.test_page import BEGAN, a_spike

pytestmark = pytest.mark.django_db
STORMY = burst(STORM, 6, 9)


def told(
    brand: Brand, level: float, bursts: Mapping[int, float], seed: int, network: str, theme: Theme | None = None
) -> None:
    """Six weeks of mentions on one network, and where a theme is given, all of that theme."""
    values = enumerate(counts(6 * WEEK, level, bursts, seed))
    plain = {"language": "en", "mood": "neutral", "is_complaint": False, "is_addressed": False, "is_unsure": False}
    rows = [
        {"brand": brand, "hour": hour(n), "n": int(count), "network": network, **plain} for n, count in values if count
    ]
    Tally.objects.bulk_create([Tally(engine="vader", **row) for row in rows])
    if theme:
        ThemeTally.objects.bulk_create([ThemeTally(theme=theme, **row) for row in rows])
    days_follow()


def days_follow() -> None:
    rebuild_days()
    days = ThemeTally.objects.annotate(day=TruncDate("hour")).order_by().values("brand_id", "theme_id", "day", *KIND)
    ThemeTallyDay.objects.all().delete()
    ThemeTallyDay.objects.bulk_create([ThemeTallyDay(**row) for row in days.annotate(n=Sum("n"))])


@pytest.fixture
def listened() -> Brand:
    brand = a_brand()
    a_source(brand, collecting_since=START)
    ThemeState.objects.create(brand=brand, find_at=END)
    return brand


def a_theme(brand: Brand, name: str = "refund") -> Theme:
    return Theme.objects.create(brand=brand, name=name, phrases=[name])


def of(**part: str) -> list[Spike]:
    return list(Spike.objects.filter(began_at__gte=hour(STORM - 3), measure="volume", **part))


def test_it_judges_busy_networks_and_themes_and_leaves_out_small_ones(listened: Brand) -> None:
    brand = listened
    theme, rare = a_theme(brand), a_theme(brand, "rare")
    told(brand, 5, {}, 1, network="x", theme=theme)
    told(brand, 5, {}, 2, network="mastodon")
    cell = {"network": "web", "language": "en", "mood": "neutral", "is_complaint": False, "is_addressed": False}
    Tally.objects.create(brand=brand, hour=hour(6 * WEEK - 9), n=LEAST - 1, engine="vader", **cell)
    ThemeTally.objects.create(brand=brand, theme=rare, hour=hour(6 * WEEK - 9), n=LEAST - 1, is_unsure=False, **cell)
    days_follow()
    expected = [Subject(), Subject("mastodon"), Subject("x"), Subject(theme=str(theme.pk))]
    assert subjects(brand, END) == expected


def test_a_single_network_is_the_whole(listened: Brand) -> None:
    brand = listened
    told(brand, 5, {}, 1, network="x")
    assert subjects(brand, END) == [Subject()]


def test_themes_wait_while_mentions_are_sorted_anew(listened: Brand) -> None:
    brand = listened
    told(brand, 5, {}, 1, network="x", theme=a_theme(brand))
    ThemeState.objects.update(walking=True)
    assert subjects(brand, END) == [Subject()]


def test_what_stands_out_on_a_small_network_is_told_though_the_whole_is_calm(listened: Brand) -> None:
    brand = listened
    told(brand, 60, {}, 1, network="mastodon")
    told(brand, 3, STORMY, 2, network="x")
    judge(brand, END)
    assert [spike.network for spike in of(network="x")] == ["x"]
    assert not of(network="", theme="")
    (shown,) = spikes(brand, END).shown
    assert (shown.spike.network, shown.inside) == ("x", ())


def test_what_stands_out_with_the_whole_is_told_inside_of_it(listened: Brand) -> None:
    brand = listened
    theme = a_theme(brand)
    told(brand, 8, {}, 1, network="mastodon")
    told(brand, 8, STORMY, 2, network="x", theme=theme)
    judge(brand, END)
    (whole,) = [shown for shown in spikes(brand, END).shown if shown.spike.began_at >= hour(STORM - 3)]
    assert (whole.spike.network, whole.spike.theme) == ("", "")
    assert {(one.spike.network, one.theme) for one in whole.inside} == {("x", ""), ("", "refund")}
    ((name, _, usual),) = [(part.name, part.count, part.usual) for part in whole.themes]
    assert (name, usual) == ("refund", 1.0)  # of the mentions that were sorted


def test_hour_by_hour_parts_are_found_as_at_once(listened: Brand) -> None:
    brand = listened
    told(brand, 60, {}, 1, network="mastodon")
    told(brand, 3, STORMY, 2, network="x", theme=a_theme(brand))
    judge(brand, END)
    at_once = set(Spike.objects.values_list("network", "theme", "measure", "began_at", "ended_at", "peak"))
    assert at_once
    judge(brand, END, again=True)
    for number in [*range(STORM - 2, STORM + 20), 6 * WEEK]:
        judge(brand, min(END, hour(number) + timedelta(minutes=20)))
    assert set(Spike.objects.values_list("network", "theme", "measure", "began_at", "ended_at", "peak")) == at_once


def test_a_running_spike_of_a_theme_that_went_away_still_ends(listened: Brand) -> None:
    brand = listened
    theme = a_theme(brand)
    told(brand, 60, {}, 1, network="mastodon")
    told(brand, 4, dict.fromkeys(range(STORM, STORM + 4), 9.0), 2, network="x", theme=theme)
    judge(brand, hour(STORM + 3) + timedelta(minutes=20))
    assert of(theme=str(theme.pk))[0].ended_at is None
    Theme.objects.update(retired_at=hour(STORM + 3))
    judge(brand, END)
    assert of(theme=str(theme.pk))[0].ended_at


def test_themes_are_told_once_the_mentions_are_sorted(listened: Brand) -> None:
    brand = listened
    theme = a_theme(brand)
    told(brand, 8, {}, 1, network="mastodon")
    told(brand, 8, STORMY, 2, network="x", theme=theme)
    ThemeState.objects.update(walking=True)
    judge_all(END)
    (whole,) = of(network="", theme="")
    assert (whole.drivers["sorted"], whole.drivers["themes"][0][0]) == (False, theme.pk)  # what is known so far
    ThemeTally.objects.filter(theme=theme).update(n=5)
    assert tell_themes(END) == 0
    ThemeState.objects.update(walking=False, sorted_to=END)
    assert tell_themes(END) > 0
    whole.refresh_from_db()
    assert whole.drivers["sorted"]
    assert tell_themes(END) == 0


@pytest.mark.parametrize(("usual", "height"), [(12.0, "4.2 times the usual"), (0.1, "50 in one hour, usually next")])
def test_a_ratio_to_next_to_nothing_is_not_told(marketer: Client, brand: Brand, usual: float, height: str) -> None:
    a_spike(brand, expected=usual, strength=50 / 12)
    assert height in " ".join(marketer.get("/b/acme/spikes/").content.decode().split())


def test_the_card_says_where_and_about_what(marketer: Client, brand: Brand) -> None:
    theme = a_theme(brand, "late <refund>")
    a_mention(brand, published_at=BEGAN)
    a_spike(brand, network="x")
    a_spike(brand, theme=str(theme.pk), measure="complaints", peak=5, peak_of=9)
    page = " ".join(marketer.get("/b/acme/spikes/").content.decode().split())
    assert "Volume on X: 4.2 times the usual" in page
    assert "Complaints about “late &lt;refund&gt;”" in page
    (among,) = re.findall(r'among <a href="([^"]*)">9 mentions', page)
    assert f"theme={theme.pk}" in among
    assert "complaint=" not in among
