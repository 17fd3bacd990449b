"""Scan: ten thousand queries over events as Jetstream sends them, on one core, JSON parsing included."""

import os
from pathlib import Path
from typing import Any

from listening.query.bench import scan

FLOORS = {"events_per_second": 20_000, "times_regex": 300, "share_of_bare_automaton": 0.25}


def run() -> dict[str, Any]:
    """Events per second, and the same against one regex per query and against the bare automaton.

    Events are made from recorded frames where EARSHOT_PAYLOADS names the recordings, else made up in the same shape.
    """
    recorded = os.environ.get("EARSHOT_PAYLOADS")
    return {**scan(Path(recorded) / "bluesky-jetstream" if recorded else None), "floors": FLOORS}
