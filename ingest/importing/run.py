"""One import from its first row to its counts: pages of a thousand records through the pipeline of all sources."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest import pipeline
from ingest.clean import clean
from ingest.importing.errors import ErrorList, error_list
from ingest.importing.plan import NO_TEXT, Plan, RowError, Unusable
from ingest.importing.reading import read
from ingest.match import Judge, judge_for
from ingest.record import Record, Skip
from ingest.sources.base import Page
from ingest.tracked import tracked
from listening.models import Brand, Mention, Source

PAGE = 1000
Progress = Callable[["Outcome"], None]


@dataclass(slots=True)
class Outcome:
    """What an import did: `rows` are the posts `read` and the `errors`; `already` were there and did not change."""

    rows: int = 0
    read: int = 0
    new: int = 0
    changed: int = 0
    already: int = 0
    withheld: int = 0
    broken: int = 0
    errors: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    first_errors: list[RowError] = field(default_factory=list)

    def add(self, taken: pipeline.Taken) -> None:
        for name in ("read", "new", "changed", "already", "withheld", "broken"):
            setattr(self, name, getattr(self, name) + getattr(taken, name))
        self.skipped.update(taken.skipped)

    def as_json(self) -> dict[str, Any]:
        names = ("rows", "read", "new", "changed", "already", "withheld", "broken", "errors")
        return {name: getattr(self, name) for name in names} | {"skipped": dict(self.skipped)}

    def sentence(self) -> str:
        parts = [f"{self.rows:,} rows read", f"{self.new:,} new", f"{self.already:,} already there"]
        optional = {"changed": self.changed, "of people who opted out": self.withheld, "set aside": self.broken}
        parts += [f"{n:,} {words}" for words, n in optional.items() if n]
        parts += [f"{n:,} left out ({reason})" for reason, n in self.skipped.most_common()]
        return ", ".join([*parts, f"{self.errors:,} with errors"]) + "."


def source_of(brand: Brand, now: datetime) -> Source:
    """The source that a brand's imports belong to. It is paused, because nothing pulls it."""
    paused = Source.State.PAUSED
    source = Source.objects.filter(kind="file", brands=brand).first()
    if source is None:
        source = Source.objects.create(kind="file", name=f"Files for {brand.name}", state=paused, next_pull_at=now)
        source.brands.add(brand)
    return source


def run(
    path: Path,
    plan: Plan,
    brand: Brand,
    now: Callable[[], datetime],
    *,
    match: bool = False,
    dry_run: bool = False,
    errors_path: Path | None = None,
    progress: Progress = lambda outcome: None,
) -> Outcome:
    """Import a file for one brand. Running it again adds nothing.

    Every row belongs to the brand because a person said so; with `match` only rows that one of its queries matches, or
    that turn to one of its accounts. `dry_run` stores nothing. Raises Unusable.
    """
    outcome = Outcome()
    judge = judge_for(tuple(tracked([brand])))
    if not plan.usable:
        raise Unusable(NO_TEXT)
    take = _looker(brand, judge, match, now) if dry_run else _taker(path.name, brand, judge, match, now)
    with error_list(errors_path) as errors:
        for records in _pages(read(path, plan), errors):
            outcome.add(take(records))
            outcome.errors, outcome.first_errors = errors.count, errors.first
            outcome.rows = outcome.read + outcome.errors
            progress(outcome)
    return outcome


def _pages(items: Iterable[Record | RowError], errors: ErrorList) -> Iterator[list[Record]]:
    """Records by the thousand; the last page may be empty, so that errors at the end are counted too."""
    records: list[Record] = []
    for item in items:
        if isinstance(item, RowError):
            errors.add(item)
            continue
        records.append(item)
        if len(records) == PAGE:
            yield records
            records = []
    yield records


def _taker(
    name: str, brand: Brand, judge: Judge, match: bool, now: Callable[[], datetime]
) -> Callable[[list[Record]], pipeline.Taken]:
    place = pipeline.Place(source_of(brand, now()), f"file:{name}"[:200], assigned=None if match else brand.pk)

    def take(records: list[Record]) -> pipeline.Taken:
        return pipeline.take(place, Page(records=records, cursor={}), judge, now())

    return take


def _looker(
    brand: Brand, judge: Judge, match: bool, now: Callable[[], datetime]
) -> Callable[[list[Record]], pipeline.Taken]:
    """What `_taker` would do, told without doing it."""
    seen: set[tuple[str, str]] = set()

    def look(records: list[Record]) -> pipeline.Taken:
        taken = pipeline.Taken(read=len(records))
        found = []
        for record in records:
            try:
                cleaned = clean(record, now())
            except Skip as skip:
                taken.skipped[skip.reason] += 1
                continue
            if match and not judge.concerns(cleaned):
                taken.skipped["not about a brand"] += 1
            else:
                found.append((cleaned.network, cleaned.external_id))
        stored = _stored(brand, found) | seen
        taken.new = len(set(found) - stored)
        taken.already = len(found) - taken.new
        seen.update(found)
        return taken

    return look


def _stored(brand: Brand, posts: list[tuple[str, str]]) -> set[tuple[str, str]]:
    mentions = Mention.objects.filter(brand=brand, external_id__in={post_id for _, post_id in posts})
    return set(mentions.values_list("network", "external_id"))
