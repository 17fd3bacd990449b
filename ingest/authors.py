"""Authors: whoever wrote the posts of a page gets a row, and a known author's row is left alone where it would say
nothing new: a row that is written stays locked until its page is stored, and pages that share authors would wait for
each other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from ingest.record import Author, Record
from listening.models.person import NAMES_SHOWN
from listening.people import Person

SOON = "interval '1 day'"
"""A name that was read again, and nothing else, is written again only where it would expire so much later."""

COLUMNS = {
    "network": "text",
    "key_version": "smallint",
    "key": "text",
    "handle": "text",
    "name": "text",
    "url": "text",
    "followers": "bigint",
    "account_created_at": "timestamptz",
    "shown_until": "timestamptz",
    "seen_at": "timestamptz",
}
NAMES = ", ".join(COLUMNS)
SHAPE = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())

UPSERT = f"""
    WITH told AS MATERIALIZED (SELECT * FROM json_to_recordset(%s) AS told({SHAPE})),
    known AS MATERIALIZED (
      SELECT kept.id, kept.network, kept.key FROM told JOIN listening_author AS kept USING (network, key_version, key)
      WHERE (kept.handle, kept.name, kept.url) = (told.handle, told.name, told.url)
        AND kept.followers IS NOT DISTINCT FROM coalesce(told.followers, kept.followers)
        AND kept.account_created_at IS NOT DISTINCT FROM coalesce(told.account_created_at, kept.account_created_at)
        AND kept.shown_until > told.shown_until - {SOON} AND kept.seen_at > told.seen_at - {SOON}
    ), written AS (
      INSERT INTO listening_author AS kept ({NAMES})
      SELECT {NAMES} FROM told WHERE (network, key) NOT IN (SELECT network, key FROM known)
      ORDER BY network, key_version, key
      ON CONFLICT (network, key_version, key) DO UPDATE SET
        handle = excluded.handle, name = excluded.name, url = excluded.url, shown_until = excluded.shown_until,
        followers = coalesce(excluded.followers, kept.followers),
        account_created_at = coalesce(excluded.account_created_at, kept.account_created_at),
        seen_at = greatest(excluded.seen_at, kept.seen_at)
      RETURNING id, network, key
    )
    SELECT id, network, key FROM known UNION ALL SELECT id, network, key FROM written
"""


def write(
    records: Sequence[Record], keys: Mapping[Person, tuple[int, str]], now: datetime
) -> dict[tuple[int, str], int]:
    """(key version, key) -> row id of the author of each of these posts. Call in a transaction."""
    told = {keys[one.network, one.author.id]: (one.network, one.author) for one in records if one.author}
    if not told:
        return {}
    rows = [_row(network, key, author, now) for key, (network, author) in told.items()]
    names = {(network, key): (version, key) for (version, key), (network, _) in told.items()}
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [orjson.dumps(rows).decode()])
        return {names[network, key]: pk for pk, network, key in cursor.fetchall()}


def _row(network: str, key: tuple[int, str], author: Author, now: datetime) -> dict[str, Any]:
    return {
        "network": network,
        "key_version": key[0],
        "key": key[1],
        "handle": author.handle or "",
        "name": author.name or "",
        "url": author.url or "",
        "followers": author.followers,
        "account_created_at": author.created_at,
        "shown_until": now + NAMES_SHOWN,
        "seen_at": now,
    }
