"""People's requests: who asks is found, checked, answered within a month, and forgotten."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.rights import settling
from dashboard.rights.export import export
from dashboard.rights.finding import found
from ingest.stepping_out import settle_all
from listening.asking import answered, ask
from listening.models import AuditEntry, Author, Brand, Mention, Note, OptOut, Reveal, RightsRequest
from listening.secrets import person_key
from tests.builders import a_brand, a_case, a_member, a_mention, an_administrator, an_author

ROSA = {"network": "mastodon", "handle": "@rosa@mas.to"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.bells.settle_opt_outs", lambda: None)


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme", slug="acme")


@pytest.fixture
def rosa(brand: Brand) -> Author:
    """Somebody who wrote three posts for two brands; one is a case that was worked on and answered."""
    version, key = person_key("mastodon", "id-of-rosa")
    author = an_author(handle="rosa@mas.to", name="Rosa K", key_version=version, key=key)
    member, now = a_member(brand, "marketer"), timezone.now()
    first = a_mention(brand, "acme lost my parcel <b>", author=author, addressed="mentioned", complaint=True)
    a_mention(brand, "acme again", author=author)
    a_mention(a_brand("Bolt"), "bolt too", author=author)
    a_mention(brand, "acme of somebody else", author=an_author())
    case = a_case(first)
    Note.objects.create(case=case, author=member, text="called the depot")
    Reveal.objects.create(case=case, user=member, author=author, at=now, until=now + timedelta(days=1))
    answered(ask(first, member, now), now)
    return author


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(an_administrator())
    return client


def enter(client: Client, kind: str = "access", **told: Any) -> RightsRequest:
    answer = client.post("/people/requests/", ROSA | {"kind": kind, "received": "2026-01-31"} | told)
    assert answer.status_code == 302, answer.content.decode()
    return RightsRequest.objects.latest("pk")


@pytest.mark.parametrize(
    ("came", "due"),
    [
        ("2026-01-31", "2026-02-28"),
        ("2028-01-30", "2028-02-29"),
        ("2026-12-15", "2027-01-15"),
        ("2026-03-31", "2026-04-30"),
        ("2026-04-30", "2026-05-30"),
    ],
)
def test_the_answer_is_due_a_month_later(came: str, due: str) -> None:
    assert settling.a_month_after(date.fromisoformat(came)) == date.fromisoformat(due)


@pytest.mark.parametrize("told", [ROSA, {"network": "mastodon", "id": "id-of-rosa", "handle": ""}])
def test_it_finds_what_is_kept_in_every_brand(rosa: Author, admin: Client, told: dict[str, str]) -> None:
    row = enter(admin, **told)
    kept = found(row.network, settling.who(row))
    acme, bolt = kept.brands
    assert (acme.mentions, acme.texts, acme.cases, acme.notes, acme.names_shown) == (2, 2, 1, 1, 1)
    assert (acme.decisions, acme.contacts) == (1, 1)
    assert (bolt.brand, bolt.mentions) == ("Bolt", 1)
    page = admin.get(f"/people/requests/{row.pk}/").content.decode()
    assert "What is kept of rosa@mas.to" in page or "id-of-rosa" in page


def test_who_is_not_known_is_told_how_else_they_can_be_found(rosa: Author, admin: Client) -> None:
    Author.objects.update(handle="", name="")
    row = enter(admin)
    assert "only the network’s own id finds a person" in admin.get(f"/people/requests/{row.pk}/").content.decode()


def test_who_asks_is_sealed_while_it_is_open_and_gone_when_it_is_settled(rosa: Author, admin: Client) -> None:
    row = enter(admin)
    assert "rosa" not in row.sealed
    admin.post(f"/people/requests/{row.pk}/settle/", {"decline": "yes"})
    row.refresh_from_db()
    assert (row.state, row.sealed) == ("declined", "")
    for address in ("/people/requests/", f"/people/requests/{row.pk}/"):
        assert "rosa" not in admin.get(address).content.decode()
    kept = str(list(AuditEntry.objects.values_list("verb", "target", "detail")))
    assert "rosa" not in kept and "declined a person's request" in kept


def test_the_data_is_handed_out_only_after_the_identity_was_checked(rosa: Author, admin: Client) -> None:
    row = enter(admin)
    for form in ("json", "html"):
        refused = admin.get(f"/people/requests/{row.pk}/export.{form}", follow=True)
        assert "First say how you know" in refused.content.decode()
        assert "lost my parcel" not in refused.content.decode()
    assert admin.post(f"/people/requests/{row.pk}/", {"how": "guess"}).status_code == 422
    admin.post(f"/people/requests/{row.pk}/", {"how": "code"})
    told = json.loads(admin.get(f"/people/requests/{row.pk}/export.json").content)
    (acme, bolt) = told["brands"]
    post = next(one for one in acme["posts"] if one["case"])
    assert post["text"] == "acme lost my parcel <b>"
    assert "Complaint: yes (found by a machine, an estimate)." in post["found"]
    assert post["case"]["notes_of_the_team"][0]["text"] == "called the depot"
    assert post["case"]["name_shown_at"] and post["decisions"][0]["verdict"] == "allowed"
    assert acme["answered_at"] and acme["why"] and bolt["posts"][0]["text"] == "bolt too"
    assert told["account"][0]["handle"] == "rosa@mas.to"
    page = admin.get(f"/people/requests/{row.pk}/export.html").content.decode()
    assert "acme lost my parcel &lt;b&gt;" in page and "called the depot" in page
    assert "somebody else" not in page + json.dumps(told)
    assert AuditEntry.objects.filter(verb="exported a person's data").count() == 2


def test_it_tells_when_text_and_name_go_by_the_terms_of_a_network(admin: Client, brand: Brand) -> None:
    version, key = person_key("reddit", "t2_rosa")
    author = an_author(network="reddit", handle="rosa", key_version=version, key=key)
    read = timezone.now().replace(microsecond=0)
    author.seen_at, author.shown_until = read, read + timedelta(days=30)
    author.save()
    published = read - timedelta(days=3)
    a_mention(brand, "acme", network="reddit", author=author, published_at=published, collected_at=read)
    told = export(enter(admin, network="reddit", handle="rosa", id="t2_rosa"), {"id": "t2_rosa"}, read)
    goes = (read + timedelta(hours=48)).isoformat()
    assert told["brands"][0]["posts"][0]["text_goes"] == goes
    assert told["account"][0]["name_goes"] == goes


def test_more_posts_and_decisions_cost_no_more_queries(rosa: Author, admin: Client, brand: Brand) -> None:
    request, told = enter(admin), {"handle": "rosa@mas.to"}

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            export(request, told, timezone.now())
        return len(asked)

    few, member = queries(), a_member(brand, "marketer")
    for _ in range(3):
        ask(a_mention(brand, "acme once more", author=rosa, addressed="mentioned"), member, timezone.now())
    assert queries() == few


def test_an_answer_is_settled_after_it_was_taken_out(rosa: Author, admin: Client) -> None:
    row = enter(admin)
    admin.post(f"/people/requests/{row.pk}/", {"how": "account"})
    assert "First take out what is kept." in admin.get(f"/people/requests/{row.pk}/").content.decode()
    early = admin.post(f"/people/requests/{row.pk}/settle/", {"settle": "yes"}, follow=True).content.decode()
    assert "First export what is kept" in early
    admin.get(f"/people/requests/{row.pk}/export.html")
    admin.post(f"/people/requests/{row.pk}/settle/", {"settle": "yes"})
    row.refresh_from_db()
    assert (row.state, row.sealed, row.found["known"]) == ("done", "", 1)
    assert Mention.objects.count() == 4
    again = admin.get(f"/people/requests/{row.pk}/export.json", follow=True).content.decode()
    assert "nothing tells any more" in again and "lost my parcel" not in again


@pytest.mark.parametrize("kind", ["erase", "object"])
def test_erasing_goes_the_way_of_opt_outs_and_leaves_a_receipt(rosa: Author, admin: Client, kind: str) -> None:
    row = enter(admin, kind)
    refused = admin.post(f"/people/requests/{row.pk}/settle/", {"settle": "yes"}, follow=True).content.decode()
    assert "First say how you know" in refused
    admin.post(f"/people/requests/{row.pk}/", {"how": "shown"})
    admin.post(f"/people/requests/{row.pk}/settle/", {"settle": "yes"})
    settle_all(timezone.now())
    assert list(Mention.objects.values_list("text", flat=True)) == ["acme of somebody else"]
    assert not Note.objects.exists() and not Reveal.objects.exists()
    assert not Author.objects.filter(handle="rosa@mas.to").exists()
    assert OptOut.objects.filter(scope="listen").exists()
    row.refresh_from_db()
    assert row.opt_out and (row.opt_out.mentions, row.opt_out.sealed, row.sealed) == (3, "", "")
    assert "3 posts erased" in admin.get("/people/requests/").content.decode()


def test_not_to_be_contacted_needs_no_proof_and_erases_nothing(rosa: Author, admin: Client) -> None:
    row = enter(admin, "contact")
    admin.post(f"/people/requests/{row.pk}/settle/", {"settle": "yes"})
    settle_all(timezone.now())
    assert Mention.objects.count() == 4
    assert set(OptOut.objects.values_list("scope", flat=True)) == {"contact"}


def test_nothing_is_handed_out_once_a_colleague_has_settled_it(rosa: Author, admin: Client) -> None:
    request, me, now = enter(admin), an_administrator(), timezone.now()
    settling.check_identity(request, "account", me, now)
    seen = RightsRequest.objects.get(pk=request.pk)
    settling.decline(request, me, now)
    with pytest.raises(settling.NotYet, match="is settled"):
        settling.note_export(seen, "json", me, now)
    assert RightsRequest.objects.get().exported_at is None


def test_a_request_is_settled_once(rosa: Author, admin: Client) -> None:
    row = enter(admin, "contact")
    admin.post(f"/people/requests/{row.pk}/settle/", {"settle": "yes"})
    late = admin.post(f"/people/requests/{row.pk}/settle/", {"decline": "yes"}, follow=True).content.decode()
    assert "It was settled before." in late
    row.refresh_from_db()
    assert row.state == "done"


def test_what_is_late_stands_first_and_says_so(admin: Client) -> None:
    enter(admin, handle="@late@mas.to", received="2020-01-01")
    enter(admin, handle="@fresh@mas.to", received=timezone.localdate().isoformat())
    page = admin.get("/people/requests/").content.decode()
    assert page.index("late@mas.to") < page.index("fresh@mas.to")
    assert page.count("Overdue") == 1


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"handle": ""}, "Write the account"),
        ({"handle": "no handle!"}, "is not a Mastodon handle"),
        ({"received": "2999-01-01"}, "not come yet"),
        ({"kind": "sell"}, "Select a valid choice"),
    ],
)
def test_it_takes_no_request_that_it_cannot_read(admin: Client, told: dict[str, str], says: str) -> None:
    answer = admin.post("/people/requests/", ROSA | {"kind": "access", "received": "2026-01-31"} | told)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not RightsRequest.objects.exists()


@pytest.mark.parametrize("role", ["admin", "marketer", "manager"])
def test_only_administrators_of_the_installation_see_requests(
    brand: Brand, rosa: Author, admin: Client, role: str
) -> None:
    row = enter(admin)
    client = Client()
    client.force_login(a_member(brand, role))
    for address in ("", f"{row.pk}/", f"{row.pk}/export.json", f"{row.pk}/export.html"):
        assert client.get(f"/people/requests/{address}").status_code == 404
    assert client.post(f"/people/requests/{row.pk}/settle/").status_code == 404
    assert "People’s requests" not in client.get("/b/acme/").content.decode()
    assert "People’s requests" in admin.get("/b/acme/").content.decode()


def test_the_tables_keep_nobody_in_a_settled_request() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    told: dict[str, Any] = {"network": "x", "kind": "access", "received": now.date(), "due": now.date()}
    with pytest.raises(IntegrityError, match="rights_request_settled_is_empty"), transaction.atomic():
        RightsRequest.objects.create(**told, sealed="x", state="declined", settled_at=now)
    with pytest.raises(IntegrityError, match="rights_request_done_for_them"), transaction.atomic():
        RightsRequest.objects.create(**told, sealed="", state="done", settled_at=now)
