"""Judging: every completed hour once, in order, for each measure of each brand and of its busier networks and themes.

Where a judge stands is a row; it is moved by a conditional UPDATE in the same transaction as the spikes, so a second
worker, a killed one and a second run change nothing.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count

from dashboard.reports.period import HOUR
from dashboard.spikes import following
from dashboard.spikes.drivers import drivers, sorted_into_themes
from dashboard.spikes.hours import GRACE, Hour, first_hour, floor, hours_of
from dashboard.spikes.subjects import Subject, subjects
from listening.models import Brand, Measure, Spike, SpikeWatch
from listening.spikes import METHOD, ShareDetector, Verdict, VolumeDetector
from listening.spikes.alarm import FLOOR, PART_FLOOR

SECONDS = HOUR.total_seconds()
CHUNK = 4000  # hours per transaction: half a year


def judge_all(now: datetime) -> int:
    """Judge what is completed. Returns how many hours were judged."""
    whole = SpikeWatch.objects.filter(network="", theme="")
    done = whole.filter(judged_until__gte=floor(now - GRACE)).values("brand")
    judged = done.annotate(measures=Count("measure")).filter(measures=len(Measure))
    hours = sum(judge(brand, now) for brand in Brand.objects.exclude(pk__in=judged.values("brand")).order_by("pk"))
    tell_themes(now)
    return hours


def tell_themes(now: datetime) -> int:
    """Say of which themes a spike was made, once its mentions are sorted. Returns how many were told."""
    waiting = Spike.objects.filter(drivers__sorted=False, brand__in=sorted_into_themes()).select_related("brand")
    for spike in waiting:
        Spike.objects.filter(pk=spike.pk).update(drivers=drivers(spike, spike.ended_at or now))
    return len(waiting)


def judge(brand: Brand, now: datetime, again: bool = False) -> int:
    """One brand with its parts, both measures; those that stand at the same hour together. The whole comes last, so
    that a brand that is done is done with all. `again` starts over: for a past that was imported, or a new line of
    thought. Returns how many hours of the whole were judged, each measure for itself."""
    first = first_hour(brand, now)
    if first is None:
        return 0
    running = {Subject.of(spike) for spike in Spike.objects.filter(brand=brand, ended_at=None)}
    wanted = sorted({*subjects(brand, now), *running}, key=lambda one: (one.whole, one.network, one.theme))
    watches = [_watch(brand, subject, measure, first, again) for subject in wanted for measure in Measure]
    judged = 0
    for start in dict.fromkeys(watch.judged_until for watch in watches):
        together = [watch for watch in watches if watch.judged_until == start]
        ready = hours_of(brand, list({Subject.of(watch) for watch in together}), start, now)
        for watch in together:
            hours = _advance_all(watch, ready[Subject.of(watch)])
            judged += hours if Subject.of(watch).whole else 0
    return judged


def _advance_all(watch: SpikeWatch, ready: list[Hour]) -> int:
    for begin in range(0, len(ready), CHUNK):
        if not _advance(watch, ready[begin : begin + CHUNK]):
            return begin
    return len(ready)


@transaction.atomic
def _watch(brand: Brand, subject: Subject, measure: Measure, first: datetime, again: bool) -> SpikeWatch:
    """Where the judge stands; from the beginning where the method is new or an older past has come in."""
    begun = {"began_at": first, "judged_until": first, "method": METHOD, "hours": 0, "state": {}}
    part = {"brand": brand, "measure": measure, "network": subject.network, "theme": subject.theme}
    watch, created = SpikeWatch.objects.select_for_update().get_or_create(**part, defaults=begun)
    if not created and (again or watch.method != METHOD or first < watch.began_at):
        Spike.objects.filter(**part).delete()
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
    floor = FLOOR if Subject.of(watch).whole else PART_FLOOR
    kind = VolumeDetector if watch.measure == Measure.VOLUME else ShareDetector
    return kind(SECONDS, state, floor)


def _feed(detector: VolumeDetector | ShareDetector, hour: Hour) -> Verdict:
    if isinstance(detector, ShareDetector):
        return detector.feed(hour.complaints if hour.known else None, hour.mentions)
    return detector.feed(hour.slot, hour.mentions if hour.known else None)
