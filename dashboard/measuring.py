"""Measuring: keep the effect of what is done once a length of time is over, so that it outlives the texts behind it."""

from datetime import datetime, timedelta

from django.db.models import Q

from dashboard.reports.effects import LONGEST, WINDOWS, stored, windows
from listening.models import Improvement

TRIED_FOR = timedelta(days=LONGEST + 30)
"""After the day it was done; what could not be measured by then (nobody collected) will not be."""


def settle(improvement: Improvement, now: datetime) -> Improvement:
    """Store every length that is over and was measured. What is stored stays; a change of day or theme empties it."""
    told = windows(improvement, now)
    found = {str(one.days): stored(one.effect) for one in told if one.effect}
    reasons = {str(one.days): one.why_not for one in told if one.why_not}
    if (found, reasons) != (improvement.effect, improvement.unmeasured):
        same = Improvement.objects.filter(pk=improvement.pk, version=improvement.version)
        if same.update(effect=found, unmeasured=reasons):
            improvement.effect, improvement.unmeasured = found, reasons
    return improvement


def settle_all(now: datetime) -> int:
    """For all that are not measured to the end, and for old ones of which nobody has said why. Returns how many were
    looked at."""
    done = Improvement.objects.filter(status=Improvement.Status.DONE, theme__isnull=False)
    tried = done.filter(Q(done_at__gt=now - TRIED_FOR) | Q(unmeasured={}))
    waiting = tried.exclude(effect__has_keys=[str(days) for days in WINDOWS])
    waiting = waiting.select_related("brand", "theme__merged_into")
    for one in waiting:
        settle(one, now)
    return len(waiting)
