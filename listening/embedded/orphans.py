"""What a killed supervisor may have left running, found by the mark in its environment."""

import contextlib
import os
import signal
from collections.abc import Iterable

import psutil

from listening.embedded.process import MARK


def orphans(mark: str) -> list[psutil.Process]:
    """Processes that an earlier supervisor of the folder `mark` started.

    Postgres and Valkey overwrite their environment with their title; they are found by their pid files instead.
    """
    return [each for each in psutil.process_iter() if each.pid != os.getpid() and _mark(each) == mark]


def end(process: psutil.Process, signals: Iterable[tuple[signal.Signals, float]]) -> None:
    """Stop a process that is not our child: each signal with the seconds it is given, then SIGKILL."""
    for sig, patience in (*signals, (signal.SIGKILL, 2.0)):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(sig)
        with contextlib.suppress(psutil.TimeoutExpired):
            process.wait(patience)
            return


def _mark(each: psutil.Process) -> str | None:
    try:
        return str(each.environ().get(MARK))
    except (psutil.Error, OSError):
        return None  # it ended just now, or it is somebody else's


def end_orphans(mark: str, patience: float = 3.0) -> int:
    """Ask them to stop, then stop them; returns how many there were. The caller holds the folder's lock."""
    found = orphans(mark)
    for each in found:
        with contextlib.suppress(psutil.Error):
            each.terminate()
    for each in psutil.wait_procs(found, timeout=patience)[1]:
        with contextlib.suppress(psutil.Error):
            each.kill()
    psutil.wait_procs(found, timeout=2)
    return len(found)
