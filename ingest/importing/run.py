"""One import from its first row to its counts: pages of a thousand records through the pipeline of all sources."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from listening.interest import not_yet
from listening.models import Brand, Cursor, Mention, Source
from listening.naming import name_somebody_gone

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
    finished: bool = False
    skipped: Counter[str] = field(default_factory=Counter)
    first_errors: list[RowError] = field(default_factory=list)

    def add(self, taken: pipeline.Taken) -> None:
        for name in ("read", "new", "changed", "already", "withheld", "broken"):
            setattr(self, name, getattr(self, name) + getattr(taken, name))
        self.skipped.update(taken.skipped)
        self.rows = self.read + self.errors

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Outcome":
        return cls(**{**told, "skipped": Counter(told["skipped"]), "finished": False})

    def as_json(self) -> dict[str, Any]:
        names = ("rows", "read", "new", "changed", "already", "withheld", "broken", "errors", "finished")
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
    key: str = "",
    out_of_time: Callable[[], bool] = lambda: False,
    progress: Progress = lambda outcome: None,
) -> Outcome:
    """Import a file for one brand. Running it again adds nothing.

    Every row belongs to the brand because a person said so; with `match` only rows that one of its queries matches, or
    that turn to one of its accounts. `dry_run` stores nothing. With a `key` it stops between two pages when
    `out_of_time`, and the next run with that key goes on there. Raises Unusable.
    """
    if not plan.usable:
        raise Unusable(NO_TEXT)
    if not dry_run and (refused := not_yet(brand)):
        raise Unusable(f"{refused} On the command line: manage.py adopt_interest --brand {brand.slug}.")
    judge = judge_for(tuple(tracked([brand])))
    taker = _Looker(brand, judge, match, now) if dry_run else _Taker(key, brand, judge, match, now)
    outcome, skip = taker.begun()
    network = plan.network or "web"
    with error_list(errors_path, lambda raws: name_somebody_gone(([network], {"raw": raw}) for raw in raws)) as errors:
        for taken, records in _pages(read(path, plan), errors, skip):
            outcome.errors, outcome.first_errors = errors.count, errors.first
            taker.take(outcome, taken, records)
            progress(outcome)
            if key and out_of_time() and len(records) == PAGE:
                return outcome
    outcome.finished = True
    return outcome


def _pages(items: Iterable[Record | RowError], errors: ErrorList, skip: int) -> Iterator[tuple[int, list[Record]]]:
    """(items so far, records by the thousand); the last page may be empty, so that errors at the end are counted.

    The first `skip` items were taken before; their errors are listed again, because the list begins anew.
    """
    records: list[Record] = []
    number = 0
    for number, item in enumerate(items, start=1):
        if isinstance(item, RowError):
            errors.add(item)
        elif number > skip:
            records.append(item)
            if len(records) == PAGE:
                yield number, records
                records = []
    yield number, records


class _Taker:
    """Takes pages in; the place in the file is kept with them, in the same transaction."""

    def __init__(self, key: str, brand: Brand, judge: Judge, match: bool, now: Callable[[], datetime]) -> None:
        self.judge, self.now, self.keep = judge, now, bool(key)
        source = source_of(brand, now())
        self.place = pipeline.Place(source, key or "files", assigned=None if match else brand.pk, gives_way=True)

    def begun(self) -> tuple[Outcome, int]:
        """What an interrupted run of the same key has done, and after how many items."""
        kept = Cursor.objects.filter(source=self.place.source, key=self.place.key).values_list("value", flat=True)
        told = kept.first() if self.keep else None
        return (Outcome.from_json(told["outcome"]), int(told["items"])) if told else (Outcome(), 0)

    def take(self, outcome: Outcome, items: int, records: list[Record]) -> None:
        cursor: dict[str, Any] = {"items": items, "outcome": outcome.as_json()}
        taken = pipeline.take(self.place, Page(records=records, cursor=cursor), self.judge, self.now())
        outcome.add(taken)
        if self.keep:
            Cursor.objects.filter(source=self.place.source, key=self.place.key).update(
                value={"items": items, "outcome": outcome.as_json()}
            )


class _Looker:
    """Tells what `_Taker` would do without doing it."""

    def __init__(self, brand: Brand, judge: Judge, match: bool, now: Callable[[], datetime]) -> None:
        self.brand, self.judge, self.match, self.now = brand, judge, match, now
        self.seen: set[int] = set()  # hashes, because a long file has many ids

    def begun(self) -> tuple[Outcome, int]:
        return Outcome(), 0

    def take(self, outcome: Outcome, items: int, records: list[Record]) -> None:
        taken = pipeline.Taken(read=len(records))
        found = [post for record in records if (post := self._look(record, taken))]
        stored = self._stored(found)
        new = {hash(post) for post in found if post not in stored} - self.seen
        taken.new, taken.already = len(new), len(found) - len(new)
        self.seen |= new
        outcome.add(taken)

    def _look(self, record: Record, taken: pipeline.Taken) -> tuple[str, str] | None:
        try:
            cleaned = clean(record, self.now())
        except Skip as skip:
            taken.skipped[skip.reason] += 1
            return None
        if self.match and not self.judge.concerns(cleaned):
            taken.skipped["not about a brand"] += 1
            return None
        return cleaned.network, cleaned.external_id

    def _stored(self, posts: list[tuple[str, str]]) -> set[tuple[str, str]]:
        mentions = Mention.objects.filter(brand=self.brand, external_id__in={post_id for _, post_id in posts})
        return set(mentions.values_list("network", "external_id"))
