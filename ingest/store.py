"""Store: findings become rows, a batch a statement; twice the same batch changes nothing the second time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from ingest import authors
from ingest.findings import Finding, Found, as_stored
from ingest.grouping import Copy, groups
from ingest.match import words_of
from ingest.record import Record
from ingest.repeats import MOST, count_before, earlier
from listening.models import Source
from listening.people import Person, handle_person
from listening.query import fold
from listening.secrets import person_key


@dataclass(frozen=True, slots=True)
class Row:
    """What one statement did to one mention."""

    id: int
    brand_id: int
    inserted: bool


MENTION_COLUMNS = {
    "brand_id": "bigint",
    "source_id": "bigint",
    "network": "text",
    "external_id": "text",
    "url": "text",
    "title": "text",
    "text": "text",
    "folded": "text",
    "published_at": "timestamptz",
    "edited_at": "timestamptz",
    "collected_at": "timestamptz",
    "author_id": "bigint",
    "language": "text",
    "own": "boolean",
    "hidden": "text",
    "public_ok": "boolean",
    "back_fill": "boolean",
    "sentiment": "text",
    "compound": "float8",
    "p_negative": "float8",
    "p_neutral": "float8",
    "p_positive": "float8",
    "unsure": "boolean",
    "sentiment_engine": "text",
    "complaint": "boolean",
    "complaint_p": "float8",
    "complaint_reasons": "jsonb",
    "complaint_engine": "text",
    "complaint_kind": "text",
    "complaint_strength": "smallint",
    "asks": "text",
    "waiting_days": "smallint",
    "details_engine": "text",
    "group_key": "bigint",
    "addressed": "text",
    "addressed_evidence": "text",
    "reply_to": "text",
    "thread_root": "text",
    "quote_of": "text",
    "repost_of": "text",
    "repost_author": "text",
    "community": "text",
    "links": "jsonb",
    "media": "smallint",
    "replies": "bigint",
    "likes": "bigint",
    "shares": "bigint",
    "views": "bigint",
    "rating": "float8",
    "spans": "jsonb",
    "query_versions": "jsonb",
    "raw": "jsonb",
}
FOUND = (
    "sentiment",
    "compound",
    "p_negative",
    "p_neutral",
    "p_positive",
    "unsure",
    "sentiment_engine",
    "complaint",
    "complaint_p",
    "complaint_reasons",
    "complaint_engine",
    "complaint_kind",
    "complaint_strength",
    "asks",
    "waiting_days",
    "details_engine",
)
"""Columns that hold what engines found: `found` gives their values, and reading a mention again writes them anew."""

EMPTY = {
    **dict.fromkeys(("url", "title", "text", "hidden", "addressed_evidence", "community"), "''"),
    **dict.fromkeys(("complaint_kind", "asks", "sentiment_engine", "complaint_engine", "details_engine"), "''"),
    **dict.fromkeys(("reply_to", "thread_root", "quote_of", "repost_of", "repost_author"), "''"),
    **dict.fromkeys(("own", "public_ok", "back_fill", "complaint", "unsure"), "false"),
    **dict.fromkeys(("links", "complaint_reasons"), "'[]'::jsonb"),
    **dict.fromkeys(("spans", "query_versions"), "'{}'::jsonb"),
    "folded": """lower(coalesce(told.text, '') COLLATE "C")""",
}
"""What a column holds that a row says nothing of: most columns of most posts are empty, and Postgres would spend a
third of its time on a row reading that they are. `folded` is left out where it is the text in lower case."""
TOLD_LATER = ("replies", "likes", "shares", "views", "rating", "author_id", "media")
"""Columns that a later reading without a value must not empty."""
GROUP = "group_key"
"""Follows a changed text, but not where a person took the mention out of its group."""
FIXED = (GROUP, "brand_id", "network", "external_id", "source_id", "collected_at", "back_fill", "raw")
CHANGES = [column for column in MENTION_COLUMNS if column not in FIXED and column not in TOLD_LATER]


def _shape(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def _told(column: str) -> str:
    return f"coalesce(told.{column}, {EMPTY[column]})" if column in EMPTY else f"told.{column}"


# An older version of a post never replaces a newer one, and a row that would not change is not touched: no dead
# tuple, no tally work, no event. Whoever deleted a post at its network left a tombstone, which keeps late copies out.
UPSERT_MENTIONS = f"""
    INSERT INTO listening_mention AS kept ({", ".join(MENTION_COLUMNS)}, sentiment_by_person, complaint_by_person,
      repeats)
    SELECT {", ".join(map(_told, MENTION_COLUMNS))}, NULL, NULL,
      CASE WHEN told.complaint AND told.author_id IS NOT NULL
           THEN least({MOST}, coalesce(told.before, 0) + {earlier("told", "o.external_id <> ALL(%s)")})
           ELSE 0 END
    FROM json_to_recordset(%s) AS told({_shape(MENTION_COLUMNS)}, tombstone text, before smallint)
    WHERE NOT EXISTS (
      SELECT FROM listening_tombstone t WHERE t.network = told.network AND t.key = told.tombstone
    )
    ORDER BY brand_id, network, external_id
    ON CONFLICT (brand_id, network, external_id) DO UPDATE SET
      {", ".join(f"{column} = excluded.{column}" for column in CHANGES)},
      {", ".join(f"{column} = coalesce(excluded.{column}, kept.{column})" for column in TOLD_LATER)},
      {GROUP} = CASE WHEN kept.text = excluded.text AND kept.{GROUP} IS NOT NULL
                       OR EXISTS (SELECT FROM listening_split s WHERE s.mention_id = kept.id)
                     THEN kept.{GROUP} ELSE excluded.{GROUP} END,
      repeats = CASE WHEN excluded.complaint AND NOT kept.complaint THEN excluded.repeats ELSE kept.repeats END,
      raw = excluded.raw
    WHERE kept.text_gone_at IS NULL AND (kept.source_id IS NOT DISTINCT FROM excluded.source_id OR NOT %s)
      AND coalesce(excluded.edited_at, '-infinity') >= coalesce(kept.edited_at, '-infinity')
      AND ({", ".join(f"excluded.{c}" for c in CHANGES)},
           {", ".join(f"coalesce(excluded.{c}, kept.{c})" for c in TOLD_LATER)})
          IS DISTINCT FROM ({", ".join(f"kept.{c}" for c in CHANGES)}, {", ".join(f"kept.{c}" for c in TOLD_LATER)})
    RETURNING id, brand_id, xmax = 0
"""


def write(
    findings: Sequence[Finding],
    source: Source,
    versions: Mapping[int, int],
    keys: Mapping[Person, tuple[int, str]],
    tombstones: Mapping[Person, str],
    keep_raw: bool,
    gives_way: bool,
    now: datetime,
) -> list[Row]:
    """Insert or update mentions and their authors. Returns the rows that changed; the others were already there.

    `gives_way`: rows that another source stored stay as they are, for a file tells less than a network does.
    `keys` holds the HMAC of each author, `tombstones` that of each post, both by (network, id). Call in a transaction.
    """
    if not findings:
        return []
    author_ids = authors.write([finding.concern.record for finding in findings], keys, now)
    rows = {}
    for finding, group in zip(findings, groups(list(map(copy_of, findings))), strict=True):
        row = _mention(finding, source, versions, now, keep_raw) | {"group_key": group}
        record = finding.concern.record
        row["author_id"] = author_ids.get(keys[record.network, record.author.id]) if record.author else None
        row["tombstone"] = tombstones[record.network, record.external_id]
        rows[row["brand_id"], row["network"], row["external_id"]] = row  # the last version in a page wins
    count_before(list(rows.values()))
    here = [row["external_id"] for row in rows.values()]
    with connection.cursor() as cursor:
        cursor.execute(UPSERT_MENTIONS, [here, orjson.dumps(list(map(_said, rows.values()))).decode(), gives_way])
        return [Row(*row) for row in cursor.fetchall()]


def copy_of(finding: Finding) -> Copy:
    """What decides which group a post belongs to."""
    record = finding.concern.record
    repost_of = record.reposts.id if record.reposts else ""
    return Copy(finding.concern.brand_id, record.network, record.external_id, repost_of, words_of(record))


def reasons(finding: Found) -> list[dict[str, Any]]:
    """Why a post is a complaint, as rows keep it."""
    if not finding.complaint.flagged:
        return []
    told = ({"start": one.start, "end": one.end, "why": one.why} for one in finding.complaint.reasons)
    return as_stored(told, finding.details.reasons)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what EMPTY stands for; a count of 0 is said."""
    return {name: value for name, value in row.items() if value or value == 0 and value is not False}


def found(finding: Found) -> dict[str, Any]:
    """What engines found, by column."""
    mood = finding.sentiment
    return {
        "sentiment": mood.label,
        "compound": mood.compound,
        "p_negative": mood.p_negative,
        "p_neutral": mood.p_neutral,
        "p_positive": mood.p_positive,
        "unsure": mood.unsure,
        "sentiment_engine": finding.sentiment_engine,
        "complaint": finding.complaint.flagged,
        "complaint_p": finding.complaint.p,
        "complaint_reasons": reasons(finding),
        "complaint_engine": finding.complaint_engine,
        "complaint_kind": finding.details.kind,
        "complaint_strength": finding.details.strength,
        "asks": finding.details.asks,
        "waiting_days": finding.details.waiting_days,
        "details_engine": finding.details_engine,
    }


def _folded(record: Record) -> str | None:
    """What searches look through; None where it is the text in lower case."""
    if record.title:
        return fold(f"{record.title}\n{record.text}")
    return None if record.text.isascii() else fold(record.text)


def _reposted(record: Record) -> str:
    """The key of whoever wrote what a repost repeats, so that it can go with them; by handle where no id is told."""
    author = record.reposts.author if record.reposts else None
    if author is None or not (author.id or author.handle):
        return ""
    name = (record.network, author.id) if author.id else handle_person(record.network, author.handle or "")
    return person_key(*name)[1]


def _mention(
    finding: Finding, source: Source, versions: Mapping[int, int], now: datetime, keep_raw: bool
) -> dict[str, Any]:
    concern = finding.concern
    record = concern.record
    return found(finding) | {
        "brand_id": concern.brand_id,
        "source_id": source.pk,
        "network": record.network,
        "external_id": record.external_id,
        "url": record.url or "",
        "title": record.title or "",
        "text": record.text,
        "folded": _folded(record),
        "published_at": record.published_at,
        "edited_at": record.edited_at,
        "collected_at": now,
        "language": finding.language,
        "own": concern.own,
        "hidden": record.hidden or "",
        "public_ok": record.public_ok,
        "back_fill": record.published_at < source.created_at,
        "addressed": concern.addressed.verdict,
        "addressed_evidence": concern.addressed.evidence,
        "reply_to": record.in_reply_to.id if record.in_reply_to else "",
        "thread_root": record.thread_root.id if record.thread_root else "",
        "quote_of": record.quotes.id if record.quotes else "",
        "repost_of": record.reposts.id if record.reposts else "",
        "repost_author": _reposted(record),
        "community": (record.community or "")[:200],
        "links": record.links,
        "media": record.media,
        "replies": record.replies,
        "likes": record.likes,
        "shares": record.shares,
        "views": record.views,
        "rating": record.rating,
        "spans": concern.spans,
        "query_versions": {query: versions.get(int(query), 1) for query in concern.spans},
        "raw": record.raw if keep_raw else None,
    }
