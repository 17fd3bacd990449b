"""Batch: what gathers between two pages of the stream, and when it is time for the next page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from ingest.record import Deletion, Record
from ingest.sources.base import Broken
from ingest.sources.bluesky.frames import Event, deletion
from ingest.sources.bluesky.posts import Unreadable, read_post
from ingest.sources.bluesky.profiles import Profile

WAIT = 0.3
WAIT_BEHIND = 1.0
MOST_EVENTS = 1000
MOST_FRAMES = 20_000
"""Frames after which there is a page even if nothing in them was wanted, so that the cursor moves."""


@dataclass(slots=True)
class Batch:
    """Wanted posts, deletions and frames that could not be read."""

    posts: dict[str, Event] = field(default_factory=dict)
    deletions: list[Deletion] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    frames: int = 0
    begun: float = field(default_factory=monotonic)
    waiting_since: float = 0.0

    def add(self, event: Event, wants: Callable[[Event], bool]) -> None:
        """Keep what is wanted; every deletion is kept, because only the tables know whether it concerns a mention.

        Within a batch the last word on a post counts, so that it does not matter what a page's reader does first.
        """
        gone = deletion(event)
        if gone is not None:
            self.deletions.append(gone)
            self.posts.pop(gone.id, None)
        elif event.kind == "post" and wants(event):
            self.waiting_since = self.waiting_since or monotonic()
            self.posts[event.uri] = event

    def ready(self, quiet: bool, behind: bool) -> bool:
        """Whether to hand over: a post waits `WAIT` at most (not at all on a quiet line), the rest a second."""
        if self.frames >= MOST_FRAMES or len(self.posts) + len(self.deletions) >= MOST_EVENTS:
            return True
        if self.posts and not behind:
            return quiet or monotonic() - self.waiting_since >= WAIT
        return bool(self.frames) and monotonic() - self.begun >= WAIT_BEHIND

    def records(self, profiles: Mapping[str, Profile], names: Mapping[str, str]) -> list[Record]:
        """Records of the posts; those that cannot be read move to `broken`."""
        read = (self._record(event, profiles.get(event.did), names) for event in self.posts.values())
        return [record for record in read if record is not None]

    def _record(self, event: Event, profile: Profile | None, names: Mapping[str, str]) -> Record | None:
        raw = {"did": event.did, "time_us": event.time_us, **event.body}
        if event.at is None:
            self.broken.append(Broken(raw, "The stream told no time for this post."))
            return None
        try:
            return read_post(
                event.did,
                str(event.body["rkey"]),
                event.body.get("record"),
                event.at,
                author=profile.author if profile else None,
                edited=event.operation == "update",
                names=names,
                public_ok=profile is not None and profile.public_ok,
                raw=raw,
            )
        except Unreadable as error:
            self.broken.append(Broken(raw, f"A post could not be read: {error}."))
            return None
