"""Lease: one worker at a time holds a source; a lost lease stops the loser's writes in the database itself."""

from datetime import datetime, timedelta

from listening.models import Source

LENGTH = timedelta(seconds=90)


class LeaseLost(Exception):
    """Somebody else pulls this source now: what this worker was about to write must not be written."""


def claim(source_id: int, now: datetime) -> int | None:
    """The number of my lease, None when somebody else holds one."""
    return Source.objects.claim(source_id, now, LENGTH)


def renew(source_id: int, number: int, now: datetime) -> None:
    """Hold on for another while; inside the transaction that writes. Raises LeaseLost.

    The row lock that the UPDATE takes keeps a successor from claiming before this transaction ends.
    """
    mine = Source.objects.filter(pk=source_id, lease_number=number)
    if not mine.update(lease_until=now + LENGTH):
        raise LeaseLost(f"Source {source_id} was taken over by another worker.")


def release(source_id: int, number: int, **changes: object) -> bool:
    """Give the lease back and note how the source stands. False when it was lost meanwhile."""
    return bool(Source.objects.filter(pk=source_id, lease_number=number).update(lease_until=None, **changes))
