"""Gone: what became of stored posts, asked at the instance that told of them, or at the post's own home."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from ingest.sources.base import Config, SourceError, Status
from ingest.sources.mastodon.client import Instance, unknown_shape
from ingest.sources.mastodon.consent import refusal
from ingest.sources.mastodon.statuses import of_status
from listening.http import Door, ForbiddenAddress, NetworkError

ACTIVITY = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/activity+json'
AT_ONCE = 20
"""Posts in one request (docs.joinmastodon.org/methods/statuses, "View multiple statuses", since 4.3)."""


def statuses(
    instances: Mapping[str, Instance], uris: Sequence[str], stored: Mapping[str, Any], config: Config
) -> Iterator[Status]:
    """What a configured instance shows, as it shows it: with the signals of its author. What it does not show any more
    is gone where it is at home there, and else asked for at home: 404, 410 and a tombstone are gone, whoever does not
    answer, or wants a signature, leaves the post as it is.

    `instances` by their URL, `stored` as in `Source.stored`. Raises SourceError when a configured instance fails.
    """
    abroad: list[str] = []
    for instance, known in _by_instance(instances, uris, stored, abroad):
        missing = {}
        for start in range(0, len(known), AT_ONCE):
            if config.out_of_time():
                return
            _leave_some(instance)
            part = dict(list(known.items())[start : start + AT_ONCE])
            shown = _shown(instance, list(part), config.now())
            yield from (_told(part[number], status, instance) for number, status in shown.items())
            missing.update({number: uri for number, uri in part.items() if number not in shown})
        at_home = {number: uri for number, uri in missing.items() if _origin(uri) == instance.url}
        for number, uri in at_home.items():
            status = _one(instance, number, config.now())  # to be sure: nothing is erased because a list was short
            yield _told(uri, status, instance) if status else Status(uri, "gone")
        abroad += [uri for uri in missing.values() if _origin(uri) != instance.url]
    yield from _looked_up(abroad, config)


def _by_instance(
    instances: Mapping[str, Instance], uris: Sequence[str], stored: Mapping[str, Any], abroad: list[str]
) -> list[tuple[Instance, dict[str, str]]]:
    """{the instance's own id: uri} for each instance that knows some; the others are put into `abroad`."""
    known: dict[str, dict[str, str]] = {}
    for uri in uris:
        raw = stored.get(uri) or {}
        number = re.search(r"/(\d+)/?$", uri)
        if raw.get("instance") in instances and raw.get("id"):
            known.setdefault(raw["instance"], {})[str(raw["id"])] = uri
        elif _origin(uri) in instances and number:  # at its own instance a post's address ends with its id
            known.setdefault(_origin(uri), {})[number[1]] = uri
        else:
            abroad.append(uri)
    return [(instances[url], posts) for url, posts in known.items()]


def _shown(instance: Instance, numbers: list[str], now: datetime) -> dict[str, Any]:
    """Those of the posts that the instance still shows, by its own ids; one that is older than 4.3 is asked singly."""
    try:
        with instance.told(now, only=False):
            found = instance.client.statuses(numbers)
    except SourceError as error:
        if error.code != "not_found":
            raise
        return {number: status for number in numbers if (status := _one(instance, number, now))}
    if not isinstance(found, list) or not all(isinstance(status, dict) and status.get("id") for status in found):
        raise unknown_shape(instance.host, repr(found))
    return {str(status["id"]): status for status in found if str(status["id"]) in numbers}


def _one(instance: Instance, number: str, now: datetime) -> Any:
    try:
        with instance.told(now, only=False):
            return instance.client.status(number)
    except SourceError as error:
        if error.code == "not_found":
            return None
        raise


def _leave_some(instance: Instance) -> None:
    """A third of what an instance allows is left for new posts. Raises SourceError when the rest is used up."""
    left, most = instance.client.ratelimit_remaining, instance.client.ratelimit_limit
    rest = instance.client.ratelimit_reset
    if rest and left < most // 3:
        raise SourceError(
            f"{instance.host} allows few more requests now; those are kept for new posts.",
            code="rate_limit",
            retry_at=datetime.fromtimestamp(rest, UTC),
        )


def _told(uri: str, status: Any, instance: Instance) -> Status:
    if refusal(status):
        return Status(uri, "unwilling")
    return Status(uri, "alive", of_status(status, instance.url))


def _looked_up(uris: Sequence[str], config: Config) -> Iterator[Status]:
    """As any server of the fediverse would ask; one that did not answer is not asked again in this round."""
    silent: set[str] = set()
    with Door(now=config.now, headers={"accept": ACTIVITY}, retries=0, connect=3, timeout=5, total=8) as door:
        for uri in uris:
            if config.out_of_time():
                return
            found = None if _origin(uri) in silent else _at_home(door, uri)
            if found:
                yield found
            else:
                silent.add(_origin(uri))


def _at_home(door: Door, uri: str) -> Status | None:
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
