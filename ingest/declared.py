"""Declared: asks what people declared about exports of their posts, each person once a week and not once a post.

Networks know people by their own ids, and the tables keep none; but the id of a post tells whose it is.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from ingest.pull import connect
from ingest.sources import load
from listening.models import Author, Mention, Source

EVERY = timedelta(days=7)
AGAIN = timedelta(days=1)
"""After this long whoever's server did not answer is asked again, or whose worker died."""
AT_ONCE = 200
SECONDS = 40.0


def ask(now: datetime, seconds: float = SECONDS) -> int:
    """For each network where people declare such things, whoever is due. Returns how many answered."""
    until = time.monotonic() + seconds
    sources = Source.objects.filter(state=Source.State.ON).order_by("kind", "pk").distinct("kind")
    asking = [source for source in sources if load(source.kind).declares]
    return sum(_ask(source, now, lambda: time.monotonic() >= until) for source in asking)


def _ask(source: Source, now: datetime, out_of_time: Callable[[], bool]) -> int:
    claimed = _claim(load(source.kind).network, now)
    posts = _posts(claimed, source.kind)
    connection = connect(source, lambda: now, out_of_time=out_of_time)
    told = {posts[one.external_id]: one.bulk for one in connection.declared(list(posts))}
    for bulk in (True, False):
        said_so = Author.objects.filter(pk__in=[pk for pk, said in told.items() if said is bulk])
        said_so.update(bulk_ok=bulk, asked_at=now)
    Author.objects.filter(pk__in=set(claimed) - set(posts.values())).update(asked_at=now)
    Author.objects.filter(pk__in=set(posts.values()) - told.keys()).update(asked_at=None)
    return sum(said is not None for said in told.values())


@transaction.atomic
def _claim(network: str, now: datetime) -> list[int]:
    """People who are due, who for a day count as asked, so that no other worker asks them too."""
    due = Author.objects.filter(network=network).filter(Q(asked_at=None) | Q(asked_at__lt=now - EVERY))
    order = F("asked_at").asc(nulls_first=True)
    ids = list(due.order_by(order).select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
    Author.objects.filter(pk__in=ids).update(asked_at=now - EVERY + AGAIN)
    return ids


def _posts(authors: list[int], kind: str) -> Mapping[str, int]:
    """A post of each, by its external id, where the network itself told one; a file or a sample may tell anything."""
    found = Mention.objects.filter(author__in=authors, source__kind=kind, text_gone_at=None)
    return dict(found.order_by("author", "-pk").distinct("author").values_list("external_id", "author"))
