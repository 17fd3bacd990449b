"""`python -m bench scan ingest --json`: run benchmarks, print one JSON object, exit 1 when a floor is missed.

A benchmark is a module with `run()`: a mapping of figures, with `floors` and `ceilings` for those that must reach
something. Those in WITH_DATABASE find Django set up on a fresh, migrated database of their own.
"""

import argparse
import importlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

from bench.floors import missed
from listening.embedded import servers

BENCHES = ("scan", "analyze", "spikes", "ingest", "dashboard", "themes", "erase", "purge", "freshness", "footprint")
WITH_DATABASE = {"analyze", "ingest", "dashboard", "themes", "erase", "purge"}


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    names = BENCHES if "all" in options.names else tuple(dict.fromkeys(options.names))
    results = {name: _run(name) for name in names}
    short = {name: missed(figures) for name, figures in results.items()}
    report = {
        "machine": machine(),
        "results": results,
        "missed": {name: lines for name, lines in short.items() if lines},
    }
    print(json.dumps(report) if options.json else _table(results))
    for name, lines in short.items():
        for line in lines:
            print(f"Missed: {name}: {line}", file=sys.stderr)
    return 1 if any(short.values()) else 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Earshot on this machine.")
    parser.add_argument("names", nargs="*", default=["all"], metavar="NAME", help=", ".join([*BENCHES, "all"]))
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--ten-million", action="store_true", help="dashboard: with ten million mentions as well")
    options = parser.parse_args(argv)
    if options.ten_million:
        os.environ["EARSHOT_BENCH_TEN_MILLION"] = "1"
    if unknown := set(options.names) - {*BENCHES, "all"}:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)} and all")
    return options


def _run(name: str) -> dict[str, Any]:
    """Each in a process of its own, so that none is slowed or fattened by the one before."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    began = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(writing, "w") as out:
            out.write(json.dumps(_alone(name)))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        figures = json.loads(told.read() or '{"ok": false}')
    os.waitpid(child, 0)
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return dict(figures)


def _alone(name: str) -> dict[str, Any]:
    if name not in WITH_DATABASE:
        return dict(importlib.import_module(f"bench.{name}").run())
    with _database():
        return dict(importlib.import_module(f"bench.{name}").run())


@contextmanager
def _database() -> Iterator[None]:
    """Servers as `make run` starts them, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as folder:
        running = servers.start(Path(folder))
        os.environ.update(DATABASE_URL=running.database_url, REDIS_URL=running.redis_url, EARSHOT_DATA=folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "listening.settings"
        os.environ.setdefault("EARSHOT_ALLOW_PRIVATE", "127.0.0.0/8")  # networks on loopback
        try:
            django.setup()
            call_command("migrate", verbosity=0)
            yield
        finally:
            running.stop()


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}


def _table(results: Mapping[str, Mapping[str, Any]]) -> str:
    return "\n".join(
        f"{name:<10} {figure:<36} {value:>14,} {_goal(figures, figure)}"
        for name, figures in results.items()
        for figure, value in figures.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    )


def _goal(figures: Mapping[str, Any], figure: str) -> str:
    if figure in figures.get("floors", {}):
        return f"at least {figures['floors'][figure]:,}"
    return f"at most {figures['ceilings'][figure]:,}" if figure in figures.get("ceilings", {}) else ""


if __name__ == "__main__":
    sys.exit(main())
