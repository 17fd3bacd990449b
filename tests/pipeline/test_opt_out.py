"""Whoever steps out is gone, and stays out while posts of theirs are still on their way in."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from ingest.match import Judge
from ingest.opt_out import opt_out
from ingest.pipeline import Place, take
from ingest.sources.base import Page
from ingest.tracked import tracked_by
from listening.models import Author, Brand, Mention, OptOut, Query, Source
from listening.models.tally import tally_differences
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
    brand = Brand.objects.create(name="Acme", slug="acme")
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
