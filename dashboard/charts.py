"""Charts: Plotly figures as plain dicts. Colours are tokens by name ("token:accent"); js/chart.js resolves them."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from dashboard.chart_parts import TableRow, beside, gaps, layout, short, upright
from dashboard.reports.readers import Change, readers
from dashboard.reports.trend import Point
from dashboard.reports.volume import Totals
from dashboard.templatetags.earshot import exact, points as as_points, times
from listening.models import Measure, Spike

MOODS = (
    ("negative", "Negative", "token:negative-fill"),
    ("neutral", "Neutral", "token:neutral-fill"),
    ("positive", "Positive", "token:positive-fill"),
    ("unscored", "Not scored", "token:unscored-fill"),
)


def trend(shown: Sequence[Point], spikes: Sequence[Spike] = ()) -> dict[str, Any]:
    """Bars of volume by sentiment, a line of net sentiment, and hatching over what was not collected; `spikes` are
    marked where each began.

    x is the number of the bucket, not a time: Plotly knows no time zones, and an hour that happens twice is two bars.
    """
    at = list(range(len(shown)))
    data = [*gaps(shown), *(_bar(mood, label, colour, shown, at) for mood, label, colour in MOODS), _net(shown, at)]
    return {"data": [*data, *_marks(shown, spikes)], "layout": _layout(shown)}


def _marks(shown: Sequence[Point], spikes: Sequence[Spike]) -> list[dict[str, Any]]:
    """A triangle over each bucket in which a spike began."""
    texts: dict[int, list[str]] = {}
    for spike in spikes:
        for i, point in enumerate(shown):
            if point.bucket.start <= spike.began_at < point.bucket.end:
                name = "Complaints" if spike.measure == Measure.COMPLAINTS else "Volume"
                texts.setdefault(i, []).append(f"{name} {times(spike.strength)} times the usual")
    if not texts:
        return []
    totals = [point.totals.mentions if point.totals else 0 for point in shown]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": "Spike began",
            "x": list(texts),
            "y": [totals[i] for i in texts],
            "yaxis": "y2",
            "marker": {"color": "token:warning", "size": 10, "symbol": "triangle-down"},
            "customdata": [short("; ".join(found)) for found in texts.values()],
            "hovertemplate": "%{customdata}",
            "cliponaxis": False,
        }
    ]


def _bar(mood: str, label: str, colour: str, shown: Sequence[Point], at: list[int]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": label,
        "x": at,
        "y": [getattr(point.totals, mood) if point.totals else None for point in shown],
        "marker": {"color": colour, "line": {"width": 0}},
        "yaxis": "y2",
        "hovertemplate": "%{y:,}",
    }


def _net(shown: Sequence[Point], at: list[int]) -> dict[str, Any]:
    """By day as it is; by hour over the 24 hours up to then, for single hours hold too few mentions to mean much."""
    hourly = _hourly(shown)
    nets = _over_a_day(shown) if hourly else [_net_of(point) for point in shown]
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(shown) <= 31 else "lines",
        "name": "Net sentiment, 24 h" if hourly else "Net sentiment",
        "x": at,
        "y": [None if net is None else round(net * 100, 1) for net in nets],
        "yaxis": "y3",
        "line": {"color": "token:chart-line", "width": 2, "shape": "spline", "smoothing": 0.4},
        "marker": {"color": "token:chart-line", "size": 5},
        "hovertemplate": "%{y:+.0f}",
        "connectgaps": False,
    }


def _net_of(point: Point) -> float | None:
    return point.totals.net if point.totals else None


def _hourly(shown: Sequence[Point]) -> bool:
    return bool(shown) and "T" in shown[0].bucket.label


def _over_a_day(shown: Sequence[Point]) -> list[float | None]:
    """Net sentiment of the 24 buckets up to each one; None where it is unknown, and first, where they are too few."""
    few = min(12, len(shown) // 4)
    balance = [0, *accumulate(p.totals.positive - p.totals.negative if p.totals else 0 for p in shown)]
    scored = [0, *accumulate(p.totals.scored if p.totals else 0 for p in shown)]
    nets: list[float | None] = []
    for i, point in enumerate(shown):
        first = max(0, i - 23)
        n = scored[i + 1] - scored[first]
        nets.append((balance[i + 1] - balance[first]) / n if point.totals and n and i >= few else None)
    return nets


def _layout(shown: Sequence[Point]) -> dict[str, Any]:
    changes = readers(shown).changes
    return layout([point.bucket for point in shown], tickformat=",d" if _largest(shown) < 10_000 else "~s") | {
        "shapes": [_took_over(change) for change in changes],
        "annotations": [_name_of(change, len(shown)) for change in changes],
        "barmode": "stack",
        "bargap": 0.18 if len(shown) <= 120 else 0.05,
        "margin": {"l": 44, "r": 40, "t": 8, "b": 30},
        "yaxis3": {
            "overlaying": "y",
            "side": "right",
            "anchor": "x",
            "range": [-105, 105],
            "tickvals": [-100, 0, 100],
            "ticktext": ["−100", "0", "+100"],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
    }


def _took_over(change: Change) -> dict[str, Any]:
    """A line before the bucket from which on another engine read the mentions."""
    return upright(change.place - 0.5, {"color": "token:ink-faint", "width": 1, "dash": "dot"})


def _name_of(change: Change, buckets: int) -> dict[str, Any]:
    """The engine's version beside the line."""
    return beside(change.place - 0.5, buckets, f"{change.engine} from here", "token:ink-soft")


def _largest(shown: Sequence[Point]) -> int:
    return max((point.totals.mentions for point in shown if point.totals), default=0)


def table(shown: Sequence[Point], urls: Sequence[str]) -> list[TableRow]:
    """The same chart as rows, the latest first, without what is yet to come.

    Numbers: mentions, negative, neutral, positive, not scored, net sentiment.
    """
    return [
        TableRow(point.bucket.name, url, _numbers(point.totals))
        for point, url in reversed(list(zip(shown, urls, strict=True)))
        if point.collected != "future"
    ]


def _numbers(totals: Totals | None) -> tuple[str, ...]:
    if totals is None:
        return ()
    counts = (totals.mentions, totals.negative, totals.neutral, totals.positive, totals.unscored)
    return (*map(exact, counts), as_points(totals.net))
