"""PurgeDelay: how long after its deletion a post was gone from here, as counts; no text, no id, no name.

A delay falls into a bucket whose upper end is 2^(bucket/4) seconds, so that a percentile read from the buckets is
never too small and at most a fifth too large.
"""

import math
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Q

from listening.models.source import Source

STEPS = 4
MOST = 120  # 2^30 seconds

ADD = """
    INSERT INTO listening_purgedelay AS kept (source_id, network, day, told, bucket, n)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (source_id, network, day, told, bucket) DO UPDATE SET n = kept.n + excluded.n
"""


class PurgeDelay(models.Model):
    """`told`: the network said when the post was deleted. Else the delay is "at most", counted from the moment at which
    the post was last seen alive."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="purge_delays", db_index=False)
    network = models.CharField(max_length=20)
    day = models.DateField(help_text="UTC")
    told = models.BooleanField()
    bucket = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "network", "day", "told", "bucket"], name="purge_delay_once"),
            models.CheckConstraint(condition=Q(bucket__lte=MOST), name="purge_delay_bucket_exists"),
        ]


def bucket_of(delay: timedelta) -> int:
    """The bucket of a delay; one below a second, or before the deletion by a clock that is wrong, is in the first."""
    seconds = delay.total_seconds()
    return 0 if seconds <= 1 else min(MOST, math.ceil(round(STEPS * math.log2(seconds), 9)))


def longest_in(bucket: int) -> timedelta:
    return timedelta(seconds=2 ** (bucket / STEPS))


def count_delays(source: Source, network: str, gone: Iterable[tuple[datetime, bool]], now: datetime) -> None:
    """Count posts that were purged at `now`: (when it was deleted, or last seen alive; whether the network told)."""
    counts = Counter((told, bucket_of(now - since)) for since, told in gone)
    with connection.cursor() as cursor:
        for (told, bucket), n in sorted(counts.items()):
            cursor.execute(ADD, [source.pk, network, now.date(), told, bucket, n])
