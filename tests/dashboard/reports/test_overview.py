"""Overview: figures that come from fewer questions to the database are the same figures."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.chart_parts import TableRow
from dashboard.reports import breakdown, trend, volume
from dashboard.reports.coverage import coverage, coverages
from dashboard.reports.narrow import Narrow
from dashboard.reports.overview import overview
from dashboard.reports.period import last_days
from dashboard.templatetags.markup import bucket_rows
from listening.models import Brand
from tests.builders import a_brand, a_complaint, a_gap, a_mention, a_source, at

UTC_ = ZoneInfo("UTC")
NOW = at("2026-11-23 12:30")


def a_lively_brand() -> tuple[Brand, Brand]:
    brand, rival = a_brand(), a_brand("Rival")
    source = a_source(brand, rival, collecting_since=at("2026-01-01 00:00"))
    a_gap(source, at("2026-11-20 10:30"), at("2026-11-20 13:00"))
    a_gap(source, at("2026-11-11 01:00"), at("2026-11-11 02:00"), "Long before.")
    for i in range(24):
        said = ["positive", "negative", "neutral", "unscored"][i % 4]
        where = {"network": ["x", "web", "bluesky"][i % 3], "language": ["en", "de"][i % 2]}
        a_mention(brand, sentiment=said, published_at=NOW - timedelta(hours=13 * i), **where)
    a_complaint(brand, published_at=NOW, addressed="replied", network="web")
    a_mention(rival, published_at=NOW)
    return brand, rival


@pytest.mark.django_db
@pytest.mark.parametrize("days", [7, 30])
@pytest.mark.parametrize("narrow", [Narrow(), Narrow(network=("web",)), Narrow(language=("-de",), complaint=False)])
def test_it_shows_the_figures_that_each_report_gives_alone(days: int, narrow: Narrow) -> None:
    brand, rival = a_lively_brand()
    period = last_days(days, UTC_, NOW)
    shown = overview(brand, period, [rival], narrow)
    assert shown.totals.now == volume.totals([brand], period, narrow)
    assert shown.totals.before == volume.totals([brand], period.previous(), narrow)
    assert shown.trend == trend.trend(brand, period, coverage(brand, period), narrow)
    assert shown.networks == breakdown.by("network", brand, period, narrow) != []
    assert shown.languages == breakdown.by("language", brand, period, narrow) != []
    assert [one.mentions for one in shown.voices] == [
        volume.totals([one], period, narrow).mentions for one in (brand, rival)
    ]


@pytest.mark.django_db
def test_it_judges_the_coverage_of_two_periods_as_of_each_alone() -> None:
    brand, _ = a_lively_brand()
    week = last_days(7, UTC_, NOW)
    now, then = coverages(brand, week, week.previous())
    assert (now, then) == (coverage(brand, week), coverage(brand, week.previous()))
    assert [gap.reason for gap in then.stretches] == ["Long before."]


def test_it_never_lets_a_strangers_words_into_the_table_as_markup() -> None:
    shown = bucket_rows([TableRow("<b>Mon</b>", '/?a=1&q="x"', ("<1", "2", "3", "4", "5", "6"))])
    assert "<b>" not in shown and '"x"' not in shown and "<1" not in shown
    assert "?a=1&amp;q=&quot;x&quot;" in shown
