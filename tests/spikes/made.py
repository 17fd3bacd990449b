"""Made-up series: a weekly rhythm, chance beyond Poisson's, and bursts at known places."""

import random
from collections.abc import Mapping, Sequence
from math import exp

from listening.spikes import ShareDetector, Verdict, VolumeDetector

HOUR, WEEK = 3600.0, 168


def rhythm(hour: int) -> float:
    """How busy an hour of the week is, around 1: quiet nights, quieter weekends."""
    day, of_day = divmod(hour % WEEK, 24)
    return (0.25 if of_day < 7 else 1.4) * (0.6 if day >= 5 else 1.1)


def counts(hours: int, level: float, bursts: Mapping[int, float] | None = None, seed: int = 1) -> list[float | None]:
    """Negative binomial counts per hour; `bursts` multiplies what is expected in these hours."""
    chance = random.Random(seed)
    found: list[float | None] = []
    for hour in range(hours):
        wanted = level * rhythm(hour) * (bursts or {}).get(hour, 1.0)
        found.append(float(_poisson(chance, wanted * chance.gammavariate(8, 1 / 8))))
    return found


def _poisson(chance: random.Random, wanted: float) -> int:
    if wanted > 200:
        return max(0, round(chance.gauss(wanted, wanted**0.5)))
    n, product, least = 0, chance.random(), exp(-wanted)
    while product > least:
        n, product = n + 1, product * chance.random()
    return n


def judged(values: Sequence[float | None], detector: VolumeDetector | None = None, first: int = 0) -> list[Verdict]:
    detector = detector or VolumeDetector(HOUR)
    return [detector.feed((first + i) % WEEK, value) for i, value in enumerate(values)]


def alerts(values: Sequence[float | None]) -> list[int]:
    """The hours that raise an alert."""
    return [i for i, verdict in enumerate(judged(values)) if verdict.alert]


def burst(start: int, length: int, times: float) -> dict[int, float]:
    return dict.fromkeys(range(start, start + length), times)


def share_alerts(pairs: Sequence[tuple[float | None, float]]) -> list[int]:
    detector = ShareDetector(HOUR)
    return [i for i, (part, whole) in enumerate(pairs) if detector.feed(part, whole).alert]
