"""Spikes: buckets a second that one core judges, and how soon a series is read and judged from a file."""

import random
import time
from datetime import datetime, timedelta
from typing import Any

from listening.spikes.judging import alerts
from listening.spikes.series import read

POINTS = 40_000  # 139 days of five minutes
FLOORS = {"points_per_second": 20_000, "bursts_found": 20}


def run() -> dict[str, Any]:
    """A made-up series with twenty bursts, parsed, judged, and looked at for what was found."""
    chance = random.Random(1)
    start, every = datetime(2026, 1, 5), POINTS // 21
    bursts = {i * every + k for i in range(1, 21) for k in range(12)}
    lines = ["timestamp,value"]
    for i in range(POINTS):
        busy = 2 if 8 <= (start + timedelta(minutes=5 * i)).hour < 22 else 1
        value = chance.randint(5, 15) * busy * (12 if i in bursts else 1)
        lines.append(f"{start + timedelta(minutes=5 * i)},{value}")
    began = time.process_time()
    found, _ = alerts(read(lines))
    seconds = time.process_time() - began
    indices = [int((datetime.fromisoformat(told) - start) / timedelta(minutes=5)) for told in found]
    return {
        "points": POINTS,
        "points_per_second": round(POINTS / seconds),
        "bursts_found": sum(index in bursts for index in indices),
        "false_alerts": sum(index not in bursts for index in indices),
        "floors": FLOORS,
    }
