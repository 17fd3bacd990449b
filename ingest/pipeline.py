"""The pipeline: what happens to a page of posts, in order, and nothing but the order.

clean -> match -> (opted out? stop) -> enrich -> store, with those who ask to be left alone, the deletions, the gaps
and the cursor of the same page in one transaction. The tally follows by triggers; whoever has a page open is told
after the commit.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, OperationalError, transaction

from ingest import attested, coverage, forget, lease, live, own, purge, quarantine, stopping, store
from ingest.clean import clean
from ingest.findings import Finding, find
from ingest.match import Concern, Judge
from ingest.record import Record, Skip
from ingest.sources.base import Broken, Page
from listening import faults, people
from listening.models import Cursor, OptOut, Source

logger = logging.getLogger(__name__)
TRIES = 5
NUMBERS = ("read", "new", "changed", "already", "deleted", "withheld", "broken")


@dataclass(slots=True)
class Taken:
    """What became of a page: counts for the run log. `already` were there and did not change."""

    read: int = 0
    new: int = 0
    changed: int = 0
    already: int = 0
    deleted: int = 0
    withheld: int = 0
    broken: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Taken") -> None:
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.skipped.update(other.skipped)

    def counts(self) -> dict[str, Any]:
        """As the run log keeps it."""
        return {name: getattr(self, name) for name in NUMBERS} | {"skipped": dict(self.skipped)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page comes from: the source, the target's key, the lease number of the pull (None: no lease needed),
    a brand that every post concerns because a person said so, whether raw answers may be kept, and whether posts that
    another source stored stay as they are."""

    source: Source
    key: str
    lease_number: int | None = None
    assigned: int | None = None
    keep_raw: bool = True
    gives_way: bool = False


def take(place: Place, page: Page, judge: Judge, now: datetime) -> Taken:
    """Take one page in. Everything it brings is stored with its cursor, or nothing is."""
    taken = Taken(read=len(page.records) + len(page.broken), skipped=Counter(page.skipped))
    records, broken = _clean_all(page.records, now, taken)
    concerns, unjudged = _match_all(records, judge, place.assigned)
    allowed = _without_opted_out(concerns, taken)
    corrections = own.of_brands(concern.brand_id for concern in allowed)
    unscored = attested.unscored({(one.brand_id, one.record.network) for one in allowed}, now.date())
    findings, unenriched = _enrich_all(allowed, judge, corrections, unscored)
    _commit(place, page, judge, records, findings, [*page.broken, *broken, *unjudged, *unenriched], taken, now)
    taken.skipped["not about a brand"] += len(records) - len({id(c.record) for c in concerns}) - len(unjudged)
    taken.skipped = +taken.skipped
    return taken


def _clean_all(records: Sequence[Record], now: datetime, taken: Taken) -> tuple[list[Record], list[Broken]]:
    cleaned, broken = [], []
    for record in records:
        try:
            cleaned.append(clean(record, now))
        except Skip as skip:
            taken.skipped[skip.reason] += 1
        except Exception as error:
            faults.log(logger, f"a record of {record.network} could not be cleaned", error)
            broken.append(quarantine.of_record(record, f"Could not be cleaned: {faults.place_of(error)}"))
    return cleaned, broken


def _match_all(records: Sequence[Record], judge: Judge, assigned: int | None) -> tuple[list[Concern], list[Broken]]:
    concerns: list[Concern] = []
    broken = []
    for record in records:
        try:
            concerns += judge.concerns(record, assigned)
        except Exception as error:
            faults.log(logger, f"a record of {record.network} could not be matched", error)
            broken.append(quarantine.of_record(record, f"Could not be matched: {faults.place_of(error)}"))
    return concerns, broken


def _without_opted_out(concerns: Sequence[Concern], taken: Taken) -> list[Concern]:
    """Stop here whoever does not want to be heard; only a number stays."""
    gone = people.opted_out(name for concern in concerns for name in _whose(concern.record))
    stays = [concern for concern in concerns if gone.isdisjoint(_whose(concern.record))] if gone else list(concerns)
    taken.withheld += len(concerns) - len(stays)
    if gone:
        left_out = (concern for concern in concerns if not gone.isdisjoint(_whose(concern.record)))
        people.count_withheld((c.brand_id, c.record.network, c.record.published_at) for c in left_out)
    return stays


def _author(record: Record) -> people.Person | None:
    return (record.network, record.author.id) if record.author else None


def _whose(record: Record) -> list[people.Person]:
    """Whose words a post holds, by id and by handle: its author's, and where it only repeats a post, that one's."""
    told = (record.author, record.reposts.author if record.reposts else None)
    return [name for one in told if one for name in people.names_of(record.network, one.id, one.handle)]


def _authors_among(wanted: set[people.Person], records: Iterable[Record]) -> set[people.Person]:
    """The authors, by id, who are `wanted` by their id or by their handle."""
    told = ((record.network, author) for record in records if (author := record.author))
    return {(network, a.id) for network, a in told if not wanted.isdisjoint(people.names_of(network, a.id, a.handle))}


def _enrich_all(
    concerns: Sequence[Concern], judge: Judge, corrections: Mapping[int, own.Own], unscored: set[attested.Where]
) -> tuple[list[Finding], list[Broken]]:
    """Findings of all; when the batch fails, brand by brand and post by post, so that one cannot harm another."""
    try:
        return find(concerns, judge.names, judge.rules, judge.engines, corrections, unscored), []
    except Exception as error:
        if len(concerns) == 1:
            record = concerns[0].record
            faults.log(logger, f"a record of {record.network} could not be enriched", error)
            return [], [quarantine.of_record(record, f"Could not be enriched: {faults.place_of(error)}")]
    findings, broken = [], []
    for half in _halves(concerns):
        found, bad = _enrich_all(half, judge, corrections, unscored)
        findings += found
        broken += bad
    return findings, broken


def _commit(
    place: Place,
    page: Page,
    judge: Judge,
    records: Sequence[Record],
    findings: Sequence[Finding],
    broken: list[Broken],
    taken: Taken,
    now: datetime,
) -> None:
    stops = stopping.heard(findings)

    def write() -> None:
        rows, poison = _store_all(findings, place, judge, now)
        stopping.propose(stops)
        concerned: dict[people.Person, set[int]] = {}
        for finding in findings:
            record = finding.concern.record
            concerned.setdefault((record.network, record.external_id), set()).add(finding.concern.brand_id)
        gone = forget.drop_unconcerned(records, concerned, judge.names.keys() - {place.assigned}, now)
        gone += forget.follow(page.deletions, now, place.source)
        coverage.note(place.source, page.holes)
        quarantine.set_aside(place.source, [*broken, *poison])
        Cursor.objects.update_or_create(
            source=place.source,
            key=place.key,
            defaults={"value": dict(page.cursor)} | ({"caught_up_at": now} if page.done else {}),
        )
        inserted = sum(row.inserted for row in rows)
        taken.new, taken.changed, taken.deleted = inserted, len(rows) - inserted, gone
        taken.broken = len(broken) + len(poison)
        taken.already = len(findings) - len(rows) - len(poison)
        transaction.on_commit(lambda: live.tell(rows, gone, now))

    _in_one_transaction(write, place, now)


def _in_one_transaction(write: Callable[[], None], place: Place, now: datetime) -> None:
    """Run `write` with the lease held; a deadlock with a stranger's transaction is tried again."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                if place.lease_number is not None:
                    lease.renew(place.source.pk, place.lease_number, now)
                people.hold_shared()
                write()
            return
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != "40P01" or attempt == TRIES:
                raise


def _store_all(
    findings: Sequence[Finding], place: Place, judge: Judge, now: datetime
) -> tuple[list[store.Row], list[Broken]]:
    """Rows of all; when the statement fails on the data, halves, until the poison record is alone and set aside."""
    posts = {(f.concern.record.network, f.concern.record.external_id) for f in findings}
    authors = {author for f in findings if (author := _author(f.concern.record))}
    named = {name for f in findings for name in _whose(f.concern.record)}
    wishes = people.wishes(named)  # again: nobody can step out until we are done
    gone = {person for person, scope in wishes if scope == OptOut.Scope.LISTEN}
    if left_alone := {person for person, scope in wishes if scope == OptOut.Scope.CONTACT}:
        people.keep_uncontacted(_authors_among(left_alone, (f.concern.record for f in findings)))
    findings = [f for f in findings if gone.isdisjoint(_whose(f.concern.record))] if gone else findings
    keys = people.keys_of(authors)
    stones = purge.tombstone_keys(posts)

    def attempt(part: Sequence[Finding]) -> tuple[list[store.Row], list[Broken]]:
        try:
            with transaction.atomic():
                return store.write(
                    part, place.source, judge.versions, keys, stones, place.keep_raw, place.gives_way, now
                ), []
        except OperationalError:
            raise
        except (DatabaseError, ValueError) as error:
            if len(part) == 1:
                record = part[0].concern.record
                faults.log(logger, f"a record of {record.network} could not be stored", error)
                return [], [quarantine.of_record(record, f"Could not be stored: {faults.place_of(error)}")]
        rows, poison = [], []
        for half in _halves(part):
            stored, bad = attempt(half)
            rows += stored
            poison += bad
        return rows, poison

    return attempt(findings)


def _halves(items: Sequence) -> Iterable[Sequence]:  # type: ignore[type-arg]
    middle = len(items) // 2
    return (half for half in (items[:middle], items[middle:]) if half)
