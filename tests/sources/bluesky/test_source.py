"""The source as the pipeline meets it: targets, wanted posts, DIDs of own accounts, checks and previews."""

from dataclasses import replace
from typing import Any

import pytest

from ingest.sources import load
from ingest.sources.base import OwnHandle, Page, Tracked
from ingest.sources.bluesky import Bluesky, reading
from tests.sources.bluesky.builders import (
    ANN,
    BOB,
    BRAND,
    Until,
    a_brand,
    a_config,
    collect,
    stream_target,
    texts,
)
from tests.sources.jetstream import POSTS, FakeJetstream

MENTION = "app.bsky.richtext.facet#mention"
OWN = (OwnHandle("bluesky", "acme.example", BRAND),)


def mention(did: str, start: int, end: int) -> dict[str, object]:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [{"$type": MENTION, "did": did}]}


def pull(jetstream: FakeJetstream, brand: Tracked, until: Until, **settings: Any) -> list[Page]:
    source = Bluesky(a_config(jetstream_url=jetstream.url, out_of_time=until, **settings))
    return collect(source.poll(stream_target(source, brand), None), until)


def at_end(jetstream: FakeJetstream) -> Until:
    return Until(lambda pages: bool(pages) and pages[-1].cursor["position"] == jetstream.events[-1]["seq"])


def test_it_stands_in_the_catalogue() -> None:
    assert load("bluesky") is Bluesky


def test_it_keeps_only_posts_that_a_query_may_want() -> None:
    with FakeJetstream() as jetstream:
        for text in ("Acme is down", "the weather", "acme fruit", "#AcmeFail again"):
            jetstream.post(ANN, text)
        pages = pull(jetstream, a_brand("acme NOT fruit"), at_end(jetstream))
    assert texts(pages) == ["Acme is down", "#AcmeFail again"]


def test_it_keeps_posts_that_speak_to_an_own_account() -> None:
    reply = {"parent": {"uri": f"at://{BRAND}/{POSTS}/1"}, "root": {"uri": f"at://{BOB}/{POSTS}/2"}}
    thread = {"parent": {"uri": f"at://{BOB}/{POSTS}/1"}, "root": {"uri": f"at://{BRAND}/{POSTS}/2"}}
    quote = {"$type": "app.bsky.embed.record", "record": {"uri": f"at://{BRAND}/{POSTS}/3", "cid": "x"}}
    inner = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": f"at://{BRAND}/{POSTS}/3"}}}
    with FakeJetstream() as jetstream:
        jetstream.post(ANN, "hey you", facets=[mention(BRAND, 0, 3)])
        jetstream.post(ANN, "a reply", reply=reply)
        jetstream.post(ANN, "in the thread", reply=thread)
        jetstream.post(ANN, "a quote", embed=quote)
        jetstream.post(ANN, "a quote with a picture", embed=inner)
        jetstream.post(BRAND, "our own words")
        jetstream.post(ANN, "@acme.example in letters only")
        jetstream.post(ANN, "to somebody else", facets=[mention(BOB, 0, 2)])
        pages = pull(jetstream, a_brand("nothing-of-this", handles=OWN), at_end(jetstream))
    assert texts(pages) == [
        "hey you",
        "a reply",
        "in the thread",
        "a quote",
        "a quote with a picture",
        "our own words",
    ]
    assert pages[0].records[0].mentions[0].handle == "acme.example"


def test_it_never_filters_more_than_the_judge() -> None:
    """Fields that the stream cannot answer count for the post."""
    with FakeJetstream() as jetstream:
        jetstream.post(ANN, "acme for all")
        jetstream.post(ANN, "ac\u200bme with a hidden joint")
        jetstream.post(ANN, "look", facets=[link("https://www.acme.example/shop")])
        brand = a_brand("acme AND followers:[10 TO *]", "url:acme.example", "acme NOT author:(somebody)")
        pages = pull(jetstream, brand, at_end(jetstream))
    assert len(texts(pages)) == 3


def test_it_says_which_queries_the_stream_cannot_follow() -> None:
    with FakeJetstream() as jetstream:
        jetstream.post(ANN, "anything")
        pages = pull(jetstream, a_brand("followers:[10 TO *]", "acme"), at_end(jetstream))
    assert texts(pages) == []
    assert "needs a word" in pages[0].warnings[0]


def test_it_says_that_a_handle_is_not_whole() -> None:
    with FakeJetstream() as jetstream:
        jetstream.post(ANN, "anything")
        pages = pull(jetstream, a_brand("acme", handles=(OwnHandle("bluesky", "acme"),)), at_end(jetstream))
    assert "acme.bsky.social" in pages[0].warnings[0]


def test_it_polls_the_stream_last_and_gives_the_same_keys_for_the_same_brands() -> None:
    source = Bluesky(a_config(identifier="acme.example", app_password="secret"))
    brand = a_brand("acme", "acme OR umbrella", handles=OWN)
    keys = [target.key for target in source.targets([brand])]
    assert keys == [target.key for target in source.targets([brand])]
    assert keys[-2:] == ["notifications", "stream"]
    assert len(keys) == 5
    changed = replace(brand, queries=(replace(brand.queries[0], text="umbrella"), brand.queries[1]))
    assert source.targets([changed])[0].key != keys[0]


def test_it_has_nothing_to_poll_without_brands() -> None:
    assert Bluesky(a_config()).targets([]) == []


def test_it_checks_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHECK_SECONDS", 0.2)
    with FakeJetstream() as jetstream:
        checked = Bluesky(a_config(jetstream_url="ws://127.0.0.1:9")).check()
        assert not checked.ok
        assert "could not be reached" in checked.sentence
        assert Bluesky(a_config(jetstream_url=jetstream.url)).check().ok


def test_it_previews_from_the_last_minutes_of_the_stream_without_an_account() -> None:
    with FakeJetstream() as jetstream:
        for number in range(5):
            jetstream.post(ANN, f"acme {number}")
            jetstream.post(ANN, "weather")
        source = Bluesky(a_config(jetstream_url=jetstream.url))
        found = [record.text for record in source.preview("acme", limit=3)]
    assert found == ["acme 0", "acme 1", "acme 2"]


def test_it_refuses_addresses_inside_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_ALLOW_PRIVATE", "")
    checked = Bluesky(a_config(jetstream_url="ws://127.0.0.1:6008")).check()
    assert not checked.ok
    assert "127.0.0.1" in checked.sentence


def link(uri: str) -> dict[str, object]:
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": uri}
    return {"index": {"byteStart": 0, "byteEnd": 4}, "features": [feature]}
