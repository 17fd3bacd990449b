"""Hearing: what may be heard of a page of things, a count of what may not, and who wrote what is answered there."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ingest.record import Account, Deletion, Record
from ingest.sources.base import Broken
from ingest.sources.reddit.client import Client
from ingest.sources.reddit.failures import schema
from ingest.sources.reddit.posts import gone, of_thing, written_by

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError)
_NAME = re.compile(r"(?<![\w/])/?u/([\w-]+)", re.I)
Told = Mapping[str, Any]


@dataclass(slots=True)
class Heard:
    """One page, sorted out. `newest` is the time of the newest post shown, whether it may be heard or not."""

    records: list[Record] = field(default_factory=list)
    deletions: list[Deletion] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)


def hear(things: Sequence[Told], authors: Mapping[str, Account], named: Mapping[str, str] | None = None) -> Heard:
    """Sort out a page. `named` are accounts that Reddit says a post names: {fullname: handle}.

    Raises SourceError where not one thing can be read: then the format has changed.
    """
    heard = Heard()
    for thing in things:
        try:
            if is_advert(thing):
                heard.skipped["advertisement"] += 1
                continue
            if reason := gone(thing):
                heard.skipped[reason] += 1
                heard.deletions.append(Deletion("reddit", "post", str(thing["data"]["name"])))
                continue
            heard.records.append(_naming(of_thing(thing, authors), named or {}))
        except UNREADABLE as error:
            heard.broken.append(Broken(dict(thing), f"Reddit told this post in an unknown way: {error!r}"))
    if heard.broken and len(heard.broken) == len(things):
        raise schema("None of the posts in Reddit's answer could be read", repr(things[0]))
    return heard


def authors_of(
    client: Client, things: Sequence[Told], own: Collection[str], always: bool = False
) -> dict[str, Account]:
    """Who wrote the posts that these comments answer, by fullname.

    Reddit tells it of the submission only, and not everywhere. What is missing is looked up, a hundred posts a
    request, where somebody could be meant: a brand has accounts of its own here, or `always`.
    """
    found = {str(one["data"]["name"]): who for one in things if (who := written_by(one))}
    wanted: dict[str, None] = {}
    for data in (one["data"] for one in things if one.get("kind") == "t1"):
        root, starter = data.get("link_id"), data.get("link_author")
        if root and starter and root not in found and (who := written_by({"data": {"author": starter}})):
            found[root] = who
        wanted |= dict.fromkeys(name for name in (root, data.get("parent_id")) if name)
    missing = [name for name in wanted if name not in found]
    if missing and (own or always):
        shown = client.info(missing)
        found |= {name: who for name, one in shown.items() if (who := written_by(one))}
    return found


def is_advert(thing: Told) -> bool:
    """It stands between the others wherever Reddit puts it, however old it is."""
    return bool(thing["data"].get("promoted"))


def times_of(things: Sequence[Told]) -> list[tuple[str, float]]:
    """(fullname, time) of each thing. Raises SourceError where one has no time: an order can't be kept then."""
    try:
        return [(str(one["data"]["name"]), float(one["data"]["created_utc"])) for one in things]
    except UNREADABLE as error:
        raise schema("Reddit's listing holds something without a time", repr(error)) from error


def newest_of(seen: Sequence[tuple[str, float]], zone: Any) -> datetime | None:
    return datetime.fromtimestamp(max(at for _, at in seen), zone) if seen else None


def _naming(record: Record, named: Mapping[str, str]) -> Record:
    """Reddit's own word that a post names an account goes beside the names that stand in the text."""
    if not (handle := named.get(record.external_id)):
        return record
    told = {name.lower(): name for name in (*_NAME.findall(record.text), handle)}
    return replace(record, mentions=tuple(Account(handle=name) for name in told.values()))
