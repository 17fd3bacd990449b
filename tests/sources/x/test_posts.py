"""Posts of X in both of its namings become Records: whole text, one id per chain of edits, honest mentions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from ingest.record import Account, PostRef
from ingest.xapi.posts import Included, Unreadable, read_post, read_posts, snowflake_at, snowflake_time

FIRST = "1990000000000000000"
SECOND = "1990000000100000000"

REPLY = {
    "id": FIRST,
    "text": "@acme @bolt my parcel is gone &amp; @carl knows https://t.co/a",
    "author_id": "7",
    "created_at": "2025-11-16T09:00:00.000Z",
    "conversation_id": "1989999999999999999",
    "in_reply_to_user_id": "42",
    "display_text_range": [12, 60],
    "lang": "en",
    "entities": {
        "mentions": [
            {"start": 0, "end": 5, "username": "acme", "id": "42"},
            {"start": 6, "end": 11, "username": "bolt", "id": "43"},
            {"start": 36, "end": 41, "username": "carl", "id": "44"},
        ],
        "urls": [
            {"start": 48, "end": 61, "url": "https://t.co/a", "expanded_url": "https://acme.example/help"},
            {"url": "https://t.co/b", "expanded_url": "https://x.com/ann/status/5/photo/1", "media_key": "3_1"},
        ],
    },
    "attachments": {"media_keys": ["3_1"]},
}
METRICS = {"reply_count": 1, "like_count": 2, "quote_count": 3, "impression_count": 500}
OLD: dict[str, Any] = REPLY | {
    "edit_history_tweet_ids": [FIRST],
    "referenced_tweets": [{"type": "replied_to", "id": "1989999999999999999"}],
    "public_metrics": METRICS | {"retweet_count": 4},
}
NEW: dict[str, Any] = REPLY | {
    "edit_history_post_ids": [FIRST],
    "referenced_posts": [{"type": "replied_to", "id": "1989999999999999999"}],
    "public_metrics": METRICS | {"repost_count": 4},
}


@pytest.mark.parametrize("post", [OLD, NEW], ids=["tweet", "post"])
def test_it_reads_both_namings_alike(post: dict[str, Any]) -> None:
    record = read_post(post)
    assert (record.network, record.external_id, record.language) == ("x", FIRST, "en")
    assert record.text == "@acme @bolt my parcel is gone &amp; @carl knows https://t.co/a"
    assert not record.html
    assert record.published_at == datetime(2025, 11, 16, 9, 0, tzinfo=UTC)
    assert record.edited_at is None
    assert record.mentions == (Account("44", "carl"),)
    assert record.implied == (Account("42", "acme"), Account("43", "bolt"))
    assert record.in_reply_to == PostRef("1989999999999999999", Account("42", "acme"))
    assert record.thread_root == PostRef("1989999999999999999", Account("42"))
    assert record.links == ("https://acme.example/help",)
    assert (record.media, record.replies, record.likes, record.shares, record.views) == (1, 1, 2, 4, 500)
    assert record.url == f"https://x.com/i/web/status/{FIRST}"
    assert record.author is not None
    assert (record.author.id, record.author.handle) == ("7", None)
    assert record.raw == post


@pytest.mark.parametrize("name", ["note_tweet", "note_post"])
def test_it_reads_long_posts_to_their_end(name: str) -> None:
    whole = "word " * 119 + "acme at the end"
    record = read_post(OLD | {"text": whole[:279] + "…", name: {"text": whole}})
    assert record.text == whole
    assert record.text.index("acme") == 595


@pytest.mark.parametrize("kind", ["tweet", "post"])
def test_it_keeps_one_id_for_all_versions_of_an_edited_post(kind: str) -> None:
    chain = {f"edit_history_{kind}_ids": [FIRST, SECOND]}
    before = {"id": FIRST, "text": "old", "created_at": "2025-11-16T09:00:00.000Z"} | chain
    after = {"id": SECOND, "text": "new", "created_at": "2025-11-16T09:10:00.000Z"} | chain
    for page in ([before, after], [after, before]):
        (record,), _ = read_posts(page, Included())
        assert (record.external_id, record.text) == (FIRST, "new")
        assert record.edited_at == datetime(2025, 11, 16, 9, 10, tzinfo=UTC)
        assert record.published_at == snowflake_time(FIRST)
        assert record.url is not None
        assert record.url.endswith(SECOND)
    assert read_post(before).edited_at is None


def test_it_names_who_is_quoted_without_reading_the_quoted_post() -> None:
    quote = {
        "id": FIRST,
        "text": "This! https://t.co/q",
        "referenced_tweets": [{"type": "quoted", "id": "5"}],
        "entities": {"urls": [{"url": "https://t.co/q", "expanded_url": "https://twitter.com/Acme/status/5"}]},
    }
    record = read_post(quote)
    assert record.quotes == PostRef("5", Account(handle="Acme"))
    assert record.links == ()
    came_along = Included(users={"42": {"id": "42", "username": "acme"}}, posts={"5": {"id": "5", "author_id": "42"}})
    assert read_post(quote, came_along).quotes == PostRef("5", Account("42", "acme"))


def test_it_completes_a_repost_from_the_original_that_came_along() -> None:
    repost = {"id": FIRST, "text": "RT @ann: The long st…", "referenced_posts": [{"type": "retweeted", "id": "5"}]}
    record = read_post(repost)
    assert record.reposts == PostRef("5", Account(handle="ann"))
    original = {"id": "5", "author_id": "9", "text": "The long story of it all"}
    whole = read_post(repost, Included(posts={"5": original}))
    assert whole.text == "RT @ann: The long story of it all"
    assert whole.reposts == PostRef("5", Account("9"))


def test_it_takes_names_at_the_start_of_a_reply_as_carried_where_x_does_not_tell() -> None:
    record = read_post({name: value for name, value in OLD.items() if name != "display_text_range"})
    assert record.mentions == (Account("44", "carl"),)
    plain = {name: value for name, value in OLD.items() if name not in ("display_text_range", "referenced_tweets")}
    assert len(read_post(plain).mentions) == 3


def test_it_finds_the_id_of_a_name_among_those_who_came_along() -> None:
    post = OLD | {"entities": {"mentions": [{"start": 36, "end": 41, "username": "Carl"}]}}
    assert read_post(post).mentions == (Account(None, "Carl"),)
    came_along = Included(users={"44": {"id": "44", "username": "carl"}})
    assert read_post(post, came_along).mentions == (Account("44", "Carl"),)


def test_it_hides_what_is_withheld() -> None:
    assert read_post(OLD | {"withheld": {"copyright": False, "country_codes": ["DE"]}}).hidden == "withheld"
    assert read_post(OLD).hidden is None


def test_it_names_the_author_that_came_along() -> None:
    user = {
        "id": "7",
        "username": "ann",
        "name": "Ann",
        "created_at": "2020-01-01T00:00:00.000Z",
        "public_metrics": {"followers_count": 12},
    }
    record = read_post(OLD, Included(users={"7": user}))
    assert record.author is not None
    assert (record.author.handle, record.author.name, record.author.followers) == ("ann", "Ann", 12)
    assert record.url == f"https://x.com/ann/status/{FIRST}"


def test_it_finds_the_time_inside_an_id() -> None:
    record = read_post({"id": "1578516068309794817", "text": "bare"})
    assert record.published_at == datetime(2022, 10, 7, 22, 42, 12, 752000, tzinfo=UTC)
    assert snowflake_time("20") is None
    at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert abs((snowflake_time(snowflake_at(at)) or at) - at) < timedelta(milliseconds=2)


@pytest.mark.parametrize(
    ("post", "why"),
    [
        ({"text": "x"}, "id"),
        ({"id": "abc", "text": "x"}, "id"),
        ({"id": "1" * 30, "text": "x"}, "id"),
        ({"id": "²", "text": "x"}, "id"),
        ({"id": True, "text": "x"}, "id"),
        ({"id": FIRST}, "text"),
        ({"id": "20", "text": "x"}, "time"),
        ("gone", "object"),
        (None, "object"),
    ],
)
def test_it_sets_aside_what_cannot_be_read(post: Any, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_post(post)
    records, (broken,) = read_posts([OLD, post], Included())
    assert len(records) == 1
    assert broken.raw == post
    assert why in broken.reason


@pytest.mark.parametrize(
    "odd",
    [
        {"entities": None},
        {"entities": {"mentions": [None, {}, {"start": 1}], "urls": [{}, 5]}},
        {"entities": []},
        {"public_metrics": {"like_count": "many"}},
        {"referenced_tweets": [{"type": "quoted"}, None]},
        {"display_text_range": [None, 3]},
        {"edit_history_tweet_ids": []},
        {"created_at": "yesterday"},
        {"author": "Ann"},
        {"attachments": []},
    ],
)
def test_it_reads_posts_with_odd_parts(odd: dict[str, Any]) -> None:
    assert read_post(OLD | odd).external_id == FIRST


parts = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.sampled_from([FIRST, "2025-11-16T09:00:00Z"])
)
nested = st.recursive(
    parts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "type", "start", "end", "username", "mentions", "urls", "expanded_url", "text", "entities"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted({*OLD, *NEW, "note_post", "withheld", "author"})), nested), st.booleans())
def test_it_never_stumbles_over_a_post(odd: dict[str, Any], whole: bool) -> None:
    records, broken = read_posts([(OLD | odd) if whole else odd], Included())
    assert len(records) + len(broken) == 1
