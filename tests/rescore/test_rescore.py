"""Reading mentions again: every one once, whatever happens in between, and never over a person's word."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from ingest import rescore, tasks
from ingest.enrich import sentiment
from listening import faults
from listening.models import Brand, Mention, Rescore
from listening.models.tally import tally_differences
from listening.rescoring import begin, cancel
from tests import keywords
from tests.builders import a_brand, a_mention

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
OLD = {"sentiment": "neutral", "sentiment_engine": "vader-0", "complaint_engine": "complaint-0"}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sentiment.ENGINES, "keywords", keywords.KNOWN)
    monkeypatch.setattr(rescore, "BATCH", 10)
    yield


@pytest.fixture
def brand() -> Brand:
    return a_brand(engine="keywords")


def some_mentions(brand: Brand, n: int, **fields: Any) -> None:
    now = timezone.now()
    for i in range(n):
        moment = now - timedelta(hours=i // 4)  # some share their moment
        a_mention(brand, f"{('good', 'bad', 'it broke')[i % 3]} {i}", **OLD | {"published_at": moment} | fields)


def begun(brand: Brand, engine: str = "keywords") -> Rescore:
    return begin(brand, engine, None, timezone.now())


def later() -> datetime:
    return timezone.now() + timedelta(minutes=10)


def test_it_reads_every_mention_once_and_the_tally_follows(brand: Brand) -> None:
    some_mentions(brand, 25)
    a_mention(a_brand("Other"), "good", **OLD)
    row = begun(brand)
    assert rescore.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.total, row.done, row.changed) == ("done", 25, 25, 25)
    assert (row.from_version, row.to_version) == ("vader-0", "keywords-7")
    assert row.finished_at and row.seconds > 0 and row.lease_until is None
    found = Mention.objects.filter(brand=brand)
    assert set(found.filter(text__startswith="good").values_list("sentiment", flat=True)) == {"positive"}
    assert found.filter(complaint=True).count() == found.filter(text__startswith="it broke").count() == 8
    assert set(found.values_list("sentiment_engine", "complaint_engine")) == {("keywords-7", "keywords-7")}
    assert Mention.objects.exclude(brand=brand).get().sentiment_engine == "vader-0"
    assert tally_differences() == []


def test_what_a_person_said_stays(brand: Brand) -> None:
    mention = a_mention(brand, "good", sentiment_by_person="negative", complaint_by_person=True, **OLD)
    rescore.run(begun(brand).pk)
    mention.refresh_from_db()
    assert (mention.sentiment, mention.mood, mention.is_complaint) == ("positive", "negative", True)
    assert (mention.sentiment_by_person, mention.complaint_by_person) == ("negative", True)


def test_it_leaves_alone_what_is_current_and_what_has_no_text_any_more(brand: Brand) -> None:
    some_mentions(brand, 3)
    rescore.run(begun(brand).pk)
    a_mention(brand, "", text_gone_at=timezone.now(), **OLD)
    again = begun(brand)
    rescore.run(again.pk)
    again.refresh_from_db()
    assert (again.done, again.changed) == (4, 0)
    assert Mention.objects.get(text="").sentiment == "neutral"


def test_it_works_in_slices_and_goes_on_where_it_stopped(brand: Brand) -> None:
    some_mentions(brand, 25)
    row = begun(brand)
    slices = 0
    while not rescore.run(row.pk, seconds=0):
        slices += 1
        assert slices < 50
    row.refresh_from_db()
    assert (row.done, row.changed, slices) == (25, 25, 3)


def test_a_second_worker_finds_the_lease_taken(brand: Brand) -> None:
    some_mentions(brand, 5)
    row = begun(brand)
    assert Rescore.objects.claim(row.pk, timezone.now(), timedelta(minutes=1))
    assert rescore.run(row.pk) and Mention.objects.filter(sentiment_engine="vader-0").count() == 5
    assert not Rescore.objects.due(timezone.now()).exists()
    assert rescore.run(row.pk, later) and not Mention.objects.filter(sentiment_engine="vader-0").exists()


def test_a_worker_that_lost_its_lease_writes_nothing(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    some_mentions(brand, 5)
    row = begun(brand)
    judged: Callable[..., Any] = rescore._judged

    def overtaken(*args: Any) -> Any:
        told = judged(*args)
        Rescore.objects.claim(row.pk, later(), timedelta(minutes=1))
        return told

    monkeypatch.setattr(rescore, "_judged", overtaken)
    assert rescore.run(row.pk)
    row.refresh_from_db()
    assert (row.done, row.state) == (0, "running")
    assert Mention.objects.filter(sentiment_engine="vader-0").count() == 5


def test_an_error_that_nobody_foresaw_ends_it_and_leaves_its_words_behind(
    brand: Brand, caplog: pytest.LogCaptureFixture
) -> None:
    some_mentions(brand, 5)
    row, words = begun(brand), "what somebody wrote"

    def stumble(row: Rescore) -> None:
        raise ValueError(words)

    with pytest.raises(faults.Unforeseen, match="ValueError in "):
        rescore.run(row.pk, tell=stumble)
    row.refresh_from_db()
    assert row.state == "failed"
    assert "ValueError in " in caplog.text and words not in caplog.text


def test_it_stops_when_it_is_cancelled_and_what_was_read_stays(brand: Brand) -> None:
    some_mentions(brand, 25)
    row = begun(brand)
    rescore.run(row.pk, seconds=0)
    assert cancel(brand, timezone.now()) and not cancel(brand, timezone.now())
    read = Mention.objects.filter(sentiment_engine="keywords-7").count()
    assert rescore.run(row.pk)
    row.refresh_from_db()
    assert row.state == "cancelled" and "Stopped" in row.sentence
    assert Mention.objects.filter(sentiment_engine="keywords-7").count() == read


def test_one_runs_at_a_time_and_the_last_choice_wins(brand: Brand) -> None:
    first = begun(brand)
    assert begun(brand) == first
    second = begun(brand, "vader")
    first.refresh_from_db()
    assert first.state == "cancelled" and second.state == "running"


def test_a_mention_that_changed_meanwhile_keeps_the_findings_of_its_new_text(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    mention = a_mention(brand, "good", **OLD)
    judged: Callable[..., Any] = rescore._judged

    def edited(*args: Any) -> Any:
        told = judged(*args)
        Mention.objects.filter(pk=mention.pk).update(text="bad", sentiment="negative", sentiment_engine="keywords-7")
        return told

    monkeypatch.setattr(rescore, "_judged", edited)
    rescore.run(begun(brand).pk)
    mention.refresh_from_db()
    assert mention.sentiment == "negative"


def test_a_text_that_breaks_the_engine_keeps_its_findings_and_harms_no_other(brand: Brand) -> None:
    some_mentions(brand, 12)
    a_mention(brand, "unreadable", **OLD)
    row = begun(brand)
    assert rescore.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.done, row.changed) == ("done", 13, 12)
    assert Mention.objects.get(text="unreadable").sentiment_engine == "vader-0"


def test_it_reads_what_a_slow_pull_stored_with_the_former_engine(brand: Brand) -> None:
    some_mentions(brand, 3)
    row = begun(brand)
    rescore.run(row.pk, seconds=0)
    a_mention(brand, "good", **OLD | {"published_at": later()})  # newer than where we are
    assert rescore.run(row.pk)
    assert not Mention.objects.filter(sentiment_engine="vader-0").exists()


def test_it_begins_again_when_the_engine_got_a_new_version_in_the_middle(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_mentions(brand, 25)
    row = begun(brand)
    rescore.run(row.pk, seconds=0)
    monkeypatch.setattr(keywords.Keywords, "version", "8")
    assert rescore.run(row.pk)
    row.refresh_from_db()
    assert (row.to_version, row.done, row.changed) == ("keywords-8", 25, 35)
    assert not Mention.objects.exclude(sentiment_engine="keywords-8").exists()


def test_the_bell_is_rung_for_what_nobody_works_on(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[list[int]] = []
    monkeypatch.setattr(tasks.read_again, "apply_async", lambda args, **options: rung.append(args))
    row = begun(brand)
    tasks.rescore_due()
    Rescore.objects.claim(row.pk, timezone.now(), timedelta(minutes=1))
    tasks.rescore_due()
    assert rung == [[row.pk]]


def test_the_command_reads_says_how_many_and_chooses_the_engine() -> None:
    brand = a_brand()
    some_mentions(brand, 12)
    out = io.StringIO()
    call_command("rescore", brand=brand.slug, engine="keywords", stdout=out)
    assert out.getvalue().startswith("12 mentions looked at, 12 read again with keywords-7")
    brand.refresh_from_db()
    assert brand.engine == "keywords"
    call_command("recount", check=True, stdout=io.StringIO(), stderr=io.StringIO())


def test_the_command_says_which_brands_there_are() -> None:
    a_brand(slug="acme")
    with pytest.raises(CommandError, match="acme") as refused:
        call_command("rescore", brand="nobody")
    assert refused.value.returncode == 2


def test_the_command_fails_when_it_is_cancelled(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    some_mentions(brand, 12)
    monkeypatch.setattr(rescore, "_judged", lambda *args: cancel(brand, timezone.now()) and [])
    with pytest.raises(CommandError, match="Cancelled") as refused:
        call_command("rescore", brand=brand.slug)
    assert refused.value.returncode == 1


DYING = """
import os, signal, sys
import django
django.setup()
from ingest import rescore
from ingest.enrich import sentiment
from tests import keywords

sentiment.ENGINES["keywords"] = keywords.KNOWN
rescore.BATCH = 10
write, left = rescore._write, [3]

def dying(told):
    changed = write(told)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)  # after the UPDATE, before the commit
    return changed

rescore._write = dying
rescore.run(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_nothing_half_done_and_its_successor_does_nothing_twice() -> None:
    brand = a_brand(engine="keywords")
    some_mentions(brand, 45)
    row = begun(brand)
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}"
    environment = {"DATABASE_URL": f"{url}&port={database['PORT']}", "DJANGO_SETTINGS_MODULE": "listening.settings"}
    command = [sys.executable, "-c", DYING, str(row.pk)]
    dead = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert dead.returncode == -9, dead.stderr
    row.refresh_from_db()
    read = Mention.objects.filter(sentiment_engine="keywords-7").count()
    assert row.done == row.changed == read == 20
    assert rescore.run(row.pk) and row.state == "running"  # its lease has not run out
    assert rescore.run(row.pk, later)
    row.refresh_from_db()
    assert (row.state, row.done, row.changed) == ("done", 45, 45)
    assert not Mention.objects.exclude(sentiment_engine="keywords-7").exists()
    assert tally_differences() == []
