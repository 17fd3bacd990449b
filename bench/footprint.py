"""Footprint: the memory of the whole stack, idle after a first start with the sample brand, in MB of PSS.

PSS counts a page that n processes share as 1/n for each (Linux, /proc/PID/smaps_rollup), so the sum is what the
machine would get back.
"""

import time
from typing import Any

import psutil

from bench.stack import stack

CEILING = 600
IDLE = 30.0  # seconds after "ready" in which the first pulls end
MEGA = 1024 * 1024


def run() -> dict[str, Any]:
    """{"pss_mb", "by_program", "start_seconds"}; the sum also counts the supervisor and Postgres' processes."""
    with stack() as running:
        time.sleep(IDLE)
        parts = _by_program(psutil.Process(running.pid))
    return {
        "pss_mb": round(sum(parts.values()), 1),
        "by_program": {name: round(size, 1) for name, size in sorted(parts.items())},
        "start_seconds": round(running.start_seconds, 1),
        "ceilings": {"pss_mb": CEILING},
    }


def _by_program(supervisor: psutil.Process) -> dict[str, float]:
    """MB per child of the supervisor, each with all its own children."""
    parts = {"supervisor": _pss(supervisor)}
    for child in supervisor.children():
        parts[_name(child)] = sum(map(_pss, [child, *child.children(recursive=True)]))
    return parts


def _name(child: psutil.Process) -> str:
    line = " ".join(child.cmdline())
    known = {"postgres -D": "postgres", "valkey-server": "valkey", "uvicorn": "web", " beat ": "beat"}
    named = (name for part, name in {**known, "worker@": "worker", "stream@": "stream"}.items() if part in line)
    return next(named, line[:40] or str(child.pid))


def _pss(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / MEGA
