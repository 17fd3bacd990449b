"""Posts: records as strangers write them become Records, whatever they claim."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.record import Account, PostRef, Record
from ingest.sources.bluesky.posts import Unreadable, read_post, read_view

SEEN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
POST = "app.bsky.feed.post"
FACET = "app.bsky.richtext.facet#"


def a_post(text: str = "hello", **record: Any) -> Record:
    told = {"$type": POST, "text": text, "createdAt": "2026-11-23T11:59:58.000Z", **record}
    return read_post("did:plc:ann", "3abc", told, SEEN, names={"did:plc:brand": "acme.example"})


def facet(text: str, part: str, **feature: str) -> dict[str, Any]:
    """A facet over `part` of `text`, in UTF-8 bytes as the protocol counts."""
    start = len(text[: text.index(part)].encode())
    return {"index": {"byteStart": start, "byteEnd": start + len(part.encode())}, "features": [feature]}


def a_view(**changes: Any) -> dict[str, Any]:
    author = {"did": "did:plc:ann", "handle": "Ann.Example", "displayName": "Ann", "createdAt": "2024-05-01T00:00:00Z"}
    record = {"$type": POST, "text": "hello", "createdAt": "2026-11-23T11:00:00Z", "langs": ["de", "en"]}
    counts = {"replyCount": 1, "repostCount": 2, "likeCount": 3, "quoteCount": 0}
    view = {"uri": f"at://did:plc:ann/{POST}/3abc", "cid": "bafy", "author": author, "record": record}
    return {**view, **counts, "indexedAt": "2026-11-23T11:00:01Z", **changes}


def test_it_reads_a_plain_post() -> None:
    record = a_post(langs=["pt-BR", "en"])
    assert record.external_id == f"at://did:plc:ann/{POST}/3abc"
    assert record.url == "https://bsky.app/profile/did:plc:ann/post/3abc"
    assert record.published_at == SEEN - timedelta(seconds=2)
    assert record.language == "pt-BR"
    assert record.author is not None
    assert record.author.id == "did:plc:ann"
    assert (record.likes, record.media, record.edited_at, record.mentions) == (None, None, None, ())


def test_it_finds_mentions_and_links_behind_letters_of_many_bytes() -> None:
    text = "\U0001f469\u200d\U0001f469\u200d\U0001f467 Grüße an @acme.example: acme.exa..."
    who = facet(text, "@acme.example", **{"$type": FACET + "mention", "did": "did:plc:brand"})
    where = facet(text, "acme.exa...", **{"$type": FACET + "link", "uri": "https://acme.example/long/path"})
    record = a_post(text, facets=[who, where])
    assert record.mentions == (Account("did:plc:brand", "acme.example"),)
    assert record.links == ("https://acme.example/long/path",)


def test_it_never_takes_the_letters_of_a_mention_for_a_handle() -> None:
    """Anybody may write "@acme.example" over somebody else's DID."""
    liar = facet("@acme.example", "@acme.example", **{"$type": FACET + "mention", "did": "did:plc:other"})
    assert a_post("@acme.example", facets=[liar]).mentions == (Account("did:plc:other", None),)


@pytest.mark.parametrize(
    "facets",
    [
        "not a list",
        [None, 7, {}],
        [{"index": {"byteStart": 0, "byteEnd": 99}, "features": [{"$type": FACET + "mention", "did": "did:plc:x"}]}],
        [{"index": {"byteStart": 3, "byteEnd": 1}, "features": [{"$type": FACET + "mention", "did": "did:plc:x"}]}],
        [{"index": {"byteStart": "0", "byteEnd": 2}, "features": [{"$type": FACET + "mention", "did": "did:plc:x"}]}],
        [{"index": {"byteStart": 0, "byteEnd": 2}, "features": [{"$type": FACET + "mention", "did": 7}, "x"]}],
        [{"index": {"byteStart": 0, "byteEnd": 2}, "features": [{"$type": FACET + "link", "uri": "javascript:x"}]}],
    ],
)
def test_it_ignores_facets_that_make_no_sense(facets: Any) -> None:
    record = a_post(facets=facets)
    assert (record.text, record.mentions, record.links) == ("hello", (), ())


def test_it_reads_replies_and_quotes() -> None:
    parent, root = f"at://did:plc:brand/{POST}/1", f"at://did:plc:bob/{POST}/2"
    quoted = {"$type": "app.bsky.embed.record", "record": {"uri": f"at://did:plc:brand/{POST}/3", "cid": "x"}}
    record = a_post(reply={"parent": {"uri": parent}, "root": {"uri": root}}, embed=quoted)
    assert record.in_reply_to == PostRef(parent, Account("did:plc:brand", "acme.example"))
    assert record.thread_root == PostRef(root, Account("did:plc:bob"))
    assert record.quotes == PostRef(f"at://did:plc:brand/{POST}/3", Account("did:plc:brand", "acme.example"))


def test_it_finds_the_quote_beside_pictures() -> None:
    images = {"$type": "app.bsky.embed.images", "images": [{}, {}, {}]}
    inner = {"$type": "app.bsky.embed.record", "record": {"uri": f"at://did:plc:brand/{POST}/3"}}
    record = a_post(embed={"$type": "app.bsky.embed.recordWithMedia", "record": inner, "media": images})
    assert record.quotes is not None
    assert record.media == 3


def test_it_does_not_call_an_embedded_list_a_quote() -> None:
    list_embed = {"$type": "app.bsky.embed.record", "record": {"uri": "at://did:plc:brand/app.bsky.graph.list/3"}}
    assert a_post(embed=list_embed).quotes is None


def test_it_reads_the_address_of_a_link_card() -> None:
    card = {"$type": "app.bsky.embed.external", "external": {"uri": "https://acme.example/a", "title": "A"}}
    assert a_post(embed=card).links == ("https://acme.example/a",)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2026-11-23T11:00:00+02:00", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-11-23T11:00:00", datetime(2026, 11, 23, 11, tzinfo=UTC)),
        ("2012-03-04T05:06:07Z", datetime(2012, 3, 4, 5, 6, 7, tzinfo=UTC)),  # brought along from elsewhere
        ("2099-01-01T00:00:00Z", SEEN),
        ("1970-01-01T00:00:00Z", SEEN),
        ("0000-01-01T00:00:00Z", SEEN),
        ("9999-12-31T23:59:59-12:00", SEEN),
        ("yesterday", SEEN),
        (None, SEEN),
        (7, SEEN),
    ],
)
def test_it_believes_a_date_only_within_reason(told: object, expected: datetime) -> None:
    assert a_post(createdAt=told).published_at == expected


@pytest.mark.parametrize("record", [None, [], "text", {}, {"text": None}, {"text": 7}])
def test_it_refuses_a_post_without_text(record: object) -> None:
    with pytest.raises(Unreadable):
        read_post("did:plc:ann", "3abc", record, SEEN)


def test_it_survives_wrong_types_everywhere() -> None:
    record = a_post(reply=[], embed="x", langs="en", labels=[], facets={}, tags=3)
    assert (record.language, record.in_reply_to, record.quotes, record.media) == (None, None, None, None)


def test_it_keeps_a_post_off_public_pages_by_its_own_label() -> None:
    assert not a_post(labels={"values": [{"val": "!no-unauthenticated"}]}).public_ok
    assert a_post(labels={"values": [{"val": "porn"}]}).public_ok


def test_it_reads_a_post_view() -> None:
    record = read_view(a_view(), SEEN)
    assert record.author is not None
    assert (record.author.handle, record.author.name) == ("ann.example", "Ann")
    assert record.author.created_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert (record.replies, record.shares, record.likes, record.views) == (1, 2, 3, None)
    assert (record.public_ok, record.hidden, record.language) == (True, None, "de")


def test_it_obeys_the_labels_on_a_view() -> None:
    shy = {**a_view()["author"], "labels": [{"src": "did:plc:ann", "val": "!no-unauthenticated"}]}
    assert not read_view(a_view(author=shy), SEEN).public_ok
    assert read_view(a_view(labels=[{"src": "did:plc:mod", "val": "!takedown"}]), SEEN).hidden == "takendown"
    taken_back = [{"src": "a", "val": "!hide"}, {"src": "a", "val": "!hide", "neg": True}]
    assert read_view(a_view(labels=taken_back), SEEN).hidden is None
    by_another = [{"src": "a", "val": "!hide"}, {"src": "b", "val": "!hide", "neg": True}]
    assert read_view(a_view(labels=by_another), SEEN).hidden == "takendown"


@pytest.mark.parametrize("uri", ["", "at://x", "https://bsky.app/x", "at://did:plc:ann/app.bsky.feed.like/1", None])
def test_it_refuses_views_of_other_things(uri: object) -> None:
    with pytest.raises(Unreadable):
        read_view(a_view(uri=uri), SEEN)
