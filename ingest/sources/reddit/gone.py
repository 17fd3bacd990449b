"""Gone: what became of stored posts, asked a hundred at a time (/api/info)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingest.sources.base import Config, Status
from ingest.sources.reddit.client import AT_ONCE, Client
from ingest.sources.reddit.hearing import UNREADABLE, authors_of
from ingest.sources.reddit.posts import gone, of_thing

Told = Mapping[str, Any]


def statuses(client: Client, names: Sequence[str], stored: Mapping[str, Any], config: Config) -> Iterator[Status]:
    """Deleted, removed, or by an account that is gone: nothing of it may stay. What Reddit leaves out of its answer is
    asked for a second time, so that nothing is erased because one answer was short. Raises SourceError."""
    posts = [name for name in names if name.startswith(("t1_", "t3_"))]
    for start in range(0, len(posts), AT_ONCE):
        if config.out_of_time():
            return
        client.limits.leave_some()
        part = posts[start : start + AT_ONCE]
        found = client.info(part)
        if missing := [name for name in part if name not in found]:
            found |= client.info(missing)
        yield from _told(client, part, found, stored)


def _told(
    client: Client, part: Sequence[str], found: Mapping[str, Told], stored: Mapping[str, Any]
) -> Iterator[Status]:
    changed = []
    for name in part:
        thing = found.get(name)
        if thing is None or gone(thing):
            yield Status(name, "gone")
        elif _edited(thing, stored.get(name)):
            changed.append(thing)
        else:
            yield Status(name, "alive")
    authors = authors_of(client, changed, (), always=True)
    for thing in changed:
        yield _changed(thing, authors)


def _changed(thing: Told, authors: Mapping[str, Any]) -> Status:
    try:
        record = of_thing(thing, authors)
    except UNREADABLE:  # it is there, whatever it says
        return Status(str(thing["data"]["name"]), "alive")
    return Status(record.external_id, "changed", record)


def _edited(thing: Told, raw: Any) -> bool:
    """Whether it was edited since it was stored."""
    edited = thing["data"].get("edited") or False
    return bool(edited != ((raw or {}).get("edited") or False))
