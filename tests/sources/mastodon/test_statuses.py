"""A status becomes a record; people who do not want to be listened to are left alone, and counted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest.clean import clean
from ingest.record import Account, Author
from ingest.sources.base import Config, OwnHandle, Page, Tracked
from ingest.sources.mastodon import Mastodon
from ingest.sources.mastodon.consent import NO_BOT, NO_INDEX, NOT_INDEXABLE, NOT_PUBLIC, refusal
from tests.sources.loopback import Loopback, recordings, reply
from tests.sources.mastodon.server import NOW, Server

RECORDED = Path(__file__).parent / "recorded" / "interactions.jsonl"
TAG = "fgiztsshwiaqqiztpmmjbtvmescsculuvmgjgopwoeidbcrixp"


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as network:
        yield network


@pytest.fixture
def server(net: Loopback) -> Server:
    return Server(net)


def a_source(net: Loopback, now: datetime = NOW, **credentials: str) -> Mastodon:
    settings = {"api_url": net.url, "hashtags": "nimbus"}
    return Mastodon(Config(settings=settings, credentials=credentials, now=lambda: now))


def read(net: Loopback) -> Page:
    source = a_source(net)
    own = OwnHandle("mastodon", "@Brand@Brands.example")
    (target,) = source.targets([Tracked(1, "b", "B", handles=(own,))])
    return next(iter(source.poll(target, {"newest": "1"})))


def mention(name: str, host: str) -> dict[str, str]:
    return {"id": "77", "username": name, "acct": f"{name}@{host}", "url": f"https://{host}/@{name}"}


def test_it_reads_all_that_a_status_tells(net: Loopback, server: Server) -> None:
    quoted = {
        **server.post(),
        "uri": "https://brands.example/1",
        "account": server.account("brand", acct="brand@brands.example"),
    }
    server.statuses.clear()
    server.post(
        "<p>Nimbus is &lt;down&gt;</p>",
        ago=timedelta(minutes=5),
        spoiler_text="rant & rave",
        edited_at="2026-11-23T11:58:00.000Z",
        mentions=[mention("brand", "brands.example")],
        in_reply_to_id="5",
        in_reply_to_account_id="77",
        quote={"state": "accepted", "quoted_status": quoted},
        card={"url": "https://status.example/", "title": "Status"},
        media_attachments=[{"id": "1", "type": "image"}],
    )
    (record,) = read(net).records
    told = clean(record)
    host = net.url.removeprefix("http://")
    assert told.text == "rant & rave\n\nNimbus is <down>"
    assert (told.external_id, told.network, told.language) == (server.statuses[0]["uri"], "mastodon", "en")
    assert told.published_at == NOW - timedelta(minutes=5)
    assert told.edited_at == datetime(2026, 11, 23, 11, 58, tzinfo=UTC)
    assert told.author == Author(
        f"{net.url}/users/ada", f"ada@{host}", "Ada", f"{net.url}/@ada", 7, datetime(2020, 1, 1, tzinfo=UTC)
    )
    assert told.mentions == (Account(handle="brand@brands.example"),)
    assert told.in_reply_to
    assert (told.in_reply_to.id, told.in_reply_to.author) == (
        f"{net.url}/api/v1/statuses/5",
        Account(handle="brand@brands.example"),
    )
    assert told.quotes
    assert (told.quotes.id, told.quotes.author and told.quotes.author.handle) == (
        "https://brands.example/1",
        "brand@brands.example",
    )
    assert (told.replies, told.shares, told.likes, told.media) == (1, 2, 3, 1)
    assert (told.community, told.public_ok, told.links) == (host, True, ("https://status.example/",))


def test_a_post_is_the_same_whichever_instance_tells_it(net: Loopback, server: Server) -> None:
    with Loopback() as other:
        away = Server(other)
        home = server.post()
        away.post(uri=home["uri"], account={**home["account"], "acct": "ada@" + net.url.removeprefix("http://")})
        (one,), (two,) = read(net).records, read(other).records
    assert one.external_id == two.external_id == home["uri"]
    assert one.author == two.author
    assert (one.raw or {})["id"] != (two.raw or {}).get("instance")


def test_a_reply_to_oneself_is_one(net: Loopback, server: Server) -> None:
    server.post(in_reply_to_id="5", in_reply_to_account_id=server.account()["id"])
    server.post(ago=timedelta(minutes=2), in_reply_to_id="6", in_reply_to_account_id="unknown")
    first, second = read(net).records
    assert first.in_reply_to
    assert second.in_reply_to
    assert first.in_reply_to.author == Account(handle=f"ada@{net.url.removeprefix('http://')}")
    assert second.in_reply_to.author is None


@pytest.mark.parametrize(
    ("account", "status", "reason"),
    [
        ({}, {}, None),
        ({"indexable": False}, {}, NOT_INDEXABLE),
        ({"indexable": None}, {}, NOT_INDEXABLE),
        ({"noindex": True}, {}, NO_INDEX),
        ({"note": '<p>x <a href="/tags/nobot">#<span>NoBot</span></a></p>'}, {}, NO_BOT),
        ({"note": "<p>#nobots</p>"}, {}, NO_BOT),
        ({"note": "please #no-index me"}, {}, NO_BOT),
        ({"note": "&#35;nosearch"}, {}, NO_BOT),
        ({"note": "#nobotany, #nobodies and nobot"}, {}, None),
        ({"note": None, "fields": [{"name": "wishes", "value": "#noarchive"}]}, {}, NO_BOT),
        ({"fields": [{"name": "#noindex", "value": ""}]}, {}, NO_BOT),
        ({}, {"visibility": "unlisted"}, NOT_PUBLIC),
        ({}, {"visibility": "private"}, NOT_PUBLIC),
        ({}, {"visibility": "direct"}, NOT_PUBLIC),
        ({}, {"visibility": None}, NOT_PUBLIC),
    ],
)
def test_it_listens_only_to_people_who_let_themselves_be_found(
    net: Loopback, server: Server, account: dict[str, Any], status: dict[str, Any], reason: str | None
) -> None:
    told = server.post(account=server.account(**account), **status)
    assert refusal(told) == reason
    page = read(net)
    assert (len(page.records), page.skipped) == ((0, {reason: 1}) if reason else (1, {}))
    assert page.newest == NOW - timedelta(minutes=1)


def test_a_missing_flag_is_a_no(net: Loopback, server: Server) -> None:
    told = server.post()
    del told["account"]["indexable"]
    assert refusal(told) == NOT_INDEXABLE


def test_skipped_posts_are_counted_by_reason(net: Loopback, server: Server) -> None:
    people: list[dict[str, Any]] = [{"indexable": False}, {"indexable": False}, {"noindex": True}, {}]
    for n, flags in enumerate(people):
        server.post(ago=timedelta(minutes=n + 1), account=server.account(**flags))
    page = read(net)
    assert (len(page.records), page.skipped) == (1, {NOT_INDEXABLE: 2, NO_INDEX: 1})


def test_who_turns_to_the_brand_is_heard_but_not_shown_around(net: Loopback, server: Server) -> None:
    shy = server.account("shy", indexable=False, note="#nobot")
    server.post(account=shy, visibility="unlisted", mentions=[mention("brand", "brands.example")])
    server.post(ago=timedelta(minutes=2), account=shy, mentions=[mention("brand", "elsewhere.example")])
    page = read(net)
    assert [record.public_ok for record in page.records] == [False]
    assert sum(page.skipped.values()) == 1


def test_a_direct_message_to_the_account_is_heard(net: Loopback, server: Server) -> None:
    source = a_source(net, token="t")
    server.notify(3, server.post(account=server.account("shy", indexable=False), visibility="direct", tag="x"))
    (target,) = [t for t in source.targets([]) if t.key.startswith("mentions")]
    (record,) = next(iter(source.poll(target, {"newest": "1"}))).records
    assert not record.public_ok


def test_the_real_client_reads_real_answers(net: Loopback) -> None:
    """Recorded on Mastodon 4.6.4: three pages of a hashtag, then none; all ids told once."""
    net.play(recordings(RECORDED))
    source = a_source(net, now=datetime(2026, 8, 1, 14, 0, tzinfo=UTC))
    target = next(t for t in source.targets([]) if t.key.startswith("tag"))
    target = replace(target, params={**target.params, "tag": TAG})
    pages = list(source.poll(target, None))
    records = [record for page in pages for record in page.records]
    assert len(records) == len({record.external_id for record in records}) == 30
    assert [page.done for page in pages] == [False, False, False, True]
    assert pages[-1].cursor == {"newest": "117020581413876942"}
    told = clean(records[0])
    assert told.text == f"Toot number 29! #{TAG}"
    assert told.author and told.author.id == "http://localhost:3000/ap/users/117020566092212359"
    assert told.author.handle == "mastodonpy_test_2@localhost:3000"
    assert told.published_at == datetime(2026, 8, 1, 13, 52, 47, 767000, tzinfo=UTC)


def test_the_real_client_reads_a_real_mention_and_who_it_is(net: Loopback) -> None:
    net.play(recordings(RECORDED))
    source = a_source(net, now=datetime(2026, 8, 1, 14, 0, tzinfo=UTC), token="t")
    target = next(t for t in source.targets([]) if t.key.startswith("mentions"))
    page = next(iter(source.poll(target, None)))
    (record,) = page.records
    assert record.mentions == (Account(handle="mastodonpy_test@localhost:3000"),)
    assert page.cursor == {"top": "21", "below": "21"}
    answer = source.check()
    assert (answer.ok, answer.sentence) == (True, "All instances answer.")
    (told,) = answer.details.values()
    assert told.startswith("Mastodon, Mastodon 4.6.4, signed in as @")


def test_it_knows_a_hashtag_timeline_that_is_for_members(net: Loopback) -> None:
    access = {"hashtag_feeds": {"local": "authenticated", "remote": "authenticated"}}
    about = {"title": "Club", "version": "4.6.0", "configuration": {"timelines_access": access}}
    net.script("GET", "/api/v2/instance/", reply(200, about))
    net.script("GET", "/api/v1/accounts/verify_credentials", reply(200, {"id": "1", "acct": "brand"}))
    answer = a_source(net).check()
    assert not answer.ok
    assert "only to its members" in answer.sentence
    assert a_source(net, token="t").check().ok


def test_every_recorded_status_is_read(net: Loopback, payloads: Path) -> None:
    """All statuses among 916 real answers, of which some are by people who are not indexable."""
    bodies = [
        line.get("json") for line in recordings(payloads / "mastodon/interactions.jsonl") if line["status"] == 200
    ]
    rows = [row for body in bodies for row in (body if isinstance(body, list) else [body]) if _is_status(row)]
    for start in range(0, len(rows), 40):
        net.script("GET", "/api/v1/timelines/tag/nimbus", reply(200, rows[start : start + 40]))
        page = read(net)
        assert not page.broken
        assert len(page.records) + sum(page.skipped.values()) == len(rows[start : start + 40])
    assert len(rows) > 200


def _is_status(row: Any) -> bool:
    return isinstance(row, dict) and {"uri", "content", "visibility", "account"} <= row.keys()
