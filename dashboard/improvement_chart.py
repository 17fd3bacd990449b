"""The chart of an improvement: the theme's share of complaints day by day, with the day that it was done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dashboard.chart_parts import TableRow, beside, gaps, layout, upright
from dashboard.reports.effects import Effect
from dashboard.reports.theme_days import Counted, Daily
from dashboard.reports.trend import Point
from dashboard.templatetags.earshot import exact, percent
from listening.models import Improvement


def chart(found: Daily, improvement: Improvement, effect: Effect | None) -> dict[str, Any]:
    """Shares in per cent of the day's mentions; x is the number of the day. Rates before and after as level lines."""
    shown = _points(found)
    at = list(range(len(shown)))
    done = _place(found, improvement.done_at)
    data = [*gaps(shown), _others(found.points, at), _theme(found.points, at), *_levels(effect, done, len(at))]
    return {"data": data, "layout": _layout(found, done)}


def table(found: Daily, urls: Sequence[str]) -> list[TableRow]:
    """The same as rows, the latest first, without what is yet to come.

    Numbers: complaints of the theme, its mentions, all mentions, the share.
    """
    days = zip(found.buckets, found.points, urls, strict=True)
    return [
        TableRow(bucket.name, url, _numbers(point))
        for bucket, point, url in reversed(list(days))
        if found.coverage.of(bucket) != "future"
    ]


def _numbers(point: Counted | None) -> tuple[str, ...]:
    if point is None:
        return ()
    counts = (point.themed_complaints, point.themed, point.mentions)
    return (*map(exact, counts), percent(_share(point.themed_complaints, point.mentions)))


def _points(found: Daily) -> list[Point]:
    """For the hatching of what was not collected."""
    whole = found.coverage
    kinds = [whole.of(bucket) for bucket in found.buckets]
    return [Point(b, None, kind, whole.why(b)) for b, kind in zip(found.buckets, kinds, strict=True)]


def _share(count: int, of: int) -> float | None:
    return count / of if of else None


def _per_cent(count: int, of: int) -> float | None:
    share = _share(count, of)
    return None if share is None else round(share * 100, 2)


def _theme(points: Sequence[Counted | None], at: list[int]) -> dict[str, Any]:
    shares = [_per_cent(p.themed_complaints, p.mentions) if p else None for p in points]
    return _line("Complaints about it", shares, at) | {
        "mode": "lines+markers",
        "line": {"color": "token:chart-line", "width": 2},
        "marker": {"color": "token:chart-line", "size": 5},
    }


def _others(points: Sequence[Counted | None], at: list[int]) -> dict[str, Any]:
    shares = [_per_cent(p.complaints - p.themed_complaints, p.mentions - p.themed) if p else None for p in points]
    return _line("All other complaints", shares, at) | {
        "mode": "lines",
        "line": {"color": "token:neutral-fill", "width": 1.5, "dash": "dot"},
        "visible": "legendonly",  # a click on its name shows them; they would press the theme flat
    }


def _line(name: str, shares: list[float | None], at: list[int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": name,
        "x": at,
        "y": shares,
        "yaxis": "y2",
        "hovertemplate": "%{y:.1f}%",
        "connectgaps": False,
    }


def _levels(effect: Effect | None, done: int | None, days: int) -> list[dict[str, Any]]:
    """The two rates that were compared, over the days that were."""
    if effect is None or effect.complaints is None or done is None:
        return []
    rates = (effect.complaints.rate_before, effect.complaints.rate_after)
    ends = ((max(0, done - effect.days), done - 1), (done + 1, min(days - 1, done + effect.days)))
    return [
        _line(name, [round(rate * 100, 2)] * 2, list(span))
        | {
            "mode": "lines",
            "line": {"color": "token:accent", "width": 2.5},
            "showlegend": name == "Rate before and after",
        }
        for name, rate, span in zip(("Rate before and after", "Rate after"), rates, ends, strict=True)
    ]


def _place(found: Daily, done_at: datetime | None) -> int | None:
    return next((i for i, b in enumerate(found.buckets) if done_at and b.start <= done_at < b.end), None)


def _layout(found: Daily, done: int | None) -> dict[str, Any]:
    n = len(found.buckets)
    return layout(found.buckets, ticksuffix="%") | {
        "shapes": [] if done is None else [upright(done, {"color": "token:good", "width": 2})],
        "annotations": [] if done is None else [beside(done, n, "Done", "token:good")],
        "margin": {"l": 44, "r": 16, "t": 8, "b": 30},
    }
