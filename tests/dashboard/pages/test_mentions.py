"""The list of mentions: hostile text is inert, corrections win and can be undone, pages work without a script."""

import pytest
from django.test import Client
from django.utils import timezone

from listening.models import AuditEntry, Brand, Mention
from tests.builders import a_complaint, a_mention, a_query, an_author

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7|add:7 }} acme ‮ \u200b"

pytestmark = pytest.mark.django_db


def test_it_shows_hostile_text_as_text(marketer: Client, brand: Brand) -> None:
    query = a_query(brand, "acme", name="<b>Main</b>")
    mention = a_mention(
        brand,
        NASTY,
        title=NASTY,
        url="javascript:alert(1)",
        community=NASTY[:100],
        addressed="mentioned",
        addressed_evidence='"><script>alert(2)</script>',
        author=an_author(handle="<i>x</i>", name=NASTY),
        spans={str(query.pk): [[0, 8], [5, 10_000], [-4, 2]]},
        complaint=True,
        complaint_reasons=[{"start": 3, "end": 9, "why": "<u>why</u>"}],
    )
    for address in ("", "mentions/", "complaints/", f"mentions/{mention.pk}/"):
        page = marketer.get(f"/b/acme/{address}").content.decode()
        for raw in ("<script>alert", "<img src=x", "javascript:alert", "<b>Main", "<i>x", "<u>why"):
            assert raw not in page, (address, raw)
        assert "{{ 7|add:7 }}" in page


def test_it_marks_the_words_that_matched_and_says_why(marketer: Client, brand: Brand) -> None:
    query = a_query(brand, "acme", name="Main")
    a_mention(brand, "I like acme", spans={str(query.pk): [[7, 11]]}, query_versions={str(query.pk): 2})
    page = marketer.get("/b/acme/mentions/").content.decode()
    assert '<mark class="match">acme</mark>' in page
    assert "Query “Main”, version 2" in page


def test_it_never_shows_what_is_hidden(marketer: Client, brand: Brand) -> None:
    hidden = a_mention(brand, "secret words", hidden="withheld", complaint=True)
    for address in (
        "",
        "mentions/",
        "mentions/?own=yes",
        "mentions/?q=secret",
        "complaints/",
        f"mentions/?fresh={hidden.pk}",
    ):
        assert b"secret words" not in marketer.get(f"/b/acme/{address}").content
    assert marketer.get(f"/b/acme/mentions/{hidden.pk}/").status_code == 404


def test_it_searches_in_the_query_language(marketer: Client, brand: Brand) -> None:
    a_mention(brand, "acme refund please")
    a_mention(brand, "acme gift card refund")
    page = marketer.get("/b/acme/mentions/", {"q": 'refund AND NOT "gift card"'}).content.decode()
    assert page.count('id="mention-') == 1
    assert '<mark class="search">refund</mark>' in page


def test_it_says_where_a_search_is_wrong_and_shows_nothing(marketer: Client, brand: Brand) -> None:
    a_mention(brand, "acme")
    page = marketer.get("/b/acme/mentions/", {"q": "acme AND ("}).content.decode()
    assert 'id="search-error"' in page
    assert "This search can't be read" in page
    assert 'id="mention-' not in page


def test_a_persons_word_wins_and_can_be_taken_back(marketer: Client, brand: Brand) -> None:
    mention = a_mention(brand, sentiment="positive")
    url = f"/b/acme/mentions/{mention.pk}/correct/"
    marketer.post(url, {"sentiment": "negative", "next": "/b/acme/mentions/?days=7"})
    mention.refresh_from_db()
    assert (mention.mood, mention.sentiment, mention.sentiment_person_id is not None) == ("negative", "positive", True)
    marketer.post(url, {"complaint": "yes"})
    Mention.objects.filter(pk=mention.pk).update(sentiment="neutral", complaint=False)  # the machine scores again
    mention.refresh_from_db()
    assert (mention.mood, mention.is_complaint) == ("negative", True)
    marketer.post(url, {"sentiment": "machine"})
    marketer.post(url, {"complaint": "machine"})
    mention.refresh_from_db()
    assert (mention.mood, mention.is_complaint, mention.sentiment_person_id) == ("neutral", False, None)
    assert AuditEntry.objects.filter(verb="corrected mention", brand=brand).count() == 4


def test_a_correction_without_a_script_comes_back_to_the_page_and_says_so(marketer: Client, brand: Brand) -> None:
    mention = a_mention(brand)
    url = f"/b/acme/mentions/{mention.pk}/correct/"
    response = marketer.post(url, {"sentiment": "negative", "next": "/b/acme/mentions/?days=7"}, follow=True)
    assert response.redirect_chain == [("/b/acme/mentions/?days=7", 302)]
    assert b"Marked as negative." in response.content


def test_a_correction_never_leads_to_another_site(marketer: Client, brand: Brand) -> None:
    mention = a_mention(brand)
    for evil in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        response = marketer.post(f"/b/acme/mentions/{mention.pk}/correct/", {"sentiment": "negative", "next": evil})
        assert response["Location"] == "/b/acme/mentions/"


@pytest.mark.parametrize("sent", [{}, {"sentiment": "furious"}, {"sentiment": "negative", "complaint": "yes"}])
def test_it_refuses_corrections_that_make_no_sense(marketer: Client, brand: Brand, sent: dict[str, str]) -> None:
    mention = a_mention(brand, sentiment="positive")
    response = marketer.post(f"/b/acme/mentions/{mention.pk}/correct/", sent, follow=True)
    assert b"That is no sentiment or complaint to choose from" in response.content
    mention.refresh_from_db()
    assert (mention.mood, mention.complaint_by_person) == ("positive", None)


def test_htmx_gets_the_row_alone_with_the_correction(marketer: Client, brand: Brand) -> None:
    mention = a_mention(brand)
    page = marketer.post(
        f"/b/acme/mentions/{mention.pk}/correct/", {"sentiment": "negative"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert page.strip().startswith("{#") is False
    assert "<html" not in page
    assert f'id="mention-{mention.pk}"' in page
    assert "by hand" in page


def test_only_new_mentions_that_fit_the_filters_are_put_on_top(marketer: Client, brand: Brand) -> None:
    fits = a_mention(brand, "acme refund", network="x")
    other_network, other_words = a_mention(brand, "acme refund"), a_mention(brand, "acme", network="x")
    ids = f"{fits.pk},{other_network.pk},{other_words.pk}"
    page = marketer.get("/b/acme/mentions/", {"fresh": ids, "network": "x", "q": "refund"}).content.decode()
    assert "<html" not in page
    assert page.count('id="mention-') == 1
    assert f'id="mention-{fits.pk}"' in page


def test_it_shows_an_empty_text_as_deleted_and_still_counts_it(marketer: Client, brand: Brand) -> None:
    a_mention(brand, "", text_gone_at=timezone.now())
    page = marketer.get("/b/acme/mentions/").content.decode()
    assert "retention time was over" in page
    assert 'id="total">1<' in page


def test_complaints_show_reasons_status_assignee_and_notes(marketer: Client, brand: Brand) -> None:
    mention = a_complaint(brand, "acme broke again")
    url, worker = f"/b/acme/complaints/{mention.pk}/", brand.memberships.get().user
    sent = {
        "status": "in_progress",
        "assignee": str(worker.pk),
        "note": "called <b>them</b>",
        "next": "/b/acme/complaints/?status=in_progress",
    }
    page = marketer.post(url, sent, follow=True).content.decode()
    assert "says that something keeps failing" in page
    assert '<mark class="complaint">again</mark>' in page
    assert "called &lt;b&gt;them&lt;/b&gt;" in page
    assert f'<option value="{worker.pk}" selected>' in page
    marketer.post(url, {"assignee": "nobody"})
    case = mention.case
    case.refresh_from_db()
    assert (case.status, case.assignee, case.notes.count()) == ("in_progress", None, 1)
    logged = AuditEntry.objects.order_by("id").values_list("verb", "detail")
    assert all("called" not in str(detail) for _, detail in logged)
    assert [verb for verb, _ in logged] == ["changed case", "added a note", "changed case"]


def test_a_complaint_is_given_only_to_people_who_work_on_the_brand(marketer: Client, brand: Brand) -> None:
    mention = a_complaint(brand)
    page = marketer.post(f"/b/acme/complaints/{mention.pk}/", {"assignee": "999999"}, follow=True).content.decode()
    assert "does not work on this brand" in page
