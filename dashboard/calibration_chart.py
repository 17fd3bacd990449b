"""The calibration plot: what the machine promised against what came true, with 95 % intervals, as a Plotly figure."""

from typing import Any

from dashboard.chart_parts import FONT
from listening.quality.calibration import Bin, Calibration

TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
NAMES = ("0%", "25%", "50%", "75%", "100%")


def calibration_chart(found: Calibration) -> dict[str, Any]:
    """A dot per bin; on the diagonal the machine is as sure as it should be."""
    return {"data": [_diagonal(), _dots(found)], "layout": _layout()}


def _diagonal() -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "As sure as it should be",
        "x": [0, 1],
        "y": [0, 1],
        "line": {"color": "token:chart-gap", "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }


def _dots(found: Calibration) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Measured, with 95% interval",
        "x": [round(one.mean, 4) for one in found.bins],
        "y": [one.true.value for one in found.bins],
        "customdata": [one.true.n for one in found.bins],
        "marker": {"color": "token:chart-line", "size": 8},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [_up(one) for one in found.bins],
            "arrayminus": [_down(one) for one in found.bins],
            "color": "token:chart-line",
            "thickness": 1.2,
            "width": 3,
        },
        "hovertemplate": "promised %{x:.0%}, came true %{y:.0%} of %{customdata}<extra></extra>",
    }


def _up(one: Bin) -> float:
    return round((one.true.high or 0) - (one.true.value or 0), 4)


def _down(one: Bin) -> float:
    return round((one.true.value or 0) - (one.true.low or 0), 4)


def _layout() -> dict[str, Any]:
    axis: dict[str, Any] = {
        "range": [-0.03, 1.03],
        "tickvals": list(TICKS),
        "ticktext": list(NAMES),
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": "token:chart-grid",
    }
    return {
        "font": FONT,
        "paper_bgcolor": "token:transparent",
        "plot_bgcolor": "token:transparent",
        "margin": {"l": 56, "r": 16, "t": 8, "b": 44},
        "hoverlabel": {"bgcolor": "token:raised", "bordercolor": "token:rule", "font": {"color": "token:ink"}},
        "showlegend": False,
        "xaxis": axis | {"title": {"text": "How sure the machine was"}},
        "yaxis": axis | {"title": {"text": "How often that came true"}},
    }
