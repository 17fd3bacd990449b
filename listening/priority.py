"""Priority: which complaint to look at first, as a plain sum of parts that the page shows.

The parts that a post carries come in steps of ten and are a column of their own with an index, computed by the
database from this table, so that a list of a million is ordered by a walk along that index. The time that a post has
been unanswered adds one point a day and never ten: it decides between posts of the same step, and among those the
longest unanswered has most. So the order "stored part, then the oldest" is the order of the totals at any moment.
Followers are no part of it: who is heard must not depend on how many listen to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

STRENGTH: Sequence[tuple[int, int]] = ((3, 30), (2, 20), (1, 10))
ADDRESSED = 20
ASKS = 10
WAITING: Sequence[tuple[int, int]] = ((7, 20), (1, 10))
REPEATS: Sequence[tuple[int, int]] = ((3, 20), (1, 10))
SPREAD: Sequence[tuple[int, int]] = ((1000, 20), (10, 10))
"""From so many likes or reposts, whichever are more, so many points: by powers of a hundred, and capped."""
MOST_UNANSWERED = 9

STRENGTH_RIGHT = 46
"""How often in a hundred the step of strength is right, on industries that the model never saw
(docs/models/strength.md)."""
STEPS = {1: "mild", 2: "clear", 3: "strong"}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the sum: its points and why, in words."""

    name: str
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class Priority:
    """`total` is the sum of the parts; parts without points are left out."""

    total: int
    parts: tuple[Part, ...]


def priority(
    strength: int | None,
    addressed: bool,
    asks: str,
    waiting_days: int | None,
    repeats: int,
    spread: int,
    unanswered: timedelta | None,
) -> Priority:
    """The sum for one complaint. `repeats`: earlier complaints of the same person about the brand within 30 days;
    `spread`: likes or reposts, whichever are more; `unanswered`: since it was posted, None once somebody took it on."""
    parts = (
        Part("strength", _step(STRENGTH, strength or 0), f"sounds {STEPS.get(strength or 0, '')} (an estimate)"),
        Part("addressed", ADDRESSED if addressed else 0, "addressed to you"),
        Part("asks", ASKS if asks else 0, "asks a question" if asks == "question" else "asks for something"),
        Part("waiting", _step(WAITING, waiting_days or 0), f"says to have waited {_count(waiting_days or 0, 'day')}"),
        Part("repeats", _step(REPEATS, repeats), f"{_count(repeats, 'earlier complaint')} by the same person"),
        Part("spread", _step(SPREAD, spread), f"{spread:,} likes or reposts"),
        _unanswered(unanswered),
    )
    given = tuple(part for part in parts if part.points)
    return Priority(sum(part.points for part in given), given)


def _unanswered(since: timedelta | None) -> Part:
    days = max(0, since.days) if since else 0
    return Part("unanswered", min(MOST_UNANSWERED, days), f"unanswered for {_count(days, 'day')}")


def _step(steps: Sequence[tuple[int, int]], value: int) -> int:
    return next((points for least, points in steps if value >= least), 0)


def _count(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"
