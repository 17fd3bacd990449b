"""The benchmarks' frame: floors, ceilings, percentiles, and what a person may ask for."""

import pytest

from bench.__main__ import main
from bench.floors import missed, percentile


@pytest.mark.parametrize(
    ("figures", "lines"),
    [
        ({"rate": 3000, "floors": {"rate": 3000}}, []),
        ({"rate": 2999, "floors": {"rate": 3000}}, ["rate is 2999, must be at least 3000"]),
        ({"mb": 600.1, "ceilings": {"mb": 600}}, ["mb is 600.1, must be at most 600"]),
        ({"floors": {"rate": 3000}}, ["rate is None, must be at least 3000"]),
        ({"ok": False}, ["the benchmark says that something is not well"]),
        ({"rate": 1}, []),
    ],
)
def test_it_says_which_figures_fall_short(figures: dict[str, object], lines: list[str]) -> None:
    assert missed(figures) == lines


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 50), (0.95, 95), (0.951, 96), (1.0, 100)])
def test_it_takes_the_nearest_rank_as_percentile(share: float, value: int) -> None:
    assert percentile(range(100, 0, -1), share) == value


def test_it_names_the_benchmarks_when_asked_for_an_unknown_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["speed"])
    assert "no benchmark is called speed; there are scan, " in capsys.readouterr().err
