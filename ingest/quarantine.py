"""Quarantine: posts that could not be taken in are set aside with their reason, and can be tried again."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import compress
from operator import not_
from typing import Any

import orjson

from ingest.record import Account, Author, PostRef, Record
from ingest.sources import CATALOGUE, load
from ingest.sources.base import Broken
from listening.models import Quarantine, Source
from listening.naming import name_somebody_gone


def set_aside(source: Source, broken: Sequence[Broken]) -> int:
    """Keep these, each once, and none that names somebody who stepped out. Returns how many are new."""
    rows = []
    networks = {load(source.kind).network if source.kind in CATALOGUE else "web"}
    gone = name_somebody_gone((networks | _network(one), _plain(one.raw)) for one in broken)
    for one in compress(broken, map(not_, gone)):
        raw = _storable(one.raw)
        key = hashlib.sha256(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)).hexdigest()
        rows.append(Quarantine(source=source, key=key, raw=raw, reason=one.reason[:2000]))
    before = Quarantine.objects.filter(source=source).count() if rows else 0
    Quarantine.objects.bulk_create(rows, ignore_conflicts=True)
    return Quarantine.objects.filter(source=source).count() - before if rows else 0


def _network(broken: Broken) -> set[str]:
    record = broken.raw.get("record") if isinstance(broken.raw, dict) else None
    return {str(record["network"])} if isinstance(record, dict) and record.get("network") else set()


def of_record(record: Record, reason: str) -> Broken:
    """A record that we read but could not take in."""
    return Broken({"record": asdict(record)}, reason)


def record_in(raw: Any) -> Record | None:
    """The record inside a set-aside post, None where the source itself could not read it."""
    told = raw.get("record") if isinstance(raw, dict) else None
    if not isinstance(told, dict):
        return None
    times = {name: _time(told.get(name)) for name in ("published_at", "edited_at")}
    accounts = {name: tuple(Account(**one) for one in told.get(name) or ()) for name in ("mentions", "implied")}
    posts = {name: _post(told.get(name)) for name in ("in_reply_to", "thread_root", "quotes", "reposts")}
    author = told.get("author")
    owner = told.get("page_owner")
    return Record(
        **{
            **told,
            **times,
            **accounts,
            **posts,
            "author": Author(**{**author, "created_at": _time(author.get("created_at"))}) if author else None,
            "page_owner": Account(**owner) if owner else None,
            "links": tuple(told.get("links") or ()),
        }
    )


def _post(told: Any) -> PostRef | None:
    return PostRef(told["id"], Account(**told["author"]) if told.get("author") else None) if told else None


def _time(told: Any) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _storable(raw: Any) -> Any:
    """JSON that Postgres takes: no NUL, no lone surrogates, nothing but JSON's own types."""
    text = orjson.dumps(_plain(raw), default=str).decode().replace("\\u0000", "")
    return orjson.loads(text)


def _plain(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {_plain(str(key)): _plain(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [_plain(value) for value in raw]
    if isinstance(raw, int) and abs(raw) >= 2**63:  # JSON has no limit, its readers have
        return str(raw)
    if isinstance(raw, bytes):
        return raw.decode("utf-8", "replace")
    return raw.encode("utf-8", "replace").decode() if isinstance(raw, str) else raw
