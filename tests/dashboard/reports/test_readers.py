"""Figures say which engines they come from, and where one took over."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from dashboard import charts
from dashboard.reports.period import between
from dashboard.reports.readers import Change, readers
from dashboard.reports.trend import Point
from dashboard.reports.volume import Totals
from tests.builders import at

OLD, NEW = "vader-1", "earshot-1"
Days = list[Mapping[str, int]]


def points(days: Days, unsure: int = 0) -> list[Point]:
    buckets = between(date(2026, 10, 1), date(2026, 10, 31), ZoneInfo("UTC"), at("2026-11-23 12:00")).buckets()
    return [
        Point(bucket, Totals(neutral=sum(engines.values())), "full", unsure=unsure, engines=engines)
        for bucket, engines in zip(buckets, days, strict=False)
    ]


@pytest.mark.parametrize(
    ("days", "changes"),
    [
        ([{OLD: 3}, {OLD: 2}], ()),
        ([{OLD: 3}, {NEW: 2}, {NEW: 1}], (Change(1, OLD, NEW),)),
        ([{OLD: 3}, {}, {NEW: 2}], (Change(2, OLD, NEW),)),
        ([{OLD: 3}, {OLD: 1, NEW: 1}, {OLD: 1, NEW: 2}], (Change(2, OLD, NEW),)),
        ([{OLD: 1}, {NEW: 1}, {OLD: 1}], (Change(1, OLD, NEW), Change(2, NEW, OLD))),
        ([{"": 5}, {OLD: 1}, {"": 4}], ()),
        ([{OLD: 1}, {NEW: 1}] * 6, ()),
        ([{}, {}], ()),
    ],
)
def test_it_finds_where_one_engine_took_over(days: Days, changes: tuple[Change, ...]) -> None:
    assert readers(points(days)).changes == changes


def test_it_counts_who_read_how_many_and_how_many_are_unsure() -> None:
    found = readers(points([{OLD: 3, "": 1}, {NEW: 5, OLD: 1}], unsure=1))
    assert found.versions == ((NEW, 5), (OLD, 4)) and found.mixed
    assert (found.unsure, found.mentions, found.unsure_share) == (2, 10, 0.2)
    assert not readers(points([{OLD: 3}])).mixed
    assert readers([]).unsure_share == 0.0


def test_the_chart_marks_the_change_over_by_line_and_name() -> None:
    layout = charts.trend(points([{OLD: 3}, {NEW: 2}, {NEW: 2}]))["layout"]
    assert [shape["x0"] for shape in layout["shapes"]] == [0.5]
    assert [one["text"] for one in layout["annotations"]] == [f"{NEW} from here"]
    assert charts.trend(points([{OLD: 3}, {OLD: 2}]))["layout"]["shapes"] == []
