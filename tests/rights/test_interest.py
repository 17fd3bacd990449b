"""Nothing is collected before the record of why a brand may be listened for was adopted, and pages say so."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.test import Client
from django.utils import timezone

from dashboard.reports.coverage import coverage
from dashboard.reports.period import last_days
from ingest.tracked import tracked_by
from listening.interest import DRAFT, adopt, collecting_since, may_collect
from listening.migrations import __path__ as migrations
from listening.models import AuditEntry, Brand, Interest, Mention, User
from tests.builders import ADOPTED, a_brand, a_member, a_source, an_administrator, an_interest

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def silent() -> Brand:
    """A brand with a source, for which nobody has adopted a record."""
    brand = a_brand("Acme", slug="acme", interest=False)
    a_source(brand, collecting_since=NOW - timedelta(days=10))
    return brand


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_source_is_not_asked_for_a_brand_without_a_record(silent: Brand) -> None:
    source = silent.sources.get()
    other = a_brand("Bolt")
    source.brands.add(other)
    assert [one.slug for one in tracked_by(source)] == [other.slug]
    adopt(silent, None, DRAFT, NOW)
    adopt(silent, None, DRAFT, NOW)
    assert sorted(one.slug for one in tracked_by(source)) == sorted([silent.slug, other.slug])


def test_not_collected_is_not_zero(silent: Brand) -> None:
    found = coverage(silent, last_days(7, ZoneInfo("UTC"), NOW))
    assert found.share == 0
    assert "Nobody has adopted the record" in found.missing[0].reason
    adopt(silent, None, DRAFT, NOW - timedelta(days=2))
    found = coverage(silent, last_days(7, ZoneInfo("UTC"), NOW))
    assert found.began == NOW - timedelta(days=2)
    assert found.missing[0].end == NOW - timedelta(days=2)


def test_a_record_that_was_carried_over_leaves_no_gap(silent: Brand) -> None:
    an_interest(silent, adopted=False, created_at=NOW)
    assert may_collect(silent)
    assert coverage(silent, last_days(7, ZoneInfo("UTC"), NOW)).share == 1
    adopt(silent, None, DRAFT, NOW)
    assert coverage(silent, last_days(7, ZoneInfo("UTC"), NOW)).share == 1


@pytest.mark.parametrize("page", ["", "mentions/", "settings/sources/"])
def test_pages_say_why_nothing_is_collected_and_where_to_go(silent: Brand, page: str) -> None:
    text = signed_in(a_member(silent)).get(f"/b/acme/{page}").content.decode()
    assert "Not collected: nobody has adopted the record" in text
    assert 'href="/b/acme/settings/interest/">Read and adopt it' in text


def test_the_overview_does_not_say_that_nothing_was_heard(silent: Brand) -> None:
    text = signed_in(a_member(silent)).get("/b/acme/").content.decode()
    assert "does not mean that nobody spoke" in text
    assert "Nothing heard yet" not in text


def test_managers_are_told_as_well_but_not_sent_to_the_settings(silent: Brand) -> None:
    text = signed_in(a_member(silent, "manager")).get("/b/acme/").content.decode()
    assert "Not collected" in text
    assert "settings/interest" not in text


def test_an_admin_reads_changes_and_adopts_it_in_versions(silent: Brand) -> None:
    admin = a_member(silent)
    client = signed_in(admin)
    page = client.get("/b/acme/settings/interest/").content.decode()
    assert "draft" in page and "not legal advice" in page
    assert client.post("/b/acme/settings/interest/", ADOPTED | {"adopt": ""}).status_code == 422
    assert not may_collect(silent)
    client.post("/b/acme/settings/interest/", ADOPTED)
    client.post("/b/acme/settings/interest/", ADOPTED | {"purpose": "To mend what breaks."})
    record = Interest.objects.of(silent)
    assert record and (record.version, record.author, record.purpose) == (2, admin, "To mend what breaks.")
    assert AuditEntry.objects.filter(verb="adopted legitimate interest", brand=silent).count() == 2
    assert "Not collected" not in client.get("/b/acme/").content.decode()


@pytest.mark.parametrize(("role", "status"), [("marketer", 403), ("manager", 403)])
def test_only_admins_adopt_it(silent: Brand, role: str, status: int) -> None:
    client = signed_in(a_member(silent, role))
    assert client.get("/b/acme/settings/interest/").status_code == status
    assert client.post("/b/acme/settings/interest/", ADOPTED).status_code == status
    assert signed_in(a_member(a_brand("Bolt"))).get("/b/acme/settings/interest/").status_code == 404
    assert not may_collect(silent)


def test_a_record_that_nobody_read_asks_admins_and_only_them(silent: Brand) -> None:
    an_interest(silent, adopted=False)
    assert "carried over" in signed_in(a_member(silent)).get("/b/acme/").content.decode()
    assert "carried over" not in signed_in(a_member(silent, "marketer")).get("/b/acme/").content.decode()


def test_a_new_brand_begins_with_a_record_that_was_adopted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.bells.pull", lambda source: True)
    admin = an_administrator()
    sent = {"name": "Acme", "kind": "own", "time_zone": "UTC"} | ADOPTED
    refused = signed_in(admin).post("/brands/new/", sent | {"adopt": ""})
    assert refused.status_code == 422
    assert not Brand.objects.exists()
    signed_in(admin).post("/brands/new/", sent)
    record = Interest.objects.get()
    assert (record.author, record.adopted, record.version) == (admin, True, 1)


def test_a_file_is_not_imported_before(silent: Brand, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("id,text,created_at\n1,acme is late,2026-11-01\n")
    with pytest.raises(CommandError, match="adopt_interest --brand acme"):
        call_command("import_posts", str(file), "--brand", "acme")
    assert not Mention.objects.exists()
    call_command("import_posts", str(file), "--brand", "acme", "--dry-run")
    with file.open("rb") as handed:
        answer = signed_in(a_member(silent)).post("/b/acme/settings/import/", {"file": handed})
    assert answer.status_code == 422
    assert "Not collected" in answer.content.decode()
    call_command("adopt_interest", "--brand", "acme")
    call_command("import_posts", str(file), "--brand", "acme")
    assert Mention.objects.count() == 1


def test_the_command_shows_takes_and_keeps_a_record(silent: Brand, tmp_path: Path) -> None:
    file = tmp_path / "interest.json"
    file.write_text(json.dumps({"purpose": "A", "necessity": "B", "balancing": "C"}))
    call_command("adopt_interest", "--brand", "acme", "--file", str(file))
    call_command("adopt_interest", "--brand", "acme")
    assert [(one.purpose, one.version) for one in Interest.objects.all()] == [("A", 1)]
    file.write_text('{"purpose": ""}')
    with pytest.raises(CommandError, match="can't be read"):
        call_command("adopt_interest", "--brand", "acme", "--file", str(file))
    with pytest.raises(CommandError, match="Brands: acme"):
        call_command("adopt_interest", "--brand", "nowhere")


def test_a_record_whose_entry_in_the_audit_log_fails_is_not_adopted(
    silent: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(brand: Brand) -> int:
        raise OSError("the power went")

    monkeypatch.setattr("ingest.management.commands.adopt_interest.ring_sources", fail)
    with pytest.raises(OSError, match="power"):
        call_command("adopt_interest", "--brand", "acme")
    assert not Interest.objects.exists()
    assert not AuditEntry.objects.filter(verb="adopted legitimate interest").exists()


def test_a_version_is_written_and_never_changed(silent: Brand) -> None:
    record = adopt(silent, a_member(silent), DRAFT, timezone.now())
    with pytest.raises(InternalError, match="never changed"), transaction.atomic():
        Interest.objects.filter(pk=record.pk).update(purpose="Another")
    User.objects.all().delete()
    record.refresh_from_db()
    assert record.author is None
    silent.delete()


def test_the_upgrade_carries_a_record_over_for_brands_that_exist(silent: Brand) -> None:
    text = (Path(migrations[0]) / "0023_interest.py").read_text()
    insert = text.split('r"""')[1].split("CREATE FUNCTION")[0]
    with connection.cursor() as cursor:
        cursor.execute(insert)
    record = Interest.objects.get()
    assert (record.brand, record.adopted, record.author, record.purpose) == (silent, False, None, DRAFT.purpose)
    assert collecting_since(silent) is not None
