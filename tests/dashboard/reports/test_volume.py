"""Volume, breakdowns and comparisons: from the tally, with what can't be scored left out of net sentiment."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.reports import breakdown
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import last_days
from dashboard.reports.volume import Totals, per_brand, totals
from dashboard.stats import relative
from tests.builders import a_brand, a_complaint, a_mention, at

UTC_ = ZoneInfo("UTC")
NOW = at("2026-11-23 12:30")


def test_it_leaves_unscored_mentions_out_of_net_sentiment() -> None:
    assert Totals(positive=3, neutral=1, negative=1, unscored=95).net == 0.4


def test_it_has_no_net_sentiment_where_nothing_could_be_scored() -> None:
    assert Totals(unscored=5).net is None
    assert Totals().complaint_share is None


@pytest.mark.django_db
def test_it_counts_neither_own_posts_nor_hidden_ones() -> None:
    brand = a_brand()
    a_mention(brand, published_at=NOW, sentiment="positive")
    a_mention(brand, published_at=NOW, own=True)
    a_mention(brand, published_at=NOW, hidden="withheld")
    a_mention(a_brand("Other"), published_at=NOW)
    assert totals([brand], last_days(7, UTC_, NOW)) == Totals(positive=1)


@pytest.mark.django_db
def test_it_narrows_by_value_and_by_exclusion() -> None:
    brand = a_brand()
    for network in ("x", "x", "bluesky", "mastodon"):
        a_mention(brand, network=network, published_at=NOW)
    week = last_days(7, UTC_, NOW)
    assert totals([brand], week, Narrow(network=("x", "bluesky"))).mentions == 3
    assert totals([brand], week, Narrow(network=("-x",))).mentions == 2


@pytest.mark.django_db
def test_it_puts_a_mention_into_the_day_of_the_brands_zone() -> None:
    brand, zone = a_brand(), ZoneInfo("Pacific/Auckland")
    a_mention(brand, published_at=at("2026-11-16 11:30"))  # the 17th, 00:30 in Auckland
    assert totals([brand], last_days(7, zone, at("2026-11-23 10:00"))).mentions == 1
    assert totals([brand], last_days(6, zone, at("2026-11-23 10:00"))).mentions == 0


@pytest.mark.django_db
def test_it_breaks_down_by_network_the_largest_first() -> None:
    brand = a_brand()
    for network in ("x", "bluesky", "bluesky", "bluesky"):
        a_mention(brand, network=network, published_at=NOW)
    found = breakdown.by("network", brand, last_days(7, UTC_, NOW))
    assert [(one.value, one.totals.mentions, one.share) for one in found] == [("bluesky", 3, 0.75), ("x", 1, 0.25)]


@pytest.mark.django_db
def test_it_shares_the_voice_between_the_brand_and_its_rivals_now_and_before() -> None:
    brand, rival = a_brand(), a_brand("Rival")
    week = last_days(7, UTC_, NOW)
    for _ in range(3):
        a_mention(brand, published_at=NOW)
    a_mention(rival, published_at=NOW)
    a_mention(rival, published_at=NOW - timedelta(days=8))
    now, before = (per_brand([brand, rival], period) for period in (week, week.previous()))
    ours, theirs = breakdown.voices(brand, [rival], now, before)
    assert (ours.share, ours.before, theirs.share, theirs.before) == (0.75, 0.0, 0.25, 1.0)


@pytest.mark.django_db
def test_it_counts_a_persons_correction_and_not_the_machine() -> None:
    brand = a_brand()
    a_complaint(brand, published_at=NOW, complaint_by_person=False, sentiment_by_person="positive")
    assert totals([brand], last_days(7, UTC_, NOW)) == Totals(positive=1)


def test_it_says_how_a_count_changed() -> None:
    assert (relative(150, 100).text, relative(150, 100).direction) == ("+50%", "up")
    assert relative(0, 10, when_up="bad").tone == "good"
    assert relative(5, 0).text == "+5"
    assert relative(3, 3).text == "no change"
