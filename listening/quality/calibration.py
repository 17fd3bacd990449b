"""Calibration: whether what the machine is 80 % sure of is right eight times in ten."""

from collections.abc import Sequence
from dataclasses import dataclass

from listening.quality.intervals import Share, share

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers given with a probability from `low` to `high`: their mean, and the share that came true."""

    low: float
    high: float
    mean: float
    true: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bins that hold something, and the expected calibration error: the mean distance between promise and truth,
    weighted by how many answers each bin holds (Guo et al. 2017). None without answers."""

    bins: tuple[Bin, ...]
    error: float | None
    n: int


def calibration(p: Sequence[float], true: Sequence[bool], bins: int = BINS) -> Calibration:
    """Of probabilities (0-1) and whether each came true; bins of equal width."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for one, came_true in zip(p, true, strict=True):
        held[min(int(one * bins), bins - 1)].append((one, came_true))
    filled = tuple(_bin(i / bins, (i + 1) / bins, rows) for i, rows in enumerate(held) if rows)
    gaps = sum(abs(one.mean * one.true.n - one.true.hits) for one in filled)
    return Calibration(filled, gaps / len(p) if len(p) else None, len(p))


def _bin(low: float, high: float, rows: Sequence[tuple[float, bool]]) -> Bin:
    mean = sum(one for one, _ in rows) / len(rows)
    return Bin(low, high, mean, share(sum(came_true for _, came_true in rows), len(rows)))
