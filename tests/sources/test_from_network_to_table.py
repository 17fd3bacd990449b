"""Hacker News, Mastodon and feeds, through a real pull into Postgres, twice: what is about the brand, once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from ingest.pull import pull
from ingest.sweep import sweep
from listening.models import Brand, Cursor, Handle, Mention, Pull, Query, Source
from listening.secrets import seal
from tests.builders import a_brand
from tests.sources.hackernews.algolia import SECONDS, Algolia, comment, story
from tests.sources.loopback import Loopback, reply
from tests.sources.mastodon.server import NOW, Server
from tests.sources.rss.feeds import item, rss

Prepare = Callable[[Loopback], dict[str, Any]]


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as network:
        yield network


@pytest.fixture
def brand(db: None) -> Brand:
    brand = a_brand("Nimbus", slug="nimbus")
    Query.objects.create(brand=brand, text="nimbus NOT weather")
    Handle.objects.create(brand=brand, network="mastodon", handle="nimbus@brands.example")
    return brand


def a_source(brand: Brand, kind: str, settings: dict[str, Any], **credentials: str) -> Source:
    sealed = seal(credentials) if credentials else ""
    source = Source.objects.create(kind=kind, name=kind, settings=settings, credentials=sealed, next_pull_at=NOW)
    source.brands.add(brand)
    return source


def hackernews(net: Loopback) -> dict[str, Any]:
    algolia = Algolia(net)
    algolia.posts = [comment(n, SECONDS - 100 - n, f"I use Nimbus, part {n}") for n in range(1_200)]
    algolia.posts += [comment(9_000, SECONDS - 50, "nimbus weather"), story(9_001, SECONDS - 60, "Ask: Nimbus?")]
    return {"api_url": net.url, "items_url": net.url}


def mastodon(net: Loopback) -> dict[str, Any]:
    server = Server(net)
    for n in range(1_201):
        server.post(f"<p>Nimbus, part {n}</p>", ago=timedelta(minutes=n + 1))
    server.post("<p>nimbus weather</p>", ago=timedelta(seconds=30))
    server.post("<p>Nimbus</p>", ago=timedelta(seconds=40), account=server.account("shy", indexable=False))
    return {"api_url": [net.url]}


def feeds(net: Loopback) -> dict[str, Any]:
    net.script(
        "GET", "/feed", reply(200, rss(*(item(n + 1) for n in range(1_201)), item(5_000, title="Nimbus weather")))
    )
    return {"feeds": [net.url + "/feed"]}


@pytest.mark.parametrize(("kind", "prepare"), [("hackernews", hackernews), ("mastodon", mastodon), ("rss", feeds)])
def test_a_source_is_pulled_twice_and_stored_once(net: Loopback, brand: Brand, kind: str, prepare: Prepare) -> None:
    source = a_source(brand, kind, prepare(net))
    first = pull(source.pk, now=lambda: NOW)
    assert first
    assert (first.outcome, first.counts["new"], first.error_code) == (Pull.Outcome.OK, 1_201, "")
    stored = {mention.external_id: mention.text for mention in Mention.objects.filter(brand=brand)}
    assert len(stored) == 1_201
    assert not any("weather" in text for text in stored.values())
    source.refresh_from_db()
    assert source.newest_post_at
    assert NOW - source.newest_post_at < timedelta(minutes=2)
    second = pull(source.pk, now=lambda: NOW + timedelta(hours=1))
    assert second
    assert (second.outcome, second.counts["new"]) == (Pull.Outcome.OK, 0)
    assert Cursor.objects.filter(source=source).count() == 1


def test_who_left_no_consent_is_counted_and_not_stored(net: Loopback, brand: Brand) -> None:
    log = pull(a_source(brand, "mastodon", mastodon(net)).pk, now=lambda: NOW)
    assert log
    assert log.counts["skipped"]["author does not want to be found by search (indexable)"] == 1
    assert not Mention.objects.filter(author__handle__startswith="shy").exists()


def test_a_deleted_comment_is_erased_by_the_sweep(net: Loopback, brand: Brand) -> None:
    algolia = Algolia(net)
    algolia.posts = [comment(1, SECONDS - 60), comment(2, SECONDS - 70)]
    algolia.items = {1: {"id": 1, "deleted": True}, 2: {"id": 2, "type": "comment", "time": SECONDS - 70, "text": "x"}}
    source = a_source(brand, "hackernews", {"api_url": net.url, "items_url": net.url})
    pull(source.pk, now=lambda: NOW)
    Mention.objects.update(collected_at=NOW - timedelta(hours=1))
    assert sweep(source, NOW).gone == 1
    assert list(Mention.objects.filter(text_gone_at=None).values_list("external_id", flat=True)) == ["2"]


def test_a_broken_service_is_an_error_on_the_row_and_moves_no_cursor(net: Loopback, brand: Brand) -> None:
    """T1, T6, T17."""
    source = a_source(brand, "hackernews", hackernews(net))
    pull(source.pk, now=lambda: NOW)
    kept = Cursor.objects.get().value
    for status, body, code in ((404, "gone", "not_found"), (200, {"items": []}, "schema")):
        net.script("GET", "/api/v1/search_by_date", reply(status, body))
        log = pull(source.pk, now=lambda: NOW + timedelta(hours=1))
        assert log
        source.refresh_from_db()
        assert (log.outcome, source.error_code, source.state) == (Pull.Outcome.FAILED, code, Source.State.ON)
        assert source.error_sentence.endswith(".")
        assert Cursor.objects.get().value == kept


def test_a_refused_token_stops_the_source_with_a_sentence(net: Loopback, brand: Brand) -> None:
    """T15."""
    net.script("GET", "/api/v1/notifications", reply(401, {"error": "The access token was revoked"}))
    source = a_source(brand, "mastodon", {"api_url": net.url}, token="secret")
    pull(source.pk, now=lambda: NOW)
    source.refresh_from_db()
    assert (source.state, source.error_code) == (Source.State.BROKEN, "auth")
    assert "Create a new one" in source.error_sentence
    assert "revoked" in source.error_raw
    assert "secret" not in source.error_raw + source.error_sentence
