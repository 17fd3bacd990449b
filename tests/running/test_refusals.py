"""A wrong setting stops the start with one sentence, before anything runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "EARSHOT_PRODUCTION": "true",
    "EARSHOT_SECRET_KEY": "s" * 50,
    "EARSHOT_PEPPER": "p" * 50,
    "EARSHOT_HOSTS": "earshot.example.org",
    "EARSHOT_URL": "https://earshot.example.org",
}


def manage(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    plain = {"PATH": os.environ["PATH"], "EARSHOT_DATA": str(folder), **settings}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=plain, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"EARSHOT_DEBUG": "true"}, "EARSHOT_DEBUG"),
        ({"EARSHOT_SECRET_KEY": ""}, "EARSHOT_SECRET_KEY"),
        ({"EARSHOT_SECRET_KEY": "change-me" * 6}, "EARSHOT_SECRET_KEY"),
        ({"EARSHOT_PEPPER": ""}, "EARSHOT_PEPPER"),
        ({"EARSHOT_HOSTS": ""}, "EARSHOT_HOSTS"),
        ({"EARSHOT_HOSTS": "*"}, "EARSHOT_HOSTS"),
        ({"PORT": "eighty"}, "PORT"),
        ({"EARSHOT_ALLOW_PRIVATE": "10.0.0.0/99"}, "EARSHOT_ALLOW_PRIVATE"),
    ],
)
def test_it_refuses_to_start_with_one_sentence(tmp_path: Path, wrong: dict[str, str], word: str) -> None:
    done = manage(tmp_path, "up", **{**GOOD, **wrong})
    assert done.returncode == 1
    assert done.stderr.startswith("Earshot did not start: ")
    assert word in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "postgres").exists()


def test_it_accepts_good_settings(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", **GOOD)
    assert done.returncode == 0, done.stderr
