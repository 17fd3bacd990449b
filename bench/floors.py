"""What figures must reach: a benchmark names its `floors` (at least) and `ceilings` (at most) beside its figures."""

from collections.abc import Mapping, Sequence
from typing import Any


def missed(figures: Mapping[str, Any]) -> list[str]:
    """One line per figure that is not there, too low or too high; and one when a benchmark itself says not `ok`."""
    lines = []
    for name, least in figures.get("floors", {}).items():
        if figures.get(name) is None or figures[name] < least:
            lines.append(f"{name} is {figures.get(name)}, must be at least {least}")
    for name, most in figures.get("ceilings", {}).items():
        if figures.get(name) is None or figures[name] > most:
            lines.append(f"{name} is {figures.get(name)}, must be at most {most}")
    if not lines and figures.get("ok") is False:
        lines.append("the benchmark says that something is not well")
    return lines


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; `share` from 0 to 1, `values` not empty."""
    ordered = sorted(values)
    return ordered[min(max(int(-(-share * len(ordered) // 1)) - 1, 0), len(ordered) - 1)]
