"""The whole of Earshot, started by `manage.py up` in a folder that is gone afterwards, for benchmarks of the whole."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from listening.embedded.places import ROOT, free_port

ADMIN, PASSWORD = "bench@example.org", "a password for the bench"  # noqa: S105 of a stack that lives for a minute


@dataclass(frozen=True)
class Stack:
    """A running stack: its address, its supervisor's pid, and the seconds from the command to ready."""

    folder: Path
    url: str
    pid: int
    start_seconds: float

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run a command of manage.py on it; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=_environment(self.folder),
            input=stdin,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout


@contextmanager
def stack(**settings: str) -> Iterator[Stack]:
    """A first start with these settings; stopped at the end. Raises RuntimeError when it does not start."""
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as name:
        folder, began = Path(name), time.monotonic()
        up = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env={**_environment(folder), "PORT": str(free_port()), **settings},
            stdout=subprocess.PIPE,
            stderr=sys.stderr,
            text=True,
        )
        try:
            yield Stack(folder, _until_ready(up), up.pid, time.monotonic() - began)
        finally:
            up.terminate()
            up.communicate()


def _environment(folder: Path) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {
        **plain,
        "EARSHOT_DATA": str(folder),
        "EARSHOT_ADMIN_EMAIL": ADMIN,
        "EARSHOT_ADMIN_PASSWORD": PASSWORD,
        "EARSHOT_ALLOW_PRIVATE": "127.0.0.0/8",
    }


def _until_ready(up: "subprocess.Popen[str]") -> str:
    for line in up.stdout or ():
        if found := re.search(r"Earshot is ready at (\S+)", line):
            return found[1]
    raise RuntimeError("Earshot did not start; its reason stands above")
