"""A list of mentions as a file: whoever asked for it stays out, nobody is named, and it says how much is missing."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.reports import leaving, search
from listening.models import AuditEntry, Author, Brand, Mention, Source
from tests.builders import a_complaint, a_mention, a_source, an_author

pytestmark = pytest.mark.django_db
EXPORT = "/b/acme/mentions/export/"


def rows(client: Client, asked: str = "") -> list[dict[str, str]]:
    answer = client.post(f"{EXPORT}{asked}")
    assert answer.status_code == 200 and answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def page(client: Client, asked: str = "") -> str:
    return " ".join(client.get(f"{EXPORT}{asked}").content.decode().split())


def by(brand: Brand, kind: str, **author: Any) -> Mention:
    """A post that a source of this kind read at Bluesky."""
    who = an_author(network="bluesky")
    Author.objects.filter(pk=who.pk).update(**author)
    return a_mention(brand, "acme", network="bluesky", source=a_source(brand, kind=kind), author=who)


def test_the_file_holds_what_the_list_shows(marketer: Client, brand: Brand) -> None:
    author = an_author(handle="rosa@mas.to", name="Rosa Kowalska")
    url = "https://mas.to/@rosa/1"
    a_complaint(brand, "acme broke @rosa@mas.to again", author=author, url=url, language="en")
    a_mention(brand, "=HYPERLINK(1)")
    (nasty, told) = sorted(rows(marketer), key=lambda row: row["text"])
    assert told["who"] == author.pseudonym and told["complaint"] == "yes" and told["network"] == "mastodon"
    assert "broke" in told["text"] and "rosa" not in str(told).lower()
    assert nasty["text"] == "'=HYPERLINK(1)" and nasty["who"] == "somebody"
    assert [row["complaint"] for row in rows(marketer, "?complaint=yes")] == ["yes"]
    entry = AuditEntry.objects.filter(verb="exported mentions").earliest("pk")
    assert entry.detail == {"posts": 2, "left_out": 0, "filters": []}
    assert "Nobody among them asked to be left out" in page(marketer)


@pytest.mark.parametrize("begins", [*"=+-@＝＋－＠", "\n=", "\r=", "\t="])
def test_no_spreadsheet_takes_a_text_for_a_formula(marketer: Client, brand: Brand, begins: str) -> None:
    a_mention(brand, f"{begins}HYPERLINK(1)", title=f"{begins}1")
    (row,) = rows(marketer)
    assert row["text"].startswith(f"'{begins}") and row["title"].startswith(f"'{begins}")


def test_who_asked_for_it_stays_out_and_the_page_says_how_many(marketer: Client, brand: Brand) -> None:
    a_mention(brand, "acme for all")
    a_mention(brand, "acme quietly", public_ok=False)
    by(brand, "bluesky", bulk_ok=False)
    by(brand, "bluesky", bulk_ok=None)
    allowed, from_file = by(brand, "bluesky", bulk_ok=True), by(brand, "file", bulk_ok=None)
    by(brand, "file", bulk_ok=False)
    found = rows(marketer)
    assert {row["text"] for row in found} == {"acme for all", "acme"}
    assert {int(row["mention"]) for row in found} >= {allowed.pk, from_file.pk} and len(found) == 3
    assert "<strong>3</strong> posts in a CSV file" in page(marketer)
    assert "<strong>4</strong> posts stay here: their authors asked" in page(marketer)
    assert AuditEntry.objects.get(verb="exported mentions").detail["left_out"] == 4


def test_who_was_never_asked_stays_out_when_the_source_is_removed(marketer: Client, brand: Brand) -> None:
    asked, never = by(brand, "bluesky", bulk_ok=True), by(brand, "bluesky", bulk_ok=None)
    Source.objects.filter(pk__in=[asked.source_id, never.source_id]).delete()
    assert [int(row["mention"]) for row in rows(marketer)] == [asked.pk]


def test_networks_that_limit_copies_give_the_fact_and_not_the_words(marketer: Client, brand: Brand) -> None:
    for network in ("x", "reddit", "youtube", "hackernews"):
        a_mention(brand, "acme words", title="acme title", network=network)
    told = {row["network"]: (row["title"], row["text"]) for row in rows(marketer)}
    assert told.pop("hackernews") == ("acme title", "acme words")
    assert set(told.values()) == {("", "")} and len(told) == 3
    assert "3 of those in the file come without text" in page(marketer)


def test_hidden_posts_and_the_brands_own_stay_out_as_on_the_list(marketer: Client, brand: Brand) -> None:
    a_mention(brand, "acme hidden", hidden="takendown")
    a_mention(brand, "acme itself", own=True)
    assert rows(marketer) == []
    assert "Download CSV" not in page(marketer)


def test_a_search_is_followed_and_only_the_newest_are_taken(
    marketer: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        a_mention(brand, f"acme parcel {number}")
    a_mention(brand, "acme weather")
    assert len(rows(marketer, "?q=parcel")) == 5
    monkeypatch.setattr(leaving, "MOST", 3)
    assert [row["text"] for row in rows(marketer, "?q=parcel")] == [f"acme parcel {n}" for n in (4, 3, 2)]
    assert "The list holds more" in page(marketer)


def test_the_page_counts_among_those_that_would_be_in_the_file(
    marketer: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "MOST", 3)
    for network, public in (("x", True), ("x", False), ("x", True), ("mastodon", False), ("mastodon", True)):
        a_mention(brand, "acme", network=network, public_ok=public)
    assert [row["network"] for row in rows(marketer)] == ["mastodon", "x"]
    told = page(marketer)
    assert "<strong>2</strong> posts in a CSV file" in told and "The list holds more" in told
    assert "<strong>1</strong> post stays here" in told and "1 of those in the file comes without text" in told
    Mention.objects.earliest("pk").delete()
    Mention.objects.earliest("pk").delete()
    assert "The list holds more" not in page(marketer)


def test_a_search_that_ends_early_says_so(marketer: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        a_mention(brand, f"acme parcel {number}")
    assert "The search went back to" not in page(marketer, "?q=parcel")
    monkeypatch.setattr(leaving, "LOOKED_AT", 4)
    monkeypatch.setattr(search, "LARGEST_BATCH", 2)
    assert len(rows(marketer, "?q=parcel")) == 4
    assert "The search went back to" in page(marketer, "?q=parcel")
    monkeypatch.setattr(leaving, "MOST", 2)
    assert "The search went back to" not in (told := page(marketer, "?q=parcel")) and "The list holds more" in told


def test_a_search_that_cannot_be_read_leads_back_to_where_it_is_explained(marketer: Client) -> None:
    answer = marketer.get(f"{EXPORT}?q=(acme", follow=True)
    assert answer.redirect_chain[0][0].startswith("/b/acme/mentions/") and b"can't be read" in answer.content


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("marketer", 200), ("manager", 200), ("stranger", 404)])
def test_members_may_take_it_and_strangers_learn_nothing(
    signed_in: Callable[[str], Client], role: str, status: int
) -> None:
    assert signed_in(role).get(EXPORT).status_code == status
    assert signed_in(role).post(EXPORT).status_code == status


def test_the_page_counts_once(marketer: Client, brand: Brand) -> None:
    a_mention(brand, "acme")
    with CaptureQueriesContext(connection) as asked:
        assert "1 post" in page(marketer).replace("<strong>", "").replace("</strong>", "")
    assert len([one for one in asked.captured_queries if "LIMIT 10001" in one["sql"]]) == 1
