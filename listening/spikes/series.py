"""Series: a table of timestamps and counts as strangers write it, made ready for a detector.

Rows may be unsorted, repeated, or missing; what can't be read is told with its line and left out.
"""

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

UNKNOWN = {"", "nan", "na", "null", "none"}  # a bucket that is there, but whose count nobody knows
LONGEST_GAP_DAYS = 28  # a longer gap is fed as one of this length: everything is forgotten by then


class NotASeries(ValueError):
    """The file as a whole is of no use, and why."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket; `told` is its timestamp as it was written, `value` None where it is unknown."""

    moment: datetime
    told: str
    value: float | None


@dataclass(slots=True)
class Series:
    """Points in order; `bad` are sentences about rows that were left out, `notes` about what was put right."""

    points: list[Point] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def buckets(self) -> Iterator[Point | None]:
        """The points with None for each bucket that is missing between them."""
        longest = int(LONGEST_GAP_DAYS * 86_400 / self.seconds) if self.seconds else 0
        before: Point | None = None
        for point in self.points:
            if before is not None:
                lost = round((point.moment - before.moment).total_seconds() / self.seconds) - 1
                yield from [None] * min(lost, longest)
            yield point
            before = point


def read(lines: Iterable[str]) -> Series:
    """The series in a CSV with the columns timestamp and value. Raises NotASeries."""
    rows = csv.reader(lines)
    head = [name.strip().strip("\ufeff").lower() for name in next(rows, [])]
    if "timestamp" not in head or "value" not in head:
        raise NotASeries("The first line must name the columns timestamp and value, like: timestamp,value")
    series = Series()
    found = _points(rows, head.index("timestamp"), head.index("value"), series.bad)
    series.points = _in_order(found, series)
    series.seconds = _length(series.points)
    return series


def _points(rows: Iterator[list[str]], when: int, what: int, bad: list[str]) -> Iterator[tuple[int, Point]]:
    line = 1
    while True:
        line += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            bad.append(f"Line {line}: this is no row of a CSV ({error}).")
            continue
        if not row:
            continue
        try:
            yield line, _point(row, when, what)
        except ValueError as error:
            bad.append(f"Line {line}: {error}")


def _point(row: list[str], when: int, what: int) -> Point:
    if len(row) <= max(when, what):
        raise ValueError("the row has too few columns.")
    told = row[when].strip()
    return Point(_moment(told), told, _value(row[what].strip()))


def _moment(told: str) -> datetime:
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise ValueError(f"{told[:40]!r} is no timestamp. Write it like 2026-11-23 20:15:00.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _value(told: str) -> float | None:
    if told.lower() in UNKNOWN:
        return None
    try:
        value = float(told)
    except ValueError as error:
        raise ValueError(f"{told[:40]!r} is no number.") from error
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{told[:40]} can't be a count: it must be 0 or more.")
    return value


def _in_order(found: Iterator[tuple[int, Point]], series: Series) -> list[Point]:
    points: list[Point] = []
    seen: dict[datetime, Point] = {}
    sorted_already = True
    for line, point in found:
        first = seen.setdefault(point.moment, point)
        if first is not point:
            _repeated(line, point, first, series)
            continue
        sorted_already = sorted_already and not (points and points[-1].moment > point.moment)
        points.append(point)
    if not sorted_already:
        series.notes.append("The rows were not in order of time; they are now.")
        points.sort(key=lambda point: point.moment)
    return points


def _repeated(line: int, point: Point, first: Point, series: Series) -> None:
    if point.value == first.value:
        series.notes.append(f"Line {line}: {point.told} stands twice with the same value; it counts once.")
    else:
        series.bad.append(f"Line {line}: {point.told} stands twice with different values; the first one counts.")


def _length(points: list[Point]) -> float:
    """The seconds of a bucket: the commonest step."""
    steps = Counter(
        (after.moment - before.moment).total_seconds() for before, after in zip(points, points[1:], strict=False)
    )
    return steps.most_common(1)[0][0] if steps else 0.0
