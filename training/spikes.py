"""Measure the spike detector: `EARSHOT_LABELLED=folder python -m training.spikes` prints the figures of docs/spikes.md.

Reads `spikes/` in that folder: labelled series of the Numenta Anomaly Benchmark and its scorer. Nothing is trained;
the alarm's two numbers are tried on a grid, on all series and with each series left out in turn.
"""

import json
import runpy
from collections.abc import Iterable, Mapping
from typing import Any

from listening.spikes import alarm
from listening.spikes.judging import alerts
from listening.spikes.series import Series, read
from training.labelled import folder

FLOORS = (2.75, 3.0, 3.25, 3.5, 3.75, 4.0, 4.25)
WEARIES = (0.5, 0.75, 1.0, 1.25, 1.5)
STEP = 0.25
Setting = tuple[float, float]
Raw = dict[str, float]


def main() -> None:
    place = folder() / "spikes"
    scorer = runpy.run_path(str(place / "score_spikes.py"))
    windows = json.loads((place / "windows.json").read_text())
    series = {name: read((place / f"{name}.csv").read_text(encoding="utf-8").splitlines()) for name in windows}
    shipped = (alarm.FLOOR, alarm.WEARY)
    table = {(f, w): _raw(series, windows, scorer, (f, w)) for f in FLOORS for w in WEARIES}
    sizes = {name: len(found) for name, found in windows.items()}
    print("as shipped", shipped, _score(table[shipped], sizes, sizes), _each(table[shipped], sizes))
    for floor in FLOORS:
        print("floor", floor, [_score(table[floor, weary], sizes, sizes) for weary in WEARIES], "for", WEARIES)
    print("left out, best", *_left_out(table, sizes, steady=False))
    print("left out, best with its neighbours", *_left_out(table, sizes, steady=True))


def _raw(series: Mapping[str, Series], windows: Mapping[str, Any], scorer: Mapping[str, Any], setting: Setting) -> Raw:
    """The benchmark's raw score of each series."""
    alarm.FLOOR, alarm.WEARY = setting
    found: Raw = {}
    for name, one in series.items():
        times = [point.told for point in one.points]
        spans = [(start[:19], end[:19]) for start, end in windows[name]]
        found[name] = scorer["score_series"](times, spans, set(alerts(one)[0]))[0]
    return found


def _score(raw: Raw, sizes: Mapping[str, int], names: Iterable[str]) -> float:
    """0 for no alerts at all, 100 for every window at its first point."""
    names = list(names)
    windows = sum(sizes[name] for name in names)
    return round(100 * (sum(raw[name] for name in names) + windows) / (2 * windows), 1)


def _each(raw: Raw, sizes: Mapping[str, int]) -> dict[str, float]:
    return {name: _score(raw, sizes, [name]) for name in sizes}


def _left_out(
    table: Mapping[Setting, Raw], sizes: Mapping[str, int], steady: bool
) -> tuple[float, dict[str, tuple[Setting, float]]]:
    """Each series with the setting that is best on the others, and the mean over windows.

    `steady` chooses by the mean of a setting and its neighbours in the table.
    """
    found: dict[str, tuple[Setting, float]] = {}
    for name in sizes:
        scores = {one: _score(raw, sizes, [other for other in sizes if other != name]) for one, raw in table.items()}
        best = max(table, key=lambda setting, known=scores: _around(known, setting, steady))  # type: ignore[misc]
        found[name] = (best, _score(table[best], sizes, [name]))
    mean = sum(found[name][1] * sizes[name] for name in sizes) / sum(sizes.values())
    return round(mean, 1), found


def _around(scores: Mapping[Setting, float], setting: Setting, steady: bool) -> float:
    near = [
        score
        for (floor, weary), score in scores.items()
        if abs(floor - setting[0]) <= STEP and abs(weary - setting[1]) <= STEP
    ]
    return sum(near) / len(near) if steady else scores[setting]


if __name__ == "__main__":
    main()
