"""On series that people labelled: the score that docs/spikes.md names, and nothing looked up ahead of time."""

import json
import subprocess
import sys
from pathlib import Path

from listening.spikes.judging import alerts
from listening.spikes.series import read

LEAST = 82.0


def test_it_scores_better_than_the_best_published_detector(labelled: Path, tmp_path: Path) -> None:
    folder = labelled / "spikes"
    found = {}
    for name in json.loads((folder / "windows.json").read_text()):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            found[name] = alerts(read(lines))[0]
    told = tmp_path / "found.json"
    told.write_text(json.dumps(found))
    scorer = [sys.executable, str(folder / "score_spikes.py"), str(folder), str(told)]
    printed = subprocess.run(scorer, capture_output=True, text=True, check=True).stdout
    assert float(printed.split()[-1]) >= LEAST, printed
