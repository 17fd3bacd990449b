"""Charts: figures that Plotly takes, in colours by token, with strangers' words as text."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import pytest

from dashboard import charts
from dashboard.reports.period import Bucket, between
from dashboard.reports.trend import Point
from dashboard.reports.volume import Totals
from tests.builders import at

TOKENS = (Path(__file__).resolve().parents[3] / "static/css/tokens.css").read_text(encoding="utf-8")
BERLIN = ZoneInfo("Europe/Berlin")


def buckets(first: int, last: int) -> list[Bucket]:
    return between(date(2026, 10, first), date(2026, 10, last), BERLIN, at("2026-11-23 12:00")).buckets()


def points(first: int, last: int) -> list[Point]:
    found = [Point(bucket, Totals(i, 2, 1, 1), "full") for i, bucket in enumerate(buckets(first, last))]
    found[3] = Point(found[3].bucket, None, "none", "<b>No</b> quota & nothing")
    found[4] = Point(found[4].bucket, Totals(), "part", "x" * 200)
    return found


def resolved(value: Any) -> Any:
    """As js/chart.js does, with some colour."""
    if isinstance(value, str) and value.startswith("token:"):
        return "Arial" if "font" in value else "rgba(1, 2, 3, 0.5)"
    if isinstance(value, list):
        return [resolved(one) for one in value]
    return {key: resolved(one) for key, one in value.items()} if isinstance(value, dict) else value


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in strings(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(("first", "last"), [(1, 31), (25, 25), (24, 27)])
def test_it_draws_figures_that_plotly_takes(first: int, last: int) -> None:
    figure = go.Figure(resolved(charts.trend(points(first, last))))  # raises ValueError for what it does not know
    assert len(figure.data) == 7


def test_every_colour_is_a_token_that_the_style_sheet_defines() -> None:
    names = {text.removeprefix("token:") for text in strings(charts.trend(points(1, 31))) if text.startswith("token:")}
    assert "negative-fill" in names
    assert [name for name in names - {"transparent"} if f"--{name}:" not in TOKENS] == []


def test_it_leaves_out_what_is_unknown_and_hatches_it() -> None:
    figure = charts.trend(points(1, 31))
    by_name = {trace["name"]: trace for trace in figure["data"]}
    assert by_name["Negative"]["y"][3] is None
    assert by_name["Net sentiment"]["y"][3] is None
    assert (by_name["Not collected"]["x"], by_name["Partly collected"]["x"]) == ([3], [4])
    assert by_name["Not collected"]["marker"]["pattern"]["shape"] == "/"


def test_it_gives_plotly_no_markup_of_strangers() -> None:
    (gap,) = [trace for trace in charts.trend(points(1, 31))["data"] if trace["name"] == "Not collected"]
    assert gap["customdata"] == ["&lt;b&gt;No&lt;/b&gt; quota &amp; nothing"]


def test_it_has_a_bar_for_each_of_the_25_hours_of_a_day() -> None:
    figure = charts.trend(points(25, 25))
    (bars,) = [trace for trace in figure["data"] if trace["name"] == "Positive"]
    assert bars["x"] == list(range(25))


@pytest.mark.parametrize(("day", "hours", "hour"), [(25, 25, "02"), (24, 24, "02")])
def test_the_server_names_each_hour_by_the_local_clock(day: int, hours: int, hour: str) -> None:
    """Plotly gets numbers and names, never times; the hour that happens twice is two bars and two rows."""
    shown = points(day, day)
    figure = charts.trend(shown)
    names = [row.name for row in charts.table(shown, [""] * hours)]
    assert len(names) == hours
    assert sum(f" {hour}:00" in name or name.startswith(f"{hour}:00") for name in names) == (2 if hours == 25 else 1)
    axis = figure["layout"]["xaxis"]
    assert all(isinstance(value, int) for value in axis["tickvals"]) and "type" not in axis
    assert not [text for text in strings(figure) if "+01:00" in text or "+02:00" in text or text.endswith("Z")]


def test_it_draws_hourly_net_sentiment_over_24_hours() -> None:
    shown = [
        Point(bucket, Totals(positive=1) if i else Totals(negative=1), "full")
        for i, bucket in enumerate(buckets(24, 25))
    ]
    (net,) = [trace for trace in charts.trend(shown)["data"] if trace["name"] == "Net sentiment, 24 h"]
    assert (net["y"][11], net["y"][23], net["y"][24]) == (None, round(22 / 24 * 100, 1), 100.0)


def test_its_table_has_the_same_numbers_the_latest_first() -> None:
    urls = [f"/{i}" for i in range(31)]
    rows = charts.table(points(1, 31), urls)
    assert len(rows) == 31
    assert [(row.url, row.numbers) for row in rows[-5:-2]] == [
        ("/4", ("0", "0", "0", "0", "0", "–")),
        ("/3", ()),
        ("/2", ("6", "1", "2", "2", "1", "+20")),
    ]
