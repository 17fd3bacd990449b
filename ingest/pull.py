"""Pull: one bounded run of a source, from the lease to the sentence in its run log."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest import lease, live, pipeline
from ingest.match import Judge, judge_for
from ingest.sources import load
from ingest.sources.base import Config, Page, Source as Connection, SourceError, Target, Tracked
from ingest.tracked import tracked_by
from listening import faults
from listening.models import Cursor, Pull, Source
from listening.secrets import unseal
from listening.spending import allowance, bill

logger = logging.getLogger(__name__)

BUDGET = timedelta(seconds=150)
STREAM_BUDGET = timedelta(seconds=50)
SLOWEST_RETRY = timedelta(hours=1)
PULLS_KEPT = timedelta(days=14)
Clock = Callable[[], datetime]


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Run:
    """What one pull has seen so far."""

    taken: pipeline.Taken = field(default_factory=pipeline.Taken)
    warnings: list[str] = field(default_factory=list)
    spent: int = 0
    newest: datetime | None = None
    retry_at: datetime | None = None
    unfinished: bool = False
    errors: list[SourceError] = field(default_factory=list)


def pull(source_id: int, budget: timedelta | None = None, now: Clock = clock) -> Pull | None:
    """Pull a source until it is caught up or the time budget is spent. Returns its run log row.

    None: somebody else is pulling it. Raises nothing for what a network does; an unknown error is noted on the row,
    the lease is given back, and it is raised again.
    """
    number = lease.claim(source_id, now())
    if number is None:
        return None
    source = Source.objects.get(pk=source_id)
    Pull.objects.filter(source=source, outcome=Pull.Outcome.RUNNING).update(
        outcome=Pull.Outcome.LOST, sentence="The worker stopped in the middle; this run's successor went on from there."
    )
    log = Pull.objects.create(source=source, started_at=now(), back_fill=source.last_success_at is None)
    Source.objects.filter(pk=source_id).update(last_started_at=log.started_at)
    run = Run()
    try:
        _run(source, number, run, budget, now)
    except lease.LeaseLost as error:
        return _log(log, run, Pull.Outcome.LOST, str(error), now())
    except Exception as error:
        faults.log(logger, f"the pull of source {source_id} failed", error)
        run.errors.append(_unknown(error))
        _finish(source, number, log, run, now())
        raise faults.Unforeseen(faults.place_of(error)) from None
    return _finish(source, number, log, run, now())


def connect(source: Source, now: Clock = clock, **bounds: Any) -> Connection:
    """The connection of a source row: its class from the catalogue, with settings and opened credentials."""
    credentials = unseal(source.credentials) if source.credentials else {}
    return load(source.kind)(Config(settings=source.settings, credentials=credentials, now=now, **bounds))


def _run(source: Source, number: int, run: Run, budget: timedelta | None, now: Clock) -> None:
    kind = load(source.kind)
    seconds = (budget or (STREAM_BUDGET if kind.stream else BUDGET)).total_seconds()
    until = time.monotonic() + seconds
    allowed = allowance(source, kind.budget(source.settings), now())
    connection = connect(source, now, out_of_time=lambda: time.monotonic() >= until, allowance=allowed)
    brands = tuple(tracked_by(source))
    judge = judge_for(brands)
    try:
        for target in _targets(connection, brands, run):
            if time.monotonic() >= until:
                run.unfinished = True
                return
            try:
                _poll(connection, source, number, target, judge, run, now)
            except SourceError as error:
                run.errors.append(error)
                if error.permanent or error.retry_at:
                    return
    finally:  # what was asked for and brought no page has its price, too
        rest = max(0, connection.spent - run.spent)
        run.spent += rest
        bill(source, rest, now(), kind.budget_zone)


def _targets(connection: Connection, brands: tuple[Tracked, ...], run: Run) -> list[Target]:
    """What to poll; a source that cannot even say that has failed."""
    try:
        return connection.targets(brands)
    except SourceError as error:
        run.errors.append(error)
        return []


def _poll(
    connection: Connection, source: Source, number: int, target: Target, judge: Judge, run: Run, now: Clock
) -> None:
    kept = Cursor.objects.filter(source=source, key=target.key).values_list("value", flat=True).first()
    place = pipeline.Place(source, target.key, number, keep_raw=connection.policy.keep_raw)
    finished = False
    for page in connection.poll(target, kept):
        run.taken.add(pipeline.take(place, page, judge, now()))
        _note(source, page, run, now())
        finished = page.done
        if page.retry_at:
            return
    run.unfinished |= not finished


def _note(source: Source, page: Page, run: Run, now: datetime) -> None:
    run.warnings += [warning for warning in page.warnings if warning not in run.warnings]
    run.newest = max(filter(None, (run.newest, page.newest)), default=None)
    run.retry_at = max(filter(None, (run.retry_at, page.retry_at)), default=None)
    run.spent += page.spent
    bill(source, page.spent, now, load(source.kind).budget_zone)


def _unknown(error: Exception) -> SourceError:
    return SourceError(
        "Something went wrong inside Earshot, not at the network. It is tried again by itself; "
        "if it stays, please report it with the raw message.",
        code="internal",
        raw=faults.place_of(error),
    )


def _finish(source: Source, number: int, log: Pull, run: Run, now: datetime) -> Pull:
    failed = bool(run.errors)
    error = next((e for e in run.errors if e.permanent), run.errors[0] if failed else None)
    changes: dict[str, Any] = {"warnings": run.warnings[:20], "next_pull_at": _next(source, run, error, now)}
    if run.newest:
        changes["newest_post_at"] = max(filter(None, (run.newest, source.newest_post_at)))
    if error:
        changes |= {
            "error_code": error.code,
            "error_sentence": error.sentence,
            "error_raw": error.raw,
            "error_since": source.error_since or now,
            "failures": source.failures + 1,
        }
        if error.permanent:
            changes["state"] = Source.State.BROKEN
    else:
        changes |= {"error_code": "", "error_sentence": "", "error_raw": "", "error_since": None, "failures": 0}
        changes["told_at"] = None
        changes["last_success_at"] = now
    lease.release(source.pk, number, **changes)
    live.tell_source(source.pk)
    Pull.objects.filter(source=source, started_at__lt=now - PULLS_KEPT).delete()
    if error:
        waiting = error.code in ("rate_limit", "quota") and not error.permanent
        outcome = Pull.Outcome.WAITING if waiting else Pull.Outcome.FAILED
        return _log(log, run, outcome, error.sentence, now, error)
    return _log(log, run, Pull.Outcome.WAITING if run.retry_at else Pull.Outcome.OK, _sentence(run), now)


def _next(source: Source, run: Run, error: SourceError | None, now: datetime) -> datetime:
    every = timedelta(minutes=int(source.settings.get("every_minutes") or 0)) or load(source.kind).every
    if error and error.retry_at:
        return max(error.retry_at, now)
    if error:
        doubled: timedelta = every * 2 ** min(source.failures, 10)
        return now + min(doubled, SLOWEST_RETRY)
    if run.retry_at:
        return max(run.retry_at, now)
    return now if run.unfinished or load(source.kind).stream else now + every


def _sentence(run: Run) -> str:
    taken = run.taken
    parts = [f"Read {taken.read:,}", f"{taken.new:,} new", f"{taken.already:,} already there"]
    optional: Mapping[str, int] = {
        "changed": taken.changed,
        "deleted": taken.deleted,
        "set aside": taken.broken,
        "of people who opted out": taken.withheld,
        "left out": sum(taken.skipped.values()) - taken.skipped["not about a brand"],
    }
    parts += [f"{n:,} {words}" for words, n in optional.items() if n]
    return ", ".join(parts) + "."


def _log(log: Pull, run: Run, outcome: str, sentence: str, now: datetime, error: SourceError | None = None) -> Pull:
    counts = run.taken.counts() | {"spent": run.spent}
    log.finished_at, log.outcome, log.sentence, log.counts = now, outcome, sentence, counts
    log.error_code, log.raw = (error.code, error.raw) if error else ("", "")
    log.save()
    return log
