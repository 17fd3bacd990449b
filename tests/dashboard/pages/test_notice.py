"""The public page: closed until an admin opens it, and true to the configuration."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from listening.line import Policy
from listening.models import AuditEntry, Brand, Handle, Interest, Line, Withheld
from tests.builders import a_mention, a_query, a_source

SignIn = Callable[[str], Client]
OPEN = {"public": "on", "purpose": "To make better mugs.", "contact": "privacy@acme.example"}


def test_it_is_closed_until_an_admin_opens_it(signed_in: SignIn, brand: Brand) -> None:
    stranger, admin = Client(), signed_in("admin")
    assert stranger.get("/about/acme/").status_code == 404
    assert "not open yet" in admin.get("/b/acme/settings/notice/?preview=yes").content.decode()
    admin.post("/b/acme/settings/notice/", OPEN)
    assert "To make better mugs." in stranger.get("/about/acme/").content.decode()
    admin.post("/b/acme/settings/notice/", {**OPEN, "public": ""})
    assert stranger.get("/about/acme/").status_code == 404
    assert AuditEntry.objects.filter(verb="changed public page").count() == 2


def test_it_tells_what_is_configured_now(signed_in: SignIn, brand: Brand) -> None:
    signed_in("admin").post("/b/acme/settings/notice/", OPEN)
    a_query(brand, "acme AND mug")
    a_source(brand, kind="hackernews")
    a_source(brand, kind="mastodon", state="paused")
    Handle.objects.create(brand=brand, network="bluesky", handle="acme.example")
    Brand.objects.update(retention_days=123)
    a_mention(brand)
    Withheld.objects.create(brand=brand, network="x", day=timezone.now().date(), n=7)
    Line.objects.create(brand=brand, version=2, name="Quiet", policy=Policy(who="nobody").as_json())
    page = Client().get("/about/acme/").content.decode()
    for told in ("Hacker News", "acme AND mug", "@acme.example", "123 days", "Nobody is answered.", "7 posts of people",
                 "privacy@acme.example", "/opt-out/"):  # fmt: skip
        assert told in page, told
    assert "Mastodon" not in page
    assert "I like acme" not in page


@pytest.mark.parametrize("silence", ["paused", "no record", "no source"])
def test_while_nothing_is_read_it_lists_no_search_and_no_account(signed_in: SignIn, brand: Brand, silence: str) -> None:
    signed_in("admin").post("/b/acme/settings/notice/", OPEN)
    a_query(brand, "acme AND mug")
    Handle.objects.create(brand=brand, network="bluesky", handle="mugs.example")
    if silence != "no source":
        a_source(brand, kind="hackernews")
    if silence == "paused":
        Brand.objects.update(paused=True)
    if silence == "no record":
        Interest.objects.all().delete()
    page = Client().get("/about/acme/").content.decode()
    says = {
        "paused": "listening is paused",
        "no record": "has not been written down",
        "no source": "No network is read",
    }
    assert says[silence] in page
    assert "acme AND mug" not in page and "@mugs.example" not in page


def test_the_audit_log_is_filtered_by_day_and_exported(signed_in: SignIn, brand: Brand) -> None:
    admin = signed_in("admin")
    AuditEntry.objects.create(brand=brand, verb="changed query", target="=cmd()", detail={"version": 2})
    today = timezone.now().date().isoformat()
    assert "changed query" in admin.get(f"/b/acme/settings/audit/?since={today}&until={today}").content.decode()
    empty = admin.get("/b/acme/settings/audit/?until=2020-01-01&verb=changed+query").content.decode()
    assert "Nothing here" in empty and "until=2020-01-01" in empty
    table = admin.get("/b/acme/settings/audit/export/?verb=changed+query").content.decode()
    assert table.startswith("time,who,what,target,details")
    assert "'=cmd()" in table and len(table.splitlines()) == 2
    assert AuditEntry.objects.filter(verb="exported audit log").exists()


def test_entries_of_the_audit_log_cannot_be_changed_or_deleted(brand: Brand) -> None:
    entry = AuditEntry.objects.create(brand=brand, verb="changed query")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditEntry.objects.update(verb="nothing happened")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        entry.delete()
    brand.delete()
    entry.refresh_from_db()
    assert (entry.brand, entry.verb) == (None, "changed query")
