"""Rescoring: begin to read a brand's mentions again, or stop it. The reading itself is the ingest room's."""

from datetime import datetime

from django.db import models, transaction

from listening.models import Brand, Rescore, User

REPLACED = "Another engine was chosen."
CANCELLED = "Stopped by hand. What was read again stays; the rest keeps the findings it had."


@transaction.atomic
def begin(brand: Brand, engine: str, user: User | None, now: datetime) -> Rescore:
    """A rescore of the brand's mentions; the one that is running already, where it is for the same engine.

    One that runs for another engine ends here: what it would write is no longer wanted.
    """
    Brand.objects.select_for_update().get(pk=brand.pk)
    running = Rescore.objects.open().filter(brand=brand)
    _end(running.exclude(engine=engine), REPLACED, now)
    return running.first() or Rescore.objects.create(brand=brand, user=user, engine=engine)


def cancel(brand: Brand, now: datetime) -> bool:
    """Stop what runs; the batch that a worker has in its hands is not written. False when nothing ran."""
    return bool(_end(Rescore.objects.open().filter(brand=brand), CANCELLED, now))


def _end(rows: "models.QuerySet[Rescore]", sentence: str, now: datetime) -> int:
    return rows.update(state=Rescore.State.CANCELLED, sentence=sentence, finished_at=now, lease_until=None)
