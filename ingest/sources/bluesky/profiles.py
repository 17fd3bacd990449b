"""Profiles: what the AppView tells about authors whose posts are wanted; the stream itself knows only their DIDs.

A profile brings handle, name, followers and, above all, whether its owner lets people see posts who are not signed in
(`!no-unauthenticated`). Where nobody could be asked the answer counts as no: such posts are in no letter and no export.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock

from atproto_client import models

from ingest.record import Author
from ingest.sources.base import SourceError
from ingest.sources.bluesky.client import Api
from ingest.sources.bluesky.posts import allows_logged_out, read_author

PER_QUESTION = 25
FRESH = timedelta(hours=6)
PAUSE = timedelta(minutes=1)
LARGEST = 20_000


@dataclass(frozen=True, slots=True)
class Profile:
    """An author, and whether people who are not signed in may see the posts."""

    author: Author
    public_ok: bool


class Profiles:
    """Profiles of one AppView, remembered for some hours; asks nothing for a minute after it failed.

    `api` None asks nobody. `trouble` is the sentence of the last failure, "" when all is well.
    """

    def __init__(self, api: Api | None) -> None:
        self._api = api
        self._known: dict[str, tuple[datetime, Profile]] = {}
        self._quiet_until: datetime | None = None
        self._lock = Lock()
        self.trouble = ""

    def of(self, dids: Iterable[str], now: datetime) -> Mapping[str, Profile]:
        """Profiles by DID, of those that could be found out. Never raises: a post is worth more than its name."""
        wanted = set(dids)
        with self._lock:
            missing = [did for did in wanted if not self._fresh(did, now)]
            for start in range(0, len(missing), PER_QUESTION):
                self._ask(missing[start : start + PER_QUESTION], now)
            return {did: self._known[did][1] for did in wanted if did in self._known}

    def forget(self, did: str) -> None:
        """Ask again next time: the account changed."""
        with self._lock:
            self._known.pop(did, None)

    def _fresh(self, did: str, now: datetime) -> bool:
        known = self._known.get(did)
        return known is not None and now - known[0] < FRESH

    def _ask(self, dids: list[str], now: datetime) -> None:
        if self._api is None or (self._quiet_until and now < self._quiet_until):
            return
        try:
            params = models.AppBskyActorGetProfiles.Params(actors=dids)
            answer = self._api.ask("app.bsky.actor.getProfiles", params, now)
        except SourceError as error:
            self._quiet_until = max(error.retry_at or now, now + PAUSE)
            self.trouble = error.sentence
            return
        self.trouble = ""
        self._remember(answer.get("profiles"), now)

    def _remember(self, profiles: object, now: datetime) -> None:
        if len(self._known) > LARGEST:
            self._known.clear()
        for profile in profiles if isinstance(profiles, list) else []:
            did = profile.get("did") if isinstance(profile, dict) else None
            if isinstance(did, str):
                self._known[did] = (now, Profile(read_author(did, profile), allows_logged_out(profile)))


@lru_cache(maxsize=16)
def profiles_of(url: str) -> Profiles:
    """The profiles of an AppView, shared by all pulls of this process; "" asks nobody."""
    return Profiles(Api(url) if url else None)
