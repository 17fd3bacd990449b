"""The audit log is append-only for whoever is not the owner of the database's tables with triggers off."""

import re
from pathlib import Path

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.test import Client

from dashboard.audit import GROUPS, SETTINGS, in_group, note
from listening.models import AuditEntry, Brand, User
from tests.builders import a_brand, a_member, a_user, an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme", slug="acme")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE listening_auditentry SET verb = 'nothing'",
        "UPDATE listening_auditentry SET target = 'nothing'",
        "UPDATE listening_auditentry SET detail = '{}'",
        "UPDATE listening_auditentry SET created_at = now()",
        "UPDATE listening_auditentry SET user_id = (SELECT max(id) FROM listening_user)",
        "DELETE FROM listening_auditentry",
        "TRUNCATE listening_auditentry",
        "TRUNCATE listening_brand CASCADE",
    ],
)
def test_an_entry_is_written_and_never_changed(brand: Brand, statement: str) -> None:
    entry = note(a_member(brand), "saw a name", brand, "mention 1", case=1)
    a_user()
    with connection.cursor() as cursor:  # tests keep it off, because those that really commit empty all tables
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE listening_auditentry ENABLE TRIGGER listening_audit_kept")
        with pytest.raises(InternalError, match="written, never changed"), transaction.atomic():
            cursor.execute(statement)
    entry.refresh_from_db()
    assert (entry.verb, entry.target) == ("saw a name", "mention 1")


def test_the_role_of_the_docs_can_write_entries_and_change_none(brand: Brand) -> None:
    docs = (Path(__file__).resolve().parents[2] / "docs/people.md").read_text()
    (statements,) = re.findall(r"```sql\n(.*?)```", docs, re.DOTALL)
    note(a_member(brand), "saw a name", brand, "mention 1")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statements.replace("%", "%%"))
        cursor.execute("SET LOCAL ROLE earshot_app")
        for refused in ("UPDATE listening_auditentry SET verb = ''", "DELETE FROM listening_auditentry"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(refused)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("TRUNCATE listening_auditentry")
        with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
            cursor.execute("ALTER TABLE listening_auditentry DISABLE TRIGGER ALL")
        User.objects.all().delete()
        note(None, "saw a name", brand, "mention 2")
        cursor.execute("RESET ROLE")
    assert set(AuditEntry.objects.filter(user=None).values_list("target", flat=True)) == {"mention 1", "mention 2"}


def test_who_goes_leaves_their_entries_without_a_name(brand: Brand) -> None:
    note(a_member(brand), "saw a name", brand, "mention 1")
    User.objects.all().delete()
    brand.delete()
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.brand, entry.target) == (None, None, "mention 1")


def test_the_page_and_the_export_show_one_group_of_entries(brand: Brand) -> None:
    admin = a_member(brand)
    client = Client()
    client.force_login(admin)
    verbs = {
        "line": "moved the line",
        "names": "saw a name",
        "answers": "answered at the network",
        "exports": "exported audit log",
        "erasures": "erased on request",
        "cases": "changed case",
        "settings": "changed query",
    }
    assert set(verbs) == {*GROUPS, "settings"}
    for verb in verbs.values():
        note(admin, verb, brand, f"target of {verb}")
    for group, verb in verbs.items():
        for address in ("", "export/"):
            page = client.get(f"/b/acme/settings/audit/{address}", {"group": group}).content.decode()
            shown = {one for one in verbs.values() if f"target of {one}" in page}
            assert shown == {verb}, (group, address)
    assert AuditEntry.objects.filter(in_group("nonsense")).count() == AuditEntry.objects.count()


@pytest.mark.parametrize("name", ["who", "verb", "text", "since", "until", "group", "before"])
def test_a_filter_that_makes_no_sense_is_no_error(brand: Brand, name: str) -> None:
    client = Client()
    client.force_login(an_administrator())
    for value in ("\x00", "99999999999999999999", "2026-13-45", "%00", "é" * 500):
        assert client.get(f"/b/{brand.slug}/settings/audit/", {name: value}).status_code == 200
        assert client.get(f"/b/{brand.slug}/settings/audit/export/", {name: value}).status_code == 200


@pytest.mark.parametrize(
    ("verb", "group"),
    [
        ("wrote an answer", "answers"),
        ("changed an answer", "answers"),
        ("asked for approval", "answers"),
        ("approved an answer", "answers"),
        ("took an answer back", "answers"),
        ("tried an answer again", "answers"),
        ("dropped an answer", "answers"),
        ("woke a case", "cases"),
        ("sent digest again", "settings"),
        ("changed rules for cases", "settings"),
    ],
)
def test_an_entry_stands_in_the_group_of_what_it_is_about(brand: Brand, verb: str, group: str) -> None:
    note(None, verb, brand)
    found = [one for one in (*GROUPS, SETTINGS) if AuditEntry.objects.filter(in_group(one)).exists()]
    assert found == [group]
