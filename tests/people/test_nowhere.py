"""Whoever stepped out is nowhere: not in a table, a dump, Valkey, the log, a mail, a file, an export or on a page."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from dashboard.cases.opening import case_of
from dashboard.cases.working import add_note
from dashboard.connect import fresh, of_row
from dashboard.digests import sending
from ingest import forget, importing_job, pipeline, set_aside
from ingest.erase import erase
from ingest.match import Judge
from ingest.opt_out import opt_out
from ingest.pipeline import Place, take
from ingest.pull import pull
from ingest.record import Account, Author, Deletion, PostRef, Record
from ingest.retry import retry
from ingest.sources.base import Broken, Page, SourceError, Status
from ingest.sweep import sweep
from ingest.tracked import tracked_by
from listening import faults
from listening.models import (
    Author as AuthorRow,
    Brand,
    Contact,
    Issue,
    Mention,
    PurgeDelay,
    Quarantine,
    Source,
    Subscription,
    Tombstone,
    Upload,
    Withheld,
)
from listening.models.tally import tally_differences
from tests.builders import a_member
from tests.people.everywhere import Ear, places
from tests.pipeline.scripted import START, Network, Scripted, a_record

pytestmark = pytest.mark.django_db(transaction=True)
NOW = START + timedelta(days=1)
TEXT, HANDLE, NAME, ID = "zanzibarquux", "quuxhandle", "Quux Person", "id-of-quux"
CANARY = ("quux",)
WHO = Author(ID, handle=HANDLE, name=NAME, url=f"https://x.example/{HANDLE}")
ROWS = f"""id,tweet,author,created_at
1,Acme is fine,somebody,2026-05-04T10:00:00Z
2,Acme and the {TEXT},{HANDLE},2026-05-04T11:00:00Z
3,Acme {TEXT} without a date,{HANDLE},never
"""


def canary(number: int = 900, **changes: Any) -> Record:
    told = {"author": WHO, "raw": {"id": number, "author_id": ID, "text": TEXT}, "url": f"https://x.example/{HANDLE}/1"}
    return a_record(number, f"Acme lost my {TEXT} parcel again, worst service ever", **{**told, **changes})


def pages(admin: Client) -> list[tuple[Client, str]]:
    source, upload = Source.objects.filter(kind="scripted").get(), Upload.objects.first()
    urls = ["", "mentions/?days=90", "complaints/?days=90", "themes/", "spikes/", "quality/", "settings/audit/"]
    urls += ["settings/audit/export/", f"settings/sources/{source.pk}/", "settings/import/"]
    urls += [f"settings/import/{upload.pk}/"] if upload else []
    urls += [f"mentions/{pk}/" for pk in Mention.objects.values_list("pk", flat=True)]
    return [(admin, f"/b/acme/{url}") for url in urls]


@pytest.fixture
def admin(source: Source) -> Client:
    Source.objects.update(created_at=START - timedelta(days=90))
    client = Client()
    client.force_login(a_member(Brand.objects.get(), "admin"))
    return client


def hand_in(admin: Client, rows: str = ROWS, encoding: str = "utf-8") -> Upload:
    admin.post("/b/acme/settings/import/", {"file": SimpleUploadedFile("posts.csv", rows.encode(encoding))})
    return Upload.objects.latest("pk")


def imported(upload: Upload) -> Upload:
    Upload.objects.filter(pk=upload.pk).update(state=Upload.State.QUEUED, plan=upload.plan | {"network": "x"})
    assert importing_job.run(upload.pk, lambda: NOW)
    upload.refresh_from_db()
    return upload


def told_as_changed(monkeypatch: pytest.MonkeyPatch, record: Record) -> None:
    def hydrate(self: Scripted, ids: Sequence[str]) -> Iterator[Status]:
        yield Status(record.external_id, "changed", record)

    monkeypatch.setattr(Scripted, "hydrate", hydrate)


def everything_comes_in(source: Source, network: Network, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The canary's posts by every way that leads into Earshot."""
    network.records = [
        a_record(1),
        canary(901),
        canary(902, reposts=PostRef("900", Account(ID, HANDLE)), author=Author("other")),
    ]
    pull(source.pk, now=lambda: NOW)  # a page of a search
    judge = Judge(tuple(tracked_by(source)))
    frame = Broken({"did": ID, "text": f"Acme {TEXT}"}, "A post could not be read.")
    half = Broken(f"{{'did': '{ID}', 'text': 'Acme {TEXT}", "Not JSON.")
    for _ in range(2):  # a page of a stream, told twice
        take(Place(source, "stream"), Page(records=[canary(903)], broken=[frame, half], cursor={}), judge, NOW)
    take(Place(source, "stream"), Page(records=[a_record(904, author=None)], cursor={}), judge, NOW)
    told_as_changed(monkeypatch, canary(904, edited_at=NOW))
    sweep(source, NOW + timedelta(days=2))
    imported(hand_in(admin))
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "clean", stumbles)
        take(Place(source, "stream"), Page(records=[canary(905)], cursor={}), judge, NOW)
    for one in Quarantine.objects.all():
        retry(one.pk, lambda: NOW)
    monkeypatch.setattr(Scripted, "preview", lambda self, query, limit=50: [canary(906)])
    posts, _ = fresh(of_row(source), "acme", 10)
    assert all(post.author.id != ID for post in posts) or AuthorRow.objects.filter(handle=HANDLE).exists()
    network.error, network.records = SourceError("Odd.", code="schema", raw=json.dumps([{"text": TEXT}])), []
    pull(source.pk, now=lambda: NOW)
    network.error = ValueError(f"cannot read {TEXT} of {HANDLE}")
    with pytest.raises(faults.Unforeseen):
        pull(source.pk, now=lambda: NOW)
    network.error = None


def stumbles(record: Record, now: Any) -> Record:
    raise ValueError(f"what is {record.text}")


def test_who_stepped_out_before_is_nowhere_whichever_way_they_come(
    source: Source, network: Network, admin: Client, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    opt_out("x", ID, "asked", NOW, handle=HANDLE)
    everything_comes_in(source, network, admin, monkeypatch)
    assert places(ear.everywhere(pages(admin)), *CANARY) == []
    assert sum(Withheld.objects.values_list("n", flat=True)) >= 4  # an anonymous count is all there is
    assert Mention.objects.exists()


def test_the_look_finds_somebody_who_did_not_step_out(
    source: Source, network: Network, admin: Client, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = hand_in(admin)
    everything_comes_in(source, network, admin, monkeypatch)
    found = places(ear.everywhere(pages(admin)), *CANARY)
    for place in ("mention", "author", "quarantine", "upload"):
        assert f"the table listening_{place}" in found, place
    assert {"a dump by pg_dump", f"the file uploads/{upload.path}", "the table listening_upload"} <= set(found)
    assert any(place.startswith("the page /b/acme/mentions/") for place in found)
    assert "the log" not in found and "Valkey" not in found, "what people write is in no log and no queue"


def test_who_steps_out_later_is_nowhere_any_more(
    source: Source, network: Network, admin: Client, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = source.brands.get()
    hand_in(admin)
    everything_comes_in(source, network, admin, monkeypatch)
    mention = Mention.objects.filter(external_id="post-901").get()
    person = a_member(brand, "manager")
    case = case_of(mention)
    add_note(case, person, f"{NAME} waits for the {TEXT}")
    Contact.objects.create(brand=brand, network="x", key_version=1, key=mention.author.key, at=NOW)  # type: ignore[union-attr]
    sent = a_letter(person, brand)
    assert {"the table listening_issue", "the table listening_note"} <= set(places(ear.everywhere(), *CANARY))
    assert any("mail/" in place for place in places(ear.everywhere(), *CANARY))
    key = mention.author.key  # type: ignore[union-attr]
    receipt = opt_out("x", ID, "asked", NOW, handle=HANDLE)
    assert receipt.mentions >= 4
    assert places(ear.everywhere(pages(admin)), *CANARY) == []
    assert tally_differences() == []
    sent.refresh_from_db()
    assert sent.state == "sent" and not sent.text
    assert not Contact.objects.filter(key=key).exists() and Contact.objects.count() == 1
    network.records = [canary(901)]
    pull(source.pk, now=lambda: NOW + timedelta(days=1))
    assert places(ear.everywhere(), *CANARY) == []


def a_letter(person: Any, brand: Brand) -> Issue:
    """The digest of the canary's week, written to a file."""
    subscription = Subscription.objects.create(user=person, brand=brand)
    week = START.replace(hour=0) - timedelta(days=1)
    issue = Issue.objects.create(
        subscription=subscription, period_start=week, period_end=week + timedelta(days=7), next_attempt_at=NOW
    )
    assert sending.send(issue.pk, lambda: NOW + timedelta(days=7))
    return issue


def test_of_a_post_that_was_deleted_at_its_network_only_a_keyed_hash_and_a_count_stay(
    source: Source, network: Network, admin: Client, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T129: text, author, raw answer, letters, exports and the index of words; in tables, in Valkey, on pages."""
    judge = Judge(tuple(tracked_by(source)))
    take(Place(source, "all"), Page(records=[canary(901), a_record(1)], cursor={}), judge, NOW)
    sent = a_letter(a_member(source.brands.get(), "manager"), source.brands.get())
    assert places(ear.everywhere(), *CANARY)
    told = (Status("post-901", "gone"), Status("post-1", "alive"))
    monkeypatch.setattr(Scripted, "hydrate", lambda self, ids: iter(told))
    assert sweep(source, NOW + timedelta(days=2)).gone == 1
    assert places(ear.everywhere(pages(admin)), *CANARY, "post-901") == []
    sent.refresh_from_db()
    assert not sent.text and Mention.objects.count() == AuthorRow.objects.count() == 1
    assert (Tombstone.objects.count(), PurgeDelay.objects.get().n) == (1, 1)
    assert tally_differences() == []


def test_a_file_that_waits_brings_nobody_in_who_stepped_out_meanwhile(
    source: Source, network: Network, admin: Client, ear: Ear
) -> None:
    upload = hand_in(admin)
    assert places(ear.everywhere(pages(admin)), *CANARY)
    queued = hand_in(admin)
    Upload.objects.filter(pk=queued.pk).update(state=Upload.State.QUEUED)
    opt_out("x", "", "asked", NOW, handle=HANDLE)
    upload.refresh_from_db()
    assert upload.state == "failed" and "Hand it in again" in upload.sentence
    assert places(ear.everywhere(pages(admin)), *CANARY) == [f"the file uploads/{queued.path}"]
    queued.refresh_from_db()
    imported(queued)
    assert places(ear.everywhere(pages(admin)), *CANARY) == []
    assert Withheld.objects.get().n == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_that_waits_is_searched_for_people_too(source: Source, admin: Client, encoding: str) -> None:
    others, theirs = (hand_in(admin, ROWS.replace(HANDLE, who), encoding) for who in ("alma", "al"))
    opt_out("x", "", "asked", NOW, handle="al")
    assert {one.pk: one.state for one in Upload.objects.all()} == {others.pk: "guessed", theirs.pk: "failed"}


def test_a_short_name_throws_nobody_elses_file_away(source: Source, admin: Client) -> None:
    others, theirs = (hand_in(admin, ROWS.replace(HANDLE, who)) for who in ("alma", "al"))
    opt_out("x", "", "asked", NOW, handle="al")
    assert {one.pk: one.state for one in Upload.objects.all()} == {others.pk: "guessed", theirs.pk: "failed"}


def test_a_name_that_some_encoding_has_no_letters_for_throws_nobody_elses_file_away(
    source: Source, admin: Client
) -> None:
    others = hand_in(admin, ROWS.replace(HANDLE, "alma").replace("is fine", "is late ???"))
    theirs = [hand_in(admin, ROWS.replace(HANDLE, "たろう"), encoding) for encoding in ("utf-8", "utf-16")]
    opt_out("x", "", "asked", NOW, handle="たろう")
    states = {others.pk: "guessed"} | {one.pk: "failed" for one in theirs}
    assert {one.pk: one.state for one in Upload.objects.all()} == states


def test_a_list_of_rows_that_were_left_out_forgets_a_person(source: Source, admin: Client, ear: Ear) -> None:
    upload = imported(hand_in(admin))
    assert f"the file uploads/{upload.errors_path}" in places(ear.everywhere(), *CANARY)
    opt_out("x", "", "asked", NOW, handle=HANDLE)
    assert places(ear.everywhere(), *CANARY) == []
    assert (ear.folders / "uploads" / upload.errors_path).read_text("utf-8-sig").startswith("row,column,reason")


def test_a_short_name_takes_nobody_elses_post_out_of_quarantine(source: Source) -> None:
    for number, who in enumerate(("al", "alma", "see al there")):
        Quarantine.objects.create(source=source, key=f"{number:064}", raw={"by": who}, reason="odd")
    assert set_aside.forget("x", ["al"]) == 1
    assert not Quarantine.objects.filter(raw__by="al").exists()


@pytest.mark.parametrize("name", ["josé", 'a"b', "a\\b"])
def test_an_odd_name_is_found_in_quarantine_too(source: Source, name: str) -> None:
    Quarantine.objects.create(source=source, key="1" * 64, raw={"by": f"@{name}"}, reason="odd")
    Quarantine.objects.create(source=source, key="2" * 64, raw={"by": "b"}, reason="odd")
    assert set_aside.forget("x", [name, ""]) == 1
    assert Quarantine.objects.get().raw == {"by": "b"}


def test_reposts_of_a_persons_words_go_with_them(source: Source) -> None:
    judge = Judge(tuple(tracked_by(source)))
    mine = replace(canary(1), external_id="900")
    repeated = a_record(2, f"Acme lost my {TEXT}", reposts=PostRef("900", Account(handle=HANDLE)))
    take(Place(source, "all"), Page(records=[mine, repeated, a_record(3)], cursor={}), judge, NOW)
    assert Mention.objects.count() == 3
    with transaction.atomic():
        assert erase("x", AuthorRow.objects.filter(handle=HANDLE), [ID], NOW) == 2
    assert Mention.objects.get().external_id == "post-3"


def test_who_only_repeated_a_post_that_was_deleted_goes_with_it(source: Source) -> None:
    judge = Judge(tuple(tracked_by(source)))
    repeated = a_record(2, reposts=PostRef("post-1", Account(handle="user1")))
    take(Place(source, "all"), Page(records=[a_record(1), repeated, a_record(3)], cursor={}), judge, NOW)
    with transaction.atomic():
        assert forget.follow([Deletion("x", "post", "post-1")], NOW) == 2
    assert [author.handle for author in AuthorRow.objects.all()] == ["user3"]
