"""Chart parts: what charts over time share, as Plotly's plain dicts: axes, hatching, lines with a word, table rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.reports.marking import shortened
from dashboard.reports.period import Bucket
from dashboard.reports.trend import Point

TICKS = 8
FONT = {"family": "token:font-text", "size": 12, "color": "token:ink-faint"}
HATCH = {"none": "Not collected", "part": "Partly collected"}


@dataclass(frozen=True, slots=True)
class TableRow:
    """One bucket as a row: its name, the address of its mentions, and its numbers; no numbers where it is unknown."""

    name: str
    url: str
    numbers: tuple[str, ...]


def layout(buckets: Sequence[Bucket], **counts: str) -> dict[str, Any]:
    """Frame and axes; x is the number of the bucket, what is counted stands on the left as y2.

    The gaps lie on the axis below all others, so that what came in later is drawn over them.
    """
    ticks = _ticks(buckets)
    return {
        "font": FONT,
        "paper_bgcolor": "token:transparent",
        "plot_bgcolor": "token:transparent",
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": "token:raised", "bordercolor": "token:rule", "font": {"color": "token:ink"}},
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "normal",
        },
        "xaxis": {
            "tickvals": ticks,
            "ticktext": [_tick(buckets[i]) for i in ticks],
            "range": [-0.5, len(buckets) - 0.5],
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
        "yaxis": {"visible": False, "fixedrange": True, "range": [0, 1]},
        "yaxis2": {
            "overlaying": "y",
            "side": "left",
            "anchor": "x",
            "fixedrange": True,
            "rangemode": "tozero",
            "gridcolor": "token:chart-grid",
            "zeroline": False,
            "tickmode": "auto",  # an axis over another would take that one's places
            "nticks": 5,
            **counts,
        },
        "showlegend": True,
    }


def upright(x: float, line: dict[str, Any]) -> dict[str, Any]:
    """A line over the whole height."""
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "xref": "x", "yref": "paper", "line": line}


def beside(x: float, buckets: int, text: str, colour: str) -> dict[str, Any]:
    """A word beside such a line, on the side where there is more room."""
    return {
        "text": text,
        "x": x,
        "y": 1,
        "xref": "x",
        "yref": "paper",
        "xanchor": "left" if x < buckets / 2 else "right",
        "yanchor": "top",
        "showarrow": False,
        "bgcolor": "token:surface",
        "font": {"color": colour, "size": 11},
    }


def gaps(shown: Sequence[Point]) -> list[dict[str, Any]]:
    """Full-height hatched bars behind the buckets that were not, or only partly, collected."""
    return [_hatch(kind, label, found) for kind, label in HATCH.items() if (found := _of(shown, kind))]


def _of(shown: Sequence[Point], kind: str) -> list[tuple[int, Point]]:
    return [(i, point) for i, point in enumerate(shown) if point.collected == kind]


def _hatch(kind: str, label: str, found: list[tuple[int, Point]]) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": label,
        "x": [i for i, _ in found],
        "y": [1] * len(found),
        "width": 1,
        "marker": {
            "color": "token:sunken",
            "line": {"width": 0},
            "pattern": {
                "shape": "/",
                "fgcolor": "token:chart-gap",
                "bgcolor": "token:sunken",
                "size": 7,
                "solidity": 0.16 if kind == "none" else 0.07,
            },
        },
        "customdata": [short(point.why) for _, point in found],
        "hovertemplate": "%{customdata}",
    }


def short(text: str, limit: int = 90) -> str:
    """Plotly reads markup in hover texts; a stranger's error message must stay text."""
    return shortened(text, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _ticks(buckets: Sequence[Bucket]) -> list[int]:
    """Where the axis is labelled: at midnights where the buckets are hours and there are several days."""
    midnights = [i for i, bucket in enumerate(buckets) if bucket.label.endswith("T00:00")]
    places = midnights if len(midnights) > 2 else list(range(len(buckets)))
    return places[:: max(1, -(-len(places) // TICKS))]


def _tick(bucket: Bucket) -> str:
    """ "24 Oct" or "24 Oct 06:00" from the bucket's local name."""
    day, _, hour = bucket.name.partition(", ")
    words = day.split()[1:3]
    return " ".join(words) + (f" {hour[:5]}" if hour and not hour.startswith("00:00") else "")
