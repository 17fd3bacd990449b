"""Whoever steps out is gone, and stays out while posts of theirs are still on their way in."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from ingest.match import Judge
from ingest.opt_out import opt_out
from ingest.pipeline import Place, take
from ingest.quarantine import of_record, set_aside
from ingest.record import Author as RecordAuthor, Record
from ingest.sources.base import Page
from ingest.tracked import tracked_by
from listening.asking import verdicts
from listening.line import Policy
from listening.models import (
    Author,
    Issue,
    Mention,
    OptOut,
    Quarantine,
    Query,
    Source,
    Subscription,
    Withheld,
)
from listening.models.tally import tally_differences
from tests.builders import a_brand, a_member
from tests.pipeline.scripted import START, a_record

NOW = START + timedelta(days=1)


def test_stepping_out_erases_what_was_stored_and_gives_a_receipt(
    source: Source, capsys: pytest.CaptureFixture[str]
) -> None:
    judge = Judge(tuple(tracked_by(source)))
    take(Place(source, "all"), Page(records=[a_record(i) for i in range(14)], cursor={}), judge, NOW)
    call_command("opt_out", network="x", id="author-3")
    assert json.loads(capsys.readouterr().out) == {"new": True, "mentions": 2}
    assert Mention.objects.count() == 12 and Author.objects.count() == 6
    assert not OptOut.objects.filter(key__contains="author").exists()
    assert tally_differences() == []
    assert not opt_out("x", "author-3", "again", NOW).new


@pytest.mark.django_db(transaction=True)
def test_a_person_who_steps_out_while_pages_are_stored_is_in_none_of_them() -> None:
    brand = a_brand("Acme", slug="acme")
    Query.objects.create(brand=brand, text="acme")
    source = Source.objects.create(kind="file", name="F", next_pull_at=START)
    source.brands.add(brand)
    judge = Judge(tuple(tracked_by(source)))

    def store(part: int) -> None:
        for page in range(4):
            records = [a_record(part * 1000 + page * 50 + i) for i in range(50)]
            take(Place(source, f"part {part}"), Page(records=records, cursor={}), judge, NOW)
        connection.close()

    threads = [threading.Thread(target=store, args=[part]) for part in range(3)]
    for thread in threads:
        thread.start()
    opt_out("x", "author-3", "asked", NOW)
    for thread in threads:
        thread.join()
    assert Mention.objects.exists() and not Mention.objects.filter(text="").exists()
    key = OptOut.objects.get().key
    assert not Author.objects.filter(key=key).exists()
    assert not [m for m in Mention.objects.all() if int(m.external_id.split("-")[1]) % 7 == 3]
    assert tally_differences() == []


def test_a_wish_by_handle_is_kept_before_storage_and_erases_what_is_there(source: Source) -> None:
    judge = Judge(tuple(tracked_by(source)))
    take(Place(source, "all"), Page(records=[named(3)], cursor={}), judge, NOW)
    assert opt_out("x", "", "asked", NOW, handle="@Rosa").mentions == 1
    taken = take(Place(source, "all"), Page(records=[named(10)], cursor={}), judge, NOW)
    assert (taken.new, taken.withheld) == (0, 1)
    assert not Mention.objects.exists() and not Author.objects.exists()


def test_who_does_not_want_to_be_contacted_is_still_heard_and_never_answered(source: Source) -> None:
    brand = source.brands.get()
    judge = Judge(tuple(tracked_by(source)))
    opt_out("x", "", "asked", NOW, "contact", "rosa")
    take(Place(source, "all"), Page(records=[named(3)], cursor={}), judge, NOW)
    mention = Mention.objects.select_related("author").get()
    Author.objects.update(handle="")  # its display expires; the wish does not
    policy = Policy(who="complaints", second_person="never")
    assert verdicts(brand, policy, [mention], NOW)[mention.pk].reasons[0].short == "asked not to be contacted"


def test_a_wish_is_found_by_authors_of_an_older_pepper(source: Source, settings: Any) -> None:
    judge = Judge(tuple(tracked_by(source)))
    take(Place(source, "all"), Page(records=[named(3)], cursor={}), judge, NOW)
    newest = max(settings.EARSHOT_PEPPERS)
    settings.EARSHOT_PEPPERS = {**settings.EARSHOT_PEPPERS, newest + 1: "another pepper"}
    opt_out("x", "author-3", "asked", NOW, "contact")
    author = Author.objects.get()
    assert OptOut.objects.filter(key=author.key, key_version=author.key_version, scope="contact").exists()


def test_stepping_out_empties_letters_that_quote_the_person_and_what_was_set_aside(source: Source) -> None:
    judge = Judge(tuple(tracked_by(source)))
    take(Place(source, "all"), Page(records=[named(3), a_record(4)], cursor={}), judge, NOW)
    mine, other = Mention.objects.order_by("external_id")
    reader = a_member(source.brands.get(), "manager")
    subscription = Subscription.objects.create(user=reader, brand=source.brands.get())
    for number, mention in enumerate((mine, other)):
        start = NOW - timedelta(days=7 * (number + 1))
        words = f"hello acme http://earshot.example/b/acme/mentions/{mention.pk}/"
        Issue.objects.create(subscription=subscription, period_start=start, period_end=start + timedelta(days=7),
                             next_attempt_at=NOW, state="sent", text=words, html=words)  # fmt: skip
    for number, who in enumerate(("author-3", "author-33")):
        Quarantine.objects.create(source=source, key=f"{number:064}", raw={"by": who}, reason="odd")
    opt_out("x", "author-3", "asked", NOW)
    assert [bool(issue.text or issue.html) for issue in Issue.objects.order_by("-period_start")] == [False, True]
    assert Quarantine.objects.get().raw == {"by": "author-33"}


def test_posts_of_people_who_stepped_out_are_not_even_set_aside(source: Source) -> None:
    opt_out("x", "author-3", "asked", NOW)
    set_aside(source, [of_record(a_record(3), "broke"), of_record(a_record(4), "broke")])
    assert Quarantine.objects.get().raw["record"]["author"]["id"] == "author-4"


def named(number: int) -> Record:
    return replace(a_record(number), author=RecordAuthor(id="author-3", handle="rosa"))


def test_what_they_write_reaches_no_table_no_cache_and_no_log(source: Source, caplog: pytest.LogCaptureFixture) -> None:
    opt_out("x", "author-3", "asked", NOW)
    marked = replace(named(3), text="acme zanzibarquux", author=RecordAuthor(id="author-3", handle="quuxhandle"))
    broken = of_record(replace(marked, external_id="9"), "broke")
    caplog.set_level(0)
    for _ in range(2):
        take(Place(source, "all"), Page(records=[marked], broken=[broken], cursor={}), judge_of(source), NOW)
    kept = everything_kept() + caplog.text
    assert "quux" not in kept
    take(Place(source, "all"), Page(records=[replace(marked, author=None)], cursor={}), judge_of(source), NOW)
    assert "quux" in everything_kept()  # else the look proves nothing
    assert Withheld.objects.get().n == 2


def judge_of(source: Source) -> Judge:
    return Judge(tuple(tracked_by(source)))


def everything_kept() -> str:
    """Every row of every table, and every key and value in Valkey, as text."""
    kept = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')  # noqa: S608 (names of our tables)
            kept += [row for (row,) in cursor.fetchall()]
    valkey = redis.Redis.from_url(settings.REDIS_URL)
    for key in valkey.scan_iter():
        kept.append(f"{key!r} {valkey.dump(key)!r}")
    return "\n".join(kept)
