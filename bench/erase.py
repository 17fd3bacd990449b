"""Erase: a person with ten thousand mentions among a million steps out; the tally is proven afterwards.

The baseline, in the same run on the same table, is a plain DELETE of as many other rows with triggers off: what the
database needs at least. It is short because Postgres only marks such rows, and leaves indexes and space to vacuum; that
they were as many is a floor. `EARSHOT_BENCH_MENTIONS` and `EARSHOT_BENCH_MINE` make it smaller or larger.
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from bench.crowd import a_brand, grow
from ingest.opt_out import opt_out
from listening.models import Author, Brand, Case, Issue, Mention, Subscription, User
from listening.models.tally import rebuild_tally
from listening.secrets import person_key

MENTIONS, MINE = 1_000_000, 10_000
LETTERS = 2_000
MOST_SECONDS = 10.0
WHO = "did:plc:everywhere"
LETTER = "Somebody wrote this and that about the brand, and much more that fills a letter.\n" * 60

BASELINE = "DELETE FROM listening_mention WHERE author_id = %s"
TAKE = """
    UPDATE listening_mention SET author_id = %s WHERE id IN (
      SELECT id FROM listening_mention TABLESAMPLE SYSTEM (40) WHERE author_id NOT IN (SELECT id FROM listening_author
      WHERE handle IN ('everywhere', 'elsewhere')) LIMIT %s)
"""


def run() -> dict[str, Any]:
    """{"seconds", "baseline_seconds", "ratio", "gone", "baseline_gone", "tally_ok"}: how long the transaction of one
    opt-out took."""
    mentions = int(os.environ.get("EARSHOT_BENCH_MENTIONS", MENTIONS))
    mine = int(os.environ.get("EARSHOT_BENCH_MINE", MINE))
    brand, admin = a_brand()
    grow(brand, 0, mentions, timezone.now().isoformat())
    other, me = _somebody("elsewhere", "did:plc:elsewhere", mine), _somebody("everywhere", WHO, mine)
    _letters(brand, admin, me)
    _cases(me)
    plainly: list[int] = []
    baseline = _seconds(lambda: plainly.append(_plainly(other)))
    with transaction.atomic():
        rebuild_tally()  # the baseline went past it
    receipt: list[int] = []
    seconds = _seconds(lambda: receipt.append(opt_out("bluesky", WHO, "bench", timezone.now()).mentions))
    return {
        "mentions": mentions,
        "gone": receipt[0],
        "baseline_gone": plainly[0],
        "seconds": round(seconds, 2),
        "baseline_seconds": round(baseline, 2),
        "ratio": round(seconds / baseline, 1),
        "letters_emptied": Issue.objects.filter(text="").count(),
        "tally_ok": _proven(),
        "floors": {"gone": mine, "baseline_gone": mine, "tally_ok": 1, "letters_emptied": 1},
        "ceilings": {"seconds": MOST_SECONDS},
    }


def _somebody(handle: str, stable_id: str, n: int) -> Author:
    """An author to whom `n` mentions are given, of all brands and days. Postgres writes them anew, side by side."""
    version, key = person_key("bluesky", stable_id)
    author = Author.objects.create(
        network="bluesky", key_version=version, key=key, handle=handle, seen_at=timezone.now()
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(TAKE, [author.pk, n])
    return author


def _letters(brand: Brand, admin: User, author: Author) -> None:
    """Years of weekly digests; a tenth of them quotes the person."""
    subscription = Subscription.objects.create(user=admin, brand=brand)
    quoted = list(Mention.objects.filter(author=author).values_list("pk", flat=True)[: LETTERS // 10])
    start, week = timezone.now(), timedelta(days=7)
    letters = [
        Issue(
            subscription=subscription,
            period_start=start - week * (n + 1),
            period_end=start - week * n,
            next_attempt_at=start,
            state="sent",
            text=f"{LETTER}/mentions/{quoted[n // 10] if n % 10 == 0 and n // 10 < len(quoted) else -n}/",
            html=LETTER,
        )
        for n in range(LETTERS)
    ]
    Issue.objects.bulk_create(letters, batch_size=500)


def _cases(author: Author) -> None:
    mentions = Mention.objects.filter(author=author).only("pk", "brand_id")[:500]
    cases = [Case(mention=mention, brand_id=mention.brand_id) for mention in mentions]
    Case.objects.bulk_create(cases, ignore_conflicts=True)  # some are cases already


def _plainly(author: Author) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(BASELINE, [author.pk])
        return int(cursor.rowcount)


def _proven() -> int:
    try:
        call_command("recount", check=True)
    except SystemExit:
        return 0
    return 1


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
