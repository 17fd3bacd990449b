"""Gone: what became of a stored post, asked at the instance that is configured or at the post's own home."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from ingest.sources.base import Config, SourceError, Status
from ingest.sources.mastodon.client import Instance
from ingest.sources.mastodon.statuses import of_status
from listening.http import Door, ForbiddenAddress, NetworkError

ACTIVITY = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/activity+json'


def statuses(instances: Mapping[str, Instance], uris: Sequence[str], config: Config) -> Iterator[Status]:
    """404, 410 and a tombstone are gone; whoever does not answer, or wants a signature, leaves the post as it is.

    `instances` by their URL. A strange server that did not answer is not asked again in this round. Raises SourceError
    when a configured instance fails.
    """
    silent: set[str] = set()
    with Door(now=config.now, headers={"accept": ACTIVITY}, retries=0, connect=3, timeout=5, total=8) as door:
        for uri in uris:
            home = _origin(uri)
            if config.out_of_time():
                return
            if instance := instances.get(home):
                found = _asked(instance, uri, config.now())
            elif home in silent:
                continue
            else:
                found = _looked_up(door, uri)
            if found:
                yield found
            else:
                silent.add(home)


def _asked(instance: Instance, uri: str, now: datetime) -> Status | None:
    """At its own instance a post's address ends with its id."""
    number = re.search(r"/(\d+)/?$", uri)
    if not number:
        return None
    try:
        with instance.told(now, only=False):
            status = instance.client.status(number[1])
    except SourceError as error:
        if error.code == "not_found":
            return Status(uri, "gone")
        raise
    return Status(uri, "alive", of_status(status, instance.url))


def _looked_up(door: Door, uri: str) -> Status | None:
    """As any server of the fediverse would ask for it."""
    try:
        answer = door.get(uri)
        if answer.status in (404, 410):
            return Status(uri, "gone")
        told = answer.expect(200).json()
    except (NetworkError, ForbiddenAddress):
        return None
    is_tombstone = isinstance(told, dict) and told.get("type") == "Tombstone"
    return Status(uri, "gone" if is_tombstone else "alive")


def _origin(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"
