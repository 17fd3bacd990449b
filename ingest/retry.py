"""Retry: a post that was set aside is read and taken in once more."""

from collections.abc import Callable
from datetime import datetime

from ingest import pipeline
from ingest.match import judge_for
from ingest.pull import clock, connect
from ingest.quarantine import record_in
from ingest.record import Record
from ingest.sources.base import Page
from ingest.tracked import tracked_by
from listening.models import Quarantine

KEY = "retried"
STILL = "It still cannot be read."


def retry(quarantine_id: int, now: Callable[[], datetime] = clock) -> bool:
    """True when the post left the list: it was taken in, or was set aside anew with another reason.

    A post that meanwhile concerns no brand leaves the list too.
    """
    one = Quarantine.objects.select_related("source").filter(pk=quarantine_id).first()
    if one is None:
        return False
    records = _read(one, now)
    if not records:
        return _keep(one, STILL)
    judge = judge_for(tuple(tracked_by(one.source)))
    place = pipeline.Place(one.source, KEY, keep_raw=connect(one.source, now).policy.keep_raw)
    others = Quarantine.objects.filter(source=one.source).exclude(pk=one.pk)
    before = others.count()
    taken = pipeline.take(place, Page(records=records, cursor={}), judge, now())
    if taken.broken and others.count() == before:
        return False  # Set aside with the same raw form: this very row stands for it.
    one.delete()
    return True


def _read(one: Quarantine, now: Callable[[], datetime]) -> list[Record]:
    """The record that we had read and could not take in, else what the source makes of the raw form now."""
    record = record_in(one.raw)
    return [record] if record else connect(one.source, now).parse_again(one.raw)


def _keep(one: Quarantine, sentence: str) -> bool:
    if sentence not in one.reason:
        Quarantine.objects.filter(pk=one.pk).update(reason=f"{one.reason} {sentence}"[:2000])
    return False
