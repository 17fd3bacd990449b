"""Rescore: a brand's stored mentions are read again with another engine, batch by batch, the newest first.

A batch is one transaction: one UPDATE of its findings, and the cursor that says how far we are, under a lease with a
number. A worker that is killed leaves a batch done or not begun, and whoever comes next goes on from the cursor. What
people corrected has columns of its own, which nothing here writes.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, Sum, TextField, Value
from django.db.models.functions import MD5, Concat

from ingest import attested, own, store
from ingest.enrich import complaint, sentiment
from ingest.enrich.masking import names_of
from ingest.findings import Asked, Found, judge
from ingest.pull import clock
from ingest.tracked import rules_of
from listening import faults
from listening.models import Mention, Rescore, Sentiment, Tally

logger = logging.getLogger(__name__)
BATCH = 2000
TRIES = 5
SECONDS = 30.0
"""How long one task works before it rings again, so that pulls are never kept waiting."""
LEASE = timedelta(seconds=120)
STOPPED = "Something went wrong inside Earshot. What was read stays. Start it again: it goes on with what is left."
COLUMNS = ", ".join(store.FOUND)

# By the index of lists alone, however many mentions share one moment.
NEXT = """
    SELECT id, published_at FROM listening_mention WHERE brand_id = %s AND (published_at, id) < (%s, %s)
    ORDER BY published_at DESC, id DESC LIMIT %s
"""

# A mention that changed meanwhile was read again by the pipeline: its text is no longer the one that we judged.
UPDATE = f"""
    UPDATE listening_mention AS kept SET ({COLUMNS}) = ROW ({", ".join(f"told.{one}" for one in store.FOUND)})
    FROM json_to_recordset(%s)
      AS told(id bigint, digest text, {", ".join(f"{one} {store.MENTION_COLUMNS[one]}" for one in store.FOUND)})
    WHERE kept.id = told.id AND kept.text_gone_at IS NULL AND md5(concat(kept.title, E'\\n', kept.text)) = told.digest
"""


class Stopped(Exception):
    """Cancelled, or another worker has the lease: what we were about to write must not be written."""


Tell = Callable[[Rescore], None]


def run(
    rescore_id: int, now: Callable[[], datetime] = clock, seconds: float = SECONDS, tell: Tell | None = None
) -> bool:
    """Read on for a while; `tell` hears after each batch. False: it is not at its end, ring again.

    A task that is told twice finds the lease taken, and one whose worker died goes on from the cursor.
    """
    number = Rescore.objects.claim(rescore_id, now(), LEASE)
    if number is None:
        return True
    row = Rescore.objects.select_related("brand").get(pk=rescore_id)
    try:
        return _run(row, number, now, time.monotonic() + seconds, tell)
    except Stopped:
        return True
    except OperationalError:
        raise  # the database is away: the lease runs out, and whoever is rung then goes on
    except Exception as error:
        _end(row, number, Rescore.State.FAILED, STOPPED, now())
        faults.log(logger, f"reading mentions again ({rescore_id}) failed", error)
        raise faults.Unforeseen(faults.place_of(error)) from None


def _run(row: Rescore, number: int, now: Callable[[], datetime], until: float, tell: Tell | None) -> bool:
    version = sentiment.version_of(sentiment.load(row.engine))
    if row.to_version != version:  # at the first slice, and after an upgrade in the middle: from the top
        _measure(row, number, version)
    while True:
        began = time.monotonic()
        batch = _next(row)
        if not batch:
            _last_look(row, now())
            _end(row, number, Rescore.State.DONE, "", now())
            return True
        _take(row, number, batch, began, now())
        if tell:
            tell(row)
        if time.monotonic() >= until:
            break
    Rescore.objects.filter(pk=row.pk, lease_number=number).update(lease_until=None)
    return False


def _measure(row: Rescore, number: int, version: str) -> None:
    """How much there is, counted once, and between which engines."""
    row.to_version, row.at, row.last_id, row.done = version, None, 0, 0
    cells = Tally.objects.filter(brand=row.brand).exclude(engine__in=("", row.to_version)).values_list("engine")
    before = cells.annotate(n=Sum("n")).filter(n__gt=0).order_by("-n")
    row.from_version = ", ".join(engine for engine, _ in before)[:200]
    row.total = Mention.objects.filter(brand=row.brand).count()
    values = {name: getattr(row, name) for name in ("to_version", "from_version", "total", "at", "last_id", "done")}
    Rescore.objects.filter(pk=row.pk, lease_number=number).update(**values)


def _next(row: Rescore) -> list[tuple[int, datetime]]:
    """The mentions of the next batch: (id, published_at)."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [row.brand_id, row.at or "infinity", row.last_id, BATCH])
        return list(cursor.fetchall())


def _take(row: Rescore, number: int, batch: Sequence[tuple[int, datetime]], began: float, now: datetime) -> None:
    """Judge a batch, then write its findings and the cursor together; a deadlock with a pull is tried again."""
    told = _judged(row, [pk for pk, _ in batch], now)
    last, at = batch[-1]
    place = {"at": at, "last_id": last, "done": F("done") + len(batch), "lease_until": now + LEASE}
    for attempt in range(1, TRIES + 1):
        try:
            _commit(row, number, told, place, began)
            break
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != "40P01" or attempt == TRIES:
                raise
    row.at, row.last_id, row.done = at, last, row.done + len(batch)


@transaction.atomic
def _commit(row: Rescore, number: int, told: Sequence[dict[str, Any]], place: dict[str, Any], began: float) -> None:
    """Raises Stopped. The row lock that the first UPDATE takes keeps a successor waiting until we are done."""
    mine = Rescore.objects.open().filter(pk=row.pk, lease_number=number)
    if not mine.update(**place):
        raise Stopped
    changed = _write(told)
    mine.update(changed=F("changed") + changed, seconds=F("seconds") + (time.monotonic() - began))


def _judged(row: Rescore, ids: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    """The new findings of those mentions whose findings are old and whose text is still there."""
    old = _old(row, Mention.objects.filter(pk__in=ids)).annotate(
        digest=MD5(Concat("title", Value("\n"), "text", output_field=TextField()))
    )
    mentions = list(old.only("title", "text", "network", "language", "is_addressed", "own", "published_at"))
    names = names_of(row.brand.name, row.brand.handles.values_list("handle", flat=True))
    engine, rules, adopted = sentiment.load(row.engine), rules_of(row.brand), _adopted(row)
    unscored = attested.unscored({(row.brand_id, mention.network) for mention in mentions}, now.date())
    asked = [
        Asked(
            text=f"{m.title}\n{m.text}" if m.title else m.text,
            title=m.title,
            language=m.language,
            names=names,
            engine=engine,
            addressed=m.is_addressed,
            own=m.own,
            published_at=m.published_at,
            rules=rules,
            adopted=adopted,
            scored=(row.brand_id, m.network) not in unscored,
        )
        for m in mentions
    ]
    return [
        {"id": mention.pk, "digest": mention.digest} | store.found(found)
        for mention, found in zip(mentions, _each(asked), strict=True)
        if found
    ]


def _each(asked: Sequence[Asked]) -> list[Found | None]:
    """Findings of all; where a text breaks an engine it keeps the findings it had, and the others get theirs."""
    try:
        return list(judge(asked))
    except Exception as error:
        if len(asked) == 1:
            faults.log(logger, "a mention could not be read again", error)
            return [None]
    middle = len(asked) // 2
    return _each(asked[:middle]) + _each(asked[middle:])


def _old(row: Rescore, mentions: Any) -> Any:
    """Those that the engine, or the model of complaints behind it, or the correction that the brand adopted of them,
    has not read in its present version."""
    adopted, models = _adopted(row), {row.to_version, complaint.version()}
    mood = {own.version(row.to_version, adopted.sentiment)} if adopted.sentiment else {row.to_version}
    if adopted.complaint:
        models.add(own.version(adopted.complaint.engine, adopted.complaint))
    read = Q(sentiment_engine__in=mood) | Q(sentiment_engine=row.to_version, sentiment=Sentiment.UNSCORED)
    return mentions.filter(text_gone_at=None).exclude(read & Q(complaint_engine__in=models))


def _adopted(row: Rescore) -> own.Own:
    return own.of_brands([row.brand_id]).get(row.brand_id, own.NONE)


def _write(told: Sequence[dict[str, Any]]) -> int:
    if not told:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [orjson.dumps(list(told)).decode()])
        return int(cursor.rowcount)


def _last_look(row: Rescore, now: datetime) -> None:
    """Mentions that a pull, which began with the former engine, stored while we were reading."""
    late = Mention.objects.filter(brand=row.brand, collected_at__gte=row.created_at)
    ids = list(_old(row, late).values_list("pk", flat=True))
    for first in range(0, len(ids), BATCH):
        _write(_judged(row, ids[first : first + BATCH], now))


def _end(row: Rescore, number: int, state: str, sentence: str, at: datetime) -> None:
    mine = Rescore.objects.open().filter(pk=row.pk, lease_number=number)
    mine.update(state=state, sentence=sentence, finished_at=at, lease_until=None)
