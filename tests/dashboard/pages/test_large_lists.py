"""What others ran into with large tables: landing page, rollups, keyset pages without counts."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from listening.models import Brand
from tests.builders import a_case, a_complaint, a_mention, an_author

pytestmark = pytest.mark.django_db
NEXT = re.compile(r'href="([^"]*after=[^"]*)"')
COUNTED = re.compile(r'SELECT COUNT\(\*\)[^()]*FROM "listening_(mention|case|auditentry)"')


def statements(client: Client, address: str) -> tuple[str, list[str]]:
    """The page and what it asked the database."""
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address).content.decode()
    return page, [one["sql"] for one in asked.captured_queries]


@pytest.mark.parametrize("address", ["mentions/", "complaints/", "inbox/"])
def test_lists_go_on_from_a_place_and_count_no_rows(marketer: Client, brand: Brand, address: str) -> None:
    """A count of all rows takes longer with each row, and so does an offset."""
    now = timezone.now()
    for i in range(60):
        a_case(a_complaint(brand, f"acme broke {i}", published_at=now - timedelta(hours=i)), priority=i)
    first, asked = statements(marketer, f"/b/acme/{address}")
    found = NEXT.search(first)
    assert found, "the list goes on"
    beyond = found[1].replace("&amp;", "&")
    second, more = statements(marketer, beyond if beyond.startswith("/") else f"/b/acme/{address}{beyond}")
    assert not set(re.findall(r"acme broke \d+", first)) & set(re.findall(r"acme broke \d+", second))
    for sql in [*asked, *more]:
        assert " OFFSET " not in sql, sql
        assert not COUNTED.search(sql), sql


def test_the_audit_log_goes_on_from_a_place_too(signed_in: Callable[[str], Client], brand: Brand) -> None:
    page, asked = statements(signed_in("admin"), "/b/acme/settings/audit/")
    assert "Audit log" in page
    assert not [sql for sql in asked if " OFFSET " in sql or COUNTED.search(sql)]


@pytest.mark.parametrize("number", ["²", "-1", "9" * 30, ""])
def test_a_place_that_no_entry_has_breaks_nothing(
    signed_in: Callable[[str], Client], brand: Brand, number: str
) -> None:
    asked = {"before": f"{timezone.now().isoformat()}_{number}", "who": number}
    assert signed_in("admin").get("/b/acme/settings/audit/", asked).status_code == 200


def test_there_is_no_admin_list_that_counts() -> None:
    """Django's admin counts twice on every page of a list: Earshot has none."""
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_the_figures_of_the_landing_page_come_from_the_rollups(marketer: Client, brand: Brand) -> None:
    """The bench `dashboard` holds each page to its ceiling with a million mentions; here, that it counts none."""
    for _ in range(7):
        a_mention(brand)
    page, asked = statements(marketer, "/b/acme/")
    assert not [sql for sql in asked if 'FROM "listening_mention"' in sql and ("GROUP BY" in sql or "COUNT(" in sql)]
    assert [sql for sql in asked if "listening_tally" in sql] and "Volume and sentiment" in page


def test_the_landing_page_has_what_was_said_below_the_chart_and_no_list_of_contacts(
    marketer: Client, brand: Brand
) -> None:
    """Who signs in sees the chart, and below it posts; each bar and figure opens the mentions behind it."""
    said = a_complaint(brand, "acme broke again", author=an_author(handle="rosa_k", name="Rosa Kowalska"))
    page = marketer.get("/", follow=True).content.decode()
    assert page.index('id="trend"') < page.index(f'id="mention-{said.pk}"')
    assert "/b/acme/mentions/?" in page
    assert "rosa" not in page.lower() and "kowalska" not in page.lower()
