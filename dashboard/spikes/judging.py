"""Judging: every completed hour once, in order, for each measure of each brand.

Where a judge stands is a row; it is moved by a conditional UPDATE in the same transaction as the spikes, so a second
worker, a killed one and a second run change nothing.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count

from dashboard.reports.period import HOUR
from dashboard.spikes import following
from dashboard.spikes.hours import GRACE, Hour, first_hour, floor, hours
from listening.models import Brand, Measure, Spike, SpikeWatch
from listening.spikes import METHOD, ShareDetector, Verdict, VolumeDetector

SECONDS = HOUR.total_seconds()
CHUNK = 4000  # hours per transaction: half a year


def judge_all(now: datetime) -> int:
    """Judge what is completed. Returns how many hours were judged."""
    done = SpikeWatch.objects.filter(judged_until__gte=floor(now - GRACE)).values("brand")
    judged = done.annotate(measures=Count("measure")).filter(measures=len(Measure))
    return sum(judge(brand, now) for brand in Brand.objects.exclude(pk__in=judged.values("brand")).order_by("pk"))


def judge(brand: Brand, now: datetime, again: bool = False) -> int:
    """One brand, both measures. `again` starts over: for a past that was imported, or a new line of thought."""
    first = first_hour(brand, now)
    if first is None:
        return 0
    return sum(_judge(brand, measure, first, now, again) for measure in Measure)


def _judge(brand: Brand, measure: Measure, first: datetime, now: datetime, again: bool) -> int:
    watch = _watch(brand, measure, first, again)
    ready = hours(brand, watch.judged_until, now)
    for begin in range(0, len(ready), CHUNK):
        if not _advance(watch, ready[begin : begin + CHUNK]):
            return begin
    return len(ready)


@transaction.atomic
def _watch(brand: Brand, measure: Measure, first: datetime, again: bool) -> SpikeWatch:
    """Where the judge stands; from the beginning where the method is new or an older past has come in."""
    begun = {"began_at": first, "judged_until": first, "method": METHOD, "hours": 0, "state": {}}
    watch, created = SpikeWatch.objects.select_for_update().get_or_create(brand=brand, measure=measure, defaults=begun)
    if not created and (again or watch.method != METHOD or first < watch.began_at):
        Spike.objects.filter(brand=brand, measure=measure).delete()
        for name, value in begun.items():
            setattr(watch, name, value)
        watch.save()
    return watch


@transaction.atomic
def _advance(watch: SpikeWatch, ready: list[Hour]) -> bool:
    """Judge these hours. False when somebody else did meanwhile."""
    detector = _detector(watch)
    run = following.Run.of(watch)
    for hour in ready:
        run.follow(hour, _feed(detector, hour))
    before, watch.judged_until = watch.judged_until, ready[-1].start + HOUR
    watch.hours += sum(hour.known for hour in ready)
    watch.state = {"detector": detector.dump(), **run.dump()}
    mine = SpikeWatch.objects.filter(pk=watch.pk, judged_until=before)
    if not mine.update(judged_until=watch.judged_until, hours=watch.hours, state=watch.state):
        return False
    run.save()
    return True


def _detector(watch: SpikeWatch) -> VolumeDetector | ShareDetector:
    state = watch.state.get("detector")
    return VolumeDetector(SECONDS, state) if watch.measure == Measure.VOLUME else ShareDetector(SECONDS, state)


def _feed(detector: VolumeDetector | ShareDetector, hour: Hour) -> Verdict:
    if isinstance(detector, ShareDetector):
        return detector.feed(hour.complaints if hour.known else None, hour.mentions)
    return detector.feed(hour.slot, hour.mentions if hour.known else None)
