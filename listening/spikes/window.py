"""Window: sums over the last buckets at several widths, missing buckets left out."""

from collections import deque

WIDTHS = (1, 3, 12)  # buckets: a burst, a wave, half a day of hours


class Window:
    """The last known and missing values; `sums` gives (sum, number known) per width."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: deque[float | None] = deque(maxlen=WIDTHS[-1])

    def add(self, value: float | None) -> None:
        self.values.append(value)

    def sums(self) -> list[tuple[float, int]]:
        """One for each of WIDTHS, up to now."""
        found: list[tuple[float, int]] = []
        total, known = 0.0, 0
        for i, value in enumerate(reversed(self.values), 1):
            if value is not None:
                total += value
                known += 1
            if i in WIDTHS:
                found.append((total, known))
        found += [(total, known)] * (len(WIDTHS) - len(found))
        return found
