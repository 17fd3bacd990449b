"""Searches: which words are looked for next, within four searches an hour and those that a day allows.

One search is one page of fifty. A search goes from a pinned end back to a little before the last one; it goes on at its
next page where it was broken off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingest.sources.youtube.failures import PACIFIC

AN_HOUR = 4
APART = timedelta(minutes=15)
"""The same words are not looked for more often."""
OVERLAP = timedelta(hours=6)
"""YouTube's search finds some videos late."""
REST = timedelta(hours=1)
"""Words that YouTube refused to look for are left alone so long."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked for: videos put up between `after` and `before`, from `token` on."""

    words: str
    after: datetime
    before: datetime
    token: str | None = None


class Searches:
    """All searches of one source. `rest`: YouTube wants none before then."""

    def __init__(self, told: Mapping[str, Any] | None, daily: int) -> None:
        told = told or {}
        self._daily = daily
        self._day = str(told.get("day") or "")
        self._count = int(told.get("count") or 0)
        self._times = [datetime.fromisoformat(one) for one in told.get("times") or ()]
        self._walks: dict[str, dict[str, Any]] = dict(told.get("walks") or {})
        self.rest = datetime.fromisoformat(told["rest"]) if told.get("rest") else None

    def next(self, words: Iterable[str], now: datetime, first: timedelta) -> Search | None:
        """The search that waits longest, None where there is none, or no more may be asked now."""
        waiting = sorted((self._covered(one) or "", one) for one in words if self._is_due(one, now))
        return self._search(waiting[0][1], now, first) if waiting and self._may(now) else None

    def done(self, search: Search, token: str | None, now: datetime) -> None:
        """One was made, and this is the token of its next page."""
        self._count_one(now)
        if token:
            times = {"after": search.after.isoformat(), "before": search.before.isoformat()}
            self._walks[search.words] = {**self._walks.get(search.words, {}), **times, "token": token}
        else:
            self._walks[search.words] = {"covered": search.before.isoformat()}

    def leave(self, search: Search, now: datetime) -> None:
        """One was refused: others have their turn, and it is tried again after a rest."""
        self._count_one(now)
        self._walks[search.words] = {**self._walks.get(search.words, {}), "rest": (now + REST).isoformat()}

    def forget_place(self, search: Search) -> None:
        """YouTube no longer knows the token: the same again from its newest page."""
        self._walks[search.words].pop("token", None)

    def keep(self, words: Iterable[str]) -> None:
        """Forget words that nobody looks for any more."""
        self._walks = {one: self._walks[one] for one in words if one in self._walks}

    def as_cursor(self) -> dict[str, Any]:
        times = [one.isoformat() for one in self._times]
        told = {"day": self._day, "count": self._count, "times": times, "walks": self._walks}
        return {**told, **({"rest": self.rest.isoformat()} if self.rest else {})}

    def _count_one(self, now: datetime) -> None:
        today = f"{now.astimezone(ZoneInfo(PACIFIC)):%Y-%m-%d}"
        self._count = self._count + 1 if today == self._day else 1
        self._day, self._times = today, [*self._recent(now), now]

    def _may(self, now: datetime) -> bool:
        if self.rest and now < self.rest:
            return False
        today = f"{now.astimezone(ZoneInfo(PACIFIC)):%Y-%m-%d}"
        used = self._count if today == self._day else 0
        return used < self._daily and len(self._recent(now)) < AN_HOUR

    def _recent(self, now: datetime) -> list[datetime]:
        return [one for one in self._times if one > now - timedelta(hours=1)]

    def _covered(self, words: str) -> str | None:
        return self._walks.get(words, {}).get("covered")

    def _is_due(self, words: str, now: datetime) -> bool:
        covered, walk = self._covered(words), self._walks.get(words, {})
        if "rest" in walk and now < datetime.fromisoformat(walk["rest"]):
            return False
        under_way = "before" in walk
        return under_way or covered is None or datetime.fromisoformat(covered) <= now - APART

    def _search(self, words: str, now: datetime, first: timedelta) -> Search:
        walk = self._walks.get(words, {})
        if "before" in walk:
            after, before = (datetime.fromisoformat(walk[name]) for name in ("after", "before"))
            return Search(words, after, before, walk.get("token"))
        covered = walk.get("covered")
        after = datetime.fromisoformat(covered) - OVERLAP if covered else now - first
        return Search(words, after, now)
