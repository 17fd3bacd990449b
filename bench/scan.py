"""Scan: ten thousand queries over events as Jetstream sends them, on one core, JSON parsing included."""

from typing import Any

from listening.query.bench import scan

FLOORS = {"events_per_second": 20_000, "times_regex": 300, "share_of_bare_automaton": 0.25}


def run() -> dict[str, Any]:
    """Events per second, and the same against one regex per query and against the bare automaton."""
    return {**scan(), "floors": FLOORS}
