"""Queries on their page: a bad text never becomes live, and what a change would do is said before."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.reports import trial
from listening.models import AuditEntry, Brand, Query, QueryVersion, Source
from listening.query import parse
from listening.revise import Outdated, begin, revise
from listening.secrets import seal
from tests.builders import a_brand, a_member, a_mention, a_query, a_source, an_administrator
from tests.dashboard.config.loopback import algolia, serving
from tests.dashboard.config.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def admin(brand: Brand) -> Client:
    return signed_in(a_member(brand))


def save(admin: Client, query: Query, text: str, **fields: str) -> Any:
    data = {"name": query.name, "text": text, "active": "on", "version": str(query.version)} | fields
    return admin.post(reverse("query", args=[query.brand.slug, query.pk]), data)


def test_a_new_query_begins_its_history(admin: Client, brand: Brand) -> None:
    admin.post(reverse("query_new", args=[brand.slug]), {"name": "Main", "text": "acme", "active": "on"})
    query = brand.queries.get()
    assert (query.text, query.version, query.active) == ("acme", 1, True)
    assert query.versions.get().text == "acme"
    assert AuditEntry.objects.get().verb == "changed query"


def test_an_edit_is_used_by_the_next_pull_at_once(admin: Client, brand: Brand) -> None:
    query = a_query(brand)
    source = a_source(brand, next_pull_at=timezone.now() + timedelta(hours=1))
    save(admin, query, "acme OR zenith")
    query.refresh_from_db()
    assert (query.text, query.version) == ("acme OR zenith", 2)
    assert Source.objects.get(pk=source.pk).next_pull_at <= timezone.now()


@pytest.mark.parametrize(
    ("text", "caret"),
    [("(acme OR zenith", "^"), ('acme OR "zen', "^"), ("acme zenith OR beta", "^"), ("NOT acme", "^")],
)
def test_a_text_that_cannot_be_read_is_refused_with_a_caret_and_the_live_one_stays(
    admin: Client, brand: Brand, text: str, caret: str
) -> None:
    query = a_query(brand, "acme")
    answer = save(admin, query, text)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert caret in page and 'class="pointer"' in page and "stays live" in page
    query.refresh_from_db()
    assert (query.text, query.version) == ("acme", 1)


def test_golden_posts_guard_a_query(admin: Client, brand: Brand) -> None:
    query = a_query(brand, "acme")
    golden = {"must_match": "I love ACME\n\nacme rocks", "must_not_match": "the acme of skill"}
    answer = save(admin, query, "acme", **golden)
    assert answer.status_code == 422
    assert "must not match “the acme of skill”" in answer.content.decode()
    assert save(admin, query, "acme NOT skill", **golden).status_code == 302
    query.refresh_from_db()
    assert query.must_match == ["I love ACME", "acme rocks"] and query.must_not_match == ["the acme of skill"]


def test_two_people_do_not_overwrite_each_other(admin: Client, brand: Brand) -> None:
    query = a_query(brand, "acme")
    assert save(admin, query, "acme one").status_code == 302
    answer = save(admin, query, "acme two")
    assert answer.status_code == 422
    assert "Somebody else changed this query" in answer.content.decode()
    assert Query.objects.get().text == "acme one"


def test_an_earlier_text_comes_back_as_a_new_version(admin: Client, brand: Brand) -> None:
    query = begin(brand, "Main", "acme", None)
    revise(query, "acme OR zenith", None)
    admin.post(reverse("query_restore", args=[brand.slug, query.pk]), {"number": "1"})
    query.refresh_from_db()
    assert (query.text, query.version) == ("acme", 3)
    texts = list(QueryVersion.objects.filter(query=query).order_by("number").values_list("text", flat=True))
    assert texts == ["acme", "acme OR zenith", "acme"]
    assert admin.post(reverse("query_restore", args=[brand.slug, query.pk]), {"number": "9"}).status_code == 404


def test_the_same_text_makes_no_new_version(brand: Brand) -> None:
    query = begin(brand, "Main", "acme", None)
    assert not revise(query, "acme", None)
    stale = Query(pk=query.pk, version=7)
    with pytest.raises(Outdated):
        revise(stale, "other", None)


def test_a_name_is_used_once_per_brand(admin: Client, brand: Brand) -> None:
    a_query(brand, name="Main")
    answer = admin.post(reverse("query_new", args=[brand.slug]), {"name": "Main", "text": "acme"})
    assert answer.status_code == 422 and "already has a query" in answer.content.decode()


def test_a_deleted_query_leaves_its_mentions(admin: Client, brand: Brand) -> None:
    query = a_query(brand)
    a_mention(brand, spans={str(query.pk): [[7, 11]]})
    admin.post(reverse("query_delete", args=[brand.slug, query.pk]))
    assert not brand.queries.exists() and brand.mentions.count() == 1


def test_it_counts_what_a_change_would_add_and_lose(brand: Brand) -> None:
    user = a_member(brand)
    query = a_query(brand, "acme")
    found = {str(query.pk): [[0, 4]]}
    a_mention(brand, "acme is fine", spans=found)
    a_mention(brand, "acme of skill", spans=found)
    a_mention(brand, "zenith is fine")
    a_mention(brand, "acme long ago", spans=found, published_at=timezone.now() - timedelta(days=91))
    result = trial.stored(parse("(acme OR zenith) NOT skill"), brand, str(query.pk), user, timezone.now())
    assert (result.looked_at, result.matches, result.added, result.lost, result.elsewhere) == (3, 2, 1, 1, 0)
    assert [one.text[0].text for one in result.added_examples] == ["zenith"]
    assert ["".join(piece.text for piece in one.text) for one in result.lost_examples] == ["acme of skill"]


def test_it_counts_each_alternative_by_itself(brand: Brand) -> None:
    """A list of names that finds nothing because one of them is wrong has to be seen."""
    for text in ("acme one", "acme two", "beta three", "acme and beta"):
        a_mention(brand, text)
    result = trial.stored(parse('acme OR (beta NOT acme) OR "gamma ray"'), brand, None, a_member(brand), timezone.now())
    assert [(part.text, part.n) for part in result.parts] == [("acme", 3), ("(beta NOT acme)", 1), ('"gamma ray"', 0)]
    assert trial.stored(parse("acme beta"), brand, None, a_member(brand), timezone.now()).parts == []


def test_it_looks_at_the_posts_of_no_brand_that_the_person_may_not_see(brand: Brand) -> None:
    user = a_member(brand)
    mine, foreign = a_brand("Mine"), a_brand("Foreign")
    a_member(mine, "manager", user)
    a_mention(mine, "zenith here")
    a_mention(foreign, "zenith there")
    seen = trial.stored(parse("zenith"), brand, None, user, timezone.now())
    assert (seen.looked_at, seen.matches, seen.elsewhere) == (1, 0, 1)
    assert trial.stored(parse("zenith"), brand, None, an_administrator(), timezone.now()).elsewhere == 2


def test_it_says_when_it_did_not_look_at_everything(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "MOST", 3)
    for _ in range(5):
        a_mention(brand, "acme")
    result = trial.stored(parse("acme"), brand, None, a_member(brand), timezone.now())
    assert (result.looked_at, result.cut) == (3, True)


def test_it_shows_no_hidden_or_forgotten_post(brand: Brand) -> None:
    a_mention(brand, "acme", hidden="takendown")
    a_mention(brand, "", text_gone_at=timezone.now())
    assert trial.stored(parse("acme"), brand, None, a_member(brand), timezone.now()).looked_at == 0


def test_the_preview_says_what_a_text_means_and_what_is_doubtful(admin: Client, brand: Brand) -> None:
    a_mention(brand, "acme is fine")
    answer = admin.post(reverse("query_preview", args=[brand.slug]), {"text": "acme OR li", "name": "Main"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "at least one of these holds" in page
    assert "<strong>1</strong> of this brand" in page
    assert any("li" in warning.sentence for warning in answer.context["preview"].warnings)
    assert not brand.queries.exists(), "a preview saves nothing"


def test_the_preview_points_at_the_mistake_and_says_what_stays(admin: Client, brand: Brand) -> None:
    query = a_query(brand, "acme")
    data = {"text": "acme OR (zenith", "name": query.name, "query": str(query.pk)}
    page = admin.post(reverse("query_preview", args=[brand.slug]), data).content.decode()
    assert "acme OR (zenith\n        ^" in page and "Version 1 stays live" in page


@pytest.mark.parametrize("number", ["²", "-1", "9" * 18, "9" * 30])
def test_a_number_that_no_query_or_version_has_breaks_nothing(admin: Client, brand: Brand, number: str) -> None:
    query = a_query(brand, "acme")
    data = {"text": "acme", "name": "Main", "query": number}
    assert admin.post(reverse("query_preview", args=[brand.slug]), data).status_code == 200
    assert admin.post(reverse("query_restore", args=[brand.slug, query.pk]), {"number": number}).status_code == 404


def test_the_preview_works_without_a_script(admin: Client, brand: Brand) -> None:
    query = a_query(brand, "acme")
    data = {"text": "zenith", "name": query.name, "version": "1", "preview": "yes"}
    page = admin.post(reverse("query", args=[brand.slug, query.pk]), data).content.decode()
    assert "Among stored posts" in page and "zenith</textarea>" in page
    assert Query.objects.get().text == "acme"


COUNTS = {
    "data": [{"start": "2026-11-22T00:00:00.000Z", "end": "2026-11-23T00:00:00.000Z", "tweet_count": 7000}],
    "meta": {"total_tweet_count": 7000},
}


def test_fresh_posts_are_judged_and_a_network_that_costs_is_only_asked_for_a_count(admin: Client, brand: Brand) -> None:
    with serving(algolia("I like acme", "nothing about it")) as news, serving(COUNTS) as costly:
        a_source(brand, kind="hackernews", settings={"api_url": news.url, "items_url": news.url})
        a_source(brand, kind="x", settings={"api_url": costly.url}, credentials=seal({"bearer_token": "t"}))
        data = {"text": "acme", "name": "Main", "fetch": "yes"}
        answer = admin.post(reverse("query_preview", args=[brand.slug]), data)
    found = {one.label: one for one in answer.context["preview"].fresh}
    assert (found["Hacker News"].read, found["Hacker News"].matches) == (2, 1)
    assert (found["X"].read, found["X"].matches) == (0, 0) and found["X"].sentence
    assert costly.asked and all("/counts/" in path for path in costly.asked)
