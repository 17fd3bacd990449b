"""`manage.py find_spikes`: a series in, the times of alerts out, and every bad row named."""

import io
import json
import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from listening.spikes.judging import alerts
from listening.spikes.series import read
from tests.spikes.made import WEEK, burst, counts

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 9, 7)
SPIKE = 6 * WEEK + 37
HOURS = 8 * WEEK


def rows(step: int = 60) -> list[str]:
    values = counts(HOURS, 20, burst(SPIKE, 6, 8))
    return [f"{START + timedelta(minutes=step * i)},{value:.0f}" for i, value in enumerate(values) if value is not None]


def run(lines: list[str], tmp_path: Path, *options: str) -> tuple[list[str], str, int]:
    """(timestamps, standard error, exit status)."""
    file = tmp_path / "series.csv"
    file.write_text("\n".join(["timestamp,value", *lines]) + "\n", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("find_spikes", str(file), *options, stdout=out, stderr=err)
    except SystemExit as end:
        return json.loads(out.getvalue()), err.getvalue(), int(str(end.code))
    return json.loads(out.getvalue()), err.getvalue(), 0


def in_spike(found: list[str]) -> list[str]:
    start = START + timedelta(hours=SPIKE)
    return [told for told in found if start <= datetime.fromisoformat(told) < start + timedelta(hours=6)]


def test_it_prints_the_time_of_the_alert_as_it_was_written(tmp_path: Path) -> None:
    found, said, status = run(rows(), tmp_path)
    assert len(in_spike(found)) == 1
    assert set(found) <= {row.split(",")[0] for row in rows()}
    assert (said, status) == ("", 0)


def test_it_names_each_bad_row_and_judges_the_others(tmp_path: Path) -> None:
    good = rows()
    bad = ["yesterday,4", "2026-09-08 01:30:00,many", "2026-09-08 01:30:00,-3", "2026-09-08 01:30:00,inf", "alone"]
    found, said, status = run([*good[:50], *bad, *good[50:]], tmp_path)
    assert status == 1
    assert in_spike(found) == in_spike(run(good, tmp_path)[0])
    assert [f"Line {line}:" in said for line in range(52, 57)] == [True] * 5
    assert "Line 57:" not in said
    assert "5 rows could not be read." in said


def test_it_puts_rows_in_order_and_counts_a_repeated_one_once(tmp_path: Path) -> None:
    good = rows()
    mixed = [*good[500:], *good[:500], good[7]]
    found, said, status = run(mixed, tmp_path)
    assert found == run(good, tmp_path)[0]
    assert "not in order" in said
    assert "stands twice" in said
    assert status == 0


def test_two_values_for_one_time_are_a_bad_row(tmp_path: Path) -> None:
    _, said, status = run([*rows(), f"{START},99999"], tmp_path)
    assert "different values" in said
    assert status == 1


def test_a_missing_row_and_an_empty_value_are_the_same_gap_and_no_zero(tmp_path: Path) -> None:
    good, gap = rows(), range(5 * WEEK, 5 * WEEK + 60)
    empty = [f"{row.split(',')[0]}," if i in gap else row for i, row in enumerate(good)]
    gone = [row for i, row in enumerate(good) if i not in gap]
    found, said, status = run(empty, tmp_path)
    assert found == run(gone, tmp_path)[0]
    assert len(in_spike(found)) == 1
    assert (said, status) == ("", 0)


def test_it_does_not_judge_the_bucket_that_is_unfinished_now(tmp_path: Path) -> None:
    noticed = datetime.fromisoformat(in_spike(run(rows(), tmp_path)[0])[0])
    until = [row for row in rows() if datetime.fromisoformat(row.split(",")[0]) <= noticed]
    assert in_spike(run(until, tmp_path)[0])
    assert not in_spike(run(until, tmp_path, "--now", str(noticed + timedelta(minutes=5)))[0])
    assert in_spike(run(until, tmp_path, "--now", str(noticed + timedelta(minutes=60)))[0])


def test_what_comes_later_changes_no_earlier_alert(tmp_path: Path) -> None:
    good = rows()
    found = run(good, tmp_path)[0]
    cut = SPIKE + 10
    assert run(good[:cut], tmp_path)[0] == [told for told in found if told < good[cut].split(",")[0]]


def test_it_says_when_a_series_is_too_short_to_judge(tmp_path: Path) -> None:
    for lines in ([], rows()[:1], rows()[:100]):
        found, said, status = run(lines, tmp_path)
        assert (found, status) == ([], 0)
        assert "learning takes 2 days and 336 buckets" in said


@pytest.mark.parametrize("content", ["", "time,count\n2026-09-08,3\n"])
def test_it_refuses_a_file_without_the_two_columns(tmp_path: Path, content: str) -> None:
    file = tmp_path / "other.csv"
    file.write_text(content)
    with pytest.raises(CommandError, match="timestamp and value") as refused:
        call_command("find_spikes", str(file))
    assert refused.value.returncode == 2


def test_it_refuses_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="can't be read") as refused:
        call_command("find_spikes", "/nowhere/at-all.csv")
    assert refused.value.returncode == 2


def test_it_reads_standard_input_without_a_database() -> None:
    text = "\n".join(["timestamp,value", *rows()])
    told = subprocess.run(
        [sys.executable, "manage.py", "find_spikes", "-"], input=text, capture_output=True, text=True, cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}, timeout=120,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert len(in_spike(json.loads(told.stdout))) == 1


def test_it_works_for_buckets_of_five_minutes_too() -> None:
    chance = random.Random(1)
    values = [chance.randint(15, 25) * (6 if 1500 <= i < 1512 else 1) for i in range(7 * 24 * 12)]
    lines = [f"{START + timedelta(minutes=5 * i)},{value}" for i, value in enumerate(values)]
    series = read(["timestamp,value", *lines])
    assert series.seconds == 300
    assert alerts(series)[0] == ["2026-09-12 05:00:00"]
