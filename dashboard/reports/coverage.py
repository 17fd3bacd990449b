"""Coverage: when was a brand listened to, and when not? "We were not collecting" never looks like "nobody spoke".

A stretch is missing when no source was collecting, and partial when at least one of several was not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.reports.cells import first_and_last
from dashboard.reports.period import HOUR, Bucket, Period
from listening.interest import collecting_since
from listening.models import Brand, Gap, Source

FILES = "file"  # a file is no stream: it tells about the time that its posts span, and about no other
COMPARABLE_FROM = 0.9  # share of a period that must have been collected before it is compared with another


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time without collection; `source` is its name, "" where it concerns all of them."""

    start: datetime
    end: datetime
    reason: str
    source: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def within(self, start: datetime, end: datetime) -> "Stretch | None":
        """The part of it between two instants, None when there is none."""
        start, end = max(self.start, start), min(self.end, end)
        return Stretch(start, end, self.reason, self.source) if start < end else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was not collected in a period, up to now.

    `missing` are stretches in which nothing was collected, `partial` those in which some sources were not;
    `began` is when collection began, None when the brand has no source and no mention.
    """

    period: Period
    missing: tuple[Stretch, ...]
    partial: tuple[Stretch, ...]
    began: datetime | None

    @property
    def share(self) -> float:
        """Which share of the period, up to now, was collected by at least one source."""
        whole = self.period.until - self.period.start
        lost = sum((stretch.length for stretch in self.missing), timedelta())
        return 1 - lost / whole if whole else 0.0

    @property
    def comparable(self) -> bool:
        return self.share >= COMPARABLE_FROM

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        return tuple(sorted((*self.missing, *self.partial), key=lambda stretch: stretch.start))

    def of(self, bucket: Bucket) -> str:
        """How a bucket was collected: "full", "part", "none", or "future"."""
        if bucket.start >= self.period.until:
            return "future"
        if not self.missing and not self.partial:
            return "full"
        end = min(bucket.end, self.period.until)
        lost = sum((part.length for part in _cut(self.missing, bucket.start, end)), timedelta())
        if lost >= end - bucket.start:
            return "none"
        return "part" if lost or _cut(self.partial, bucket.start, end) else "full"

    def why(self, bucket: Bucket) -> str:
        """The reasons that concern a bucket, in one line."""
        parts = _cut(self.stretches, bucket.start, bucket.end)
        return "; ".join(dict.fromkeys(f"{p.source}: {p.reason}" if p.source else p.reason for p in parts))


def coverage(brand: Brand, period: Period) -> Coverage:
    """What of this period was collected for the brand."""
    return coverages(brand, period)[0]


def coverages(brand: Brand, *periods: Period) -> list[Coverage]:
    """What of each period was collected for the brand."""
    sources = list(brand.sources.defer("settings", "credentials", "warnings").order_by("created_at", "pk"))
    allowed = collecting_since(brand)
    if allowed is None and sources:
        return [_not_allowed(period) for period in periods]
    span = first_and_last(brand) if _has_history(brand, sources) else None
    began, ended = _began_and_ended(sources, span, allowed)
    live = [source for source in sources if source.kind != FILES]
    until, start = max(period.until for period in periods), min(period.start for period in periods)
    gaps = list(Gap.objects.filter(source__in=live, start__lt=until, end__gt=start).order_by("start", "pk"))
    return [judge(period, began, ended, live, gaps) for period in periods]


def judge(
    period: Period, began: datetime | None, ended: datetime | None, live: Sequence[Source], gaps: Iterable[Gap]
) -> Coverage:
    """The pure part: from when collection began and ended, the live sources and their gaps to stretches."""
    by_source = {source.pk: [*_silence(source, period)] for source in live}
    for gap in gaps:
        by_source[gap.source_id].append(Stretch(gap.start, gap.end, gap.reason))
    names = {source.pk: source.name for source in live}
    cut = {pk: _merged(_cut(stretches, period.start, period.until)) for pk, stretches in by_source.items()}
    outside = _cut(_outside(began, ended, period), period.start, period.until)
    missing = _merged([*outside, *_common(list(cut.values()))])
    partial = [
        Stretch(part.start, part.end, part.reason, names[pk])
        for pk, stretches in cut.items()
        for whole in stretches
        for part in _minus(whole, missing)
    ]
    return Coverage(period, tuple(missing), tuple(partial), began)


def _has_history(brand: Brand, sources: Sequence[Source]) -> bool:
    return brand.is_sample or not sources or any(source.kind == FILES for source in sources)


def _not_allowed(period: Period) -> Coverage:
    reason = "Nobody has adopted the record of why the brand may be listened for (legitimate interest)."
    return Coverage(
        period, tuple(_cut([Stretch(period.start, period.until, reason)], period.start, period.until)), (), None
    )


def _began_and_ended(
    sources: Sequence[Source], span: tuple[datetime, datetime] | None, allowed: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """When collection began, and when it ended where nothing but files was ever read.

    No source collects before it is `allowed`; what a file or the sample tells of may be older.
    """
    live = [source.created_at for source in sources if source.kind != FILES]
    starts = [max(at, allowed) if allowed else at for at in live] + ([span[0]] if span else [])
    ended = span[1] + HOUR if span and all(source.kind == FILES for source in sources) else None
    return min(starts, default=None), ended


def _outside(began: datetime | None, ended: datetime | None, period: Period) -> list[Stretch]:
    if began is None:
        return [Stretch(period.start, period.until, "Nothing is being collected yet.")]
    before = Stretch(min(period.start, began), began, "Before collection began.")
    return [before, Stretch(ended, max(ended, period.until), "After the last imported post.")] if ended else [before]


def _silence(source: Source, period: Period) -> list[Stretch]:
    """Since when a source that stands still has not collected."""
    since = source.last_success_at or source.created_at
    if source.state == Source.State.PAUSED:
        return [Stretch(since, max(since, period.until), "Paused.")]
    if source.state == Source.State.BROKEN or source.error_since:
        reason = source.error_sentence or "The source does not answer."
        return [Stretch(since, max(since, period.until), reason)]
    return []


def _cut(stretches: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    return [part for stretch in stretches if (part := stretch.within(start, end))]


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches that touch become one, with all reasons."""
    merged: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (s.start, s.end)):
        last = merged[-1] if merged else None
        if last is None or stretch.start > last.end:
            merged.append(stretch)
            continue
        reason = last.reason if stretch.reason in last.reason else f"{last.reason} {stretch.reason}"
        merged[-1] = Stretch(last.start, max(last.end, stretch.end), reason, last.source)
    return merged


def _common(per_source: Sequence[Sequence[Stretch]]) -> list[Stretch]:
    """Where all sources were silent at once."""
    if not per_source:
        return []
    common = list(per_source[0])
    for others in per_source[1:]:
        common = [part for stretch in common for other in others if (part := stretch.within(other.start, other.end))]
    return common


def _minus(whole: Stretch, holes: Iterable[Stretch]) -> list[Stretch]:
    """What is left of a stretch outside of others, which are sorted and apart."""
    left, start = [], whole.start
    for hole in holes:
        if part := whole.within(start, min(hole.start, whole.end)) if hole.start > start else None:
            left.append(part)
        start = max(start, hole.end)
    return [*left, *_cut([whole], start, whole.end)]
