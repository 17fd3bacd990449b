"""Fields, ranges, flags, NOT, and words that stand near each other."""

from typing import Any

import pytest

from tests.query.said import marked, matches


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("late NEAR/2 parcel", "late and wet parcel", ["late", "parcel"]),
        ("late NEAR/2 parcel", "parcel so very late", ["parcel", "late"]),
        ("late NEAR/2 parcel", "late and very wet parcel", None),
        ("late NEAR/0 parcel", "late parcel", ["late", "parcel"]),
        ("late NEAR/2f parcel", "parcel so very late", None),
        ("late NEAR/2f parcel", "late parcel", ["late", "parcel"]),
        ("late NEAR/2 (parcel OR box)", "the box is late", ["box", "late"]),
        ('"customer service" NEAR/3 bad', "bad, bad customer service", ["bad", "bad", "customer service"]),
        ("bad NEAR/1 bad", "bad", None),
        ("bad NEAR/1 bad", "bad bad", ["bad", "bad"]),
        ("(aa NEAR/1 bb) NEAR/1 cc", "aa bb x cc", ["aa", "bb", "cc"]),
        ("(aa NEAR/5 bb) NEAR/0 cc", "aa bb x x bb cc", ["aa", "bb", "bb", "cc"]),
        ("late NEAR/1 parcel", "late. Don't parcel", ["late", "parcel"]),
        ("late NEAR/1 parcel", "late 1,000 parcel", ["late", "parcel"]),
        ("late NEAR/0 parcel", "late 😡😡 parcel", ["late", "parcel"]),
        ('{BT} NEAR/1 raw:"C++"', "BT loves C++", ["BT", "C++"]),
        ("late NEAR/0 #acme", "late x #acme", None),
        ("late NEAR/1 @acme", "late x @acme", ["late", "@acme"]),
        ('late NEAR/0 raw:"!"', "late!", ["late", "!"]),
        ('"late parcel"~2', "parcel is late", ["parcel", "late"]),
        ('"late parcel"~1', "parcel is very late", None),
        ("(aa bb cc)~3", "bb x aa x cc", ["bb", "aa", "cc"]),
        ("(aa bb cc)~2", "bb x aa x cc", None),
        ("(aa (bb OR dd) cc)~3", "dd x aa x cc", ["dd", "aa", "cc"]),
        ('"aa aa"~3', "aa", None),
        ('"aa aa"~3', "aa x aa", ["aa", "aa"]),
        ("(acme fail)~1", "#AcmeFail", ["Acme", "Fail"]),
    ],
)
def test_it_measures_distance_in_words(query: str, text: str, expected: list[str] | None) -> None:
    assert marked(query, text) == expected


@pytest.mark.parametrize(
    ("query", "post", "expected"),
    [
        ("author:jane", {"author": "Jane"}, True),
        ("author:@jane", {"author": "@jane"}, True),
        ("author:jane", {"author": "jane_doe"}, False),
        ("author:jane*", {"author": "jane_doe"}, True),
        ('author:"Jane Doe"', {"author_name": "Jane Doe"}, True),
        ("author:did:plc:7", {"author_id": "did:plc:7"}, True),
        ("author:jane", {}, False),
        ("site:bbc.co.uk", {"url": "https://www.bbc.co.uk/news"}, True),
        ("site:bbc.co.uk", {"url": "https://news.bbc.co.uk/x"}, True),
        ("site:bbc.co.uk", {"url": "https://notbbc.co.uk"}, False),
        ("url:acme.com/news", {"links": ("https://www.acme.com/news/1",)}, True),
        ("url:https://acme.com", {"url": "https://acme.com/"}, True),
        ("url:t.co", {"url": "https://reddit.com"}, False),
        ("url:t.co", {"links": ("https://t.co/abc",)}, True),
        ("lang:en", {"language": "en-GB"}, True),
        ("lang:en-US", {"language": "en"}, False),
        ("lang:(en OR de)", {"language": "de"}, True),
        ("lang:en", {"language": None}, False),
        ("lang:en", {"language": "enm"}, False),
        ("source:x", {"source": "x"}, True),
        ("source:twitter", {"source": "x"}, True),
        ("source:x", {"source": "bluesky"}, False),
        ("subreddit:Python", {"source": "reddit", "community": "python"}, True),
        ("subreddit:r/python", {"source": "reddit", "community": "r/Python"}, True),
        ("subreddit:python", {"source": "web", "community": "python"}, False),
        ("instance:mastodon.social", {"source": "mastodon", "community": "mastodon.social"}, True),
        ("instance:mastodon.social", {"source": "mastodon", "author": "a@mastodon.social"}, True),
        ("title:hello", {"title": "Hello you"}, True),
        ("title:hello", {}, False),
        ("title:(hello NOT you)", {"title": "Hello you"}, False),
        ("followers:[500 TO 1000]", {"followers": 500}, True),
        ("followers:[500 TO 1000]", {"followers": 1000}, True),
        ("followers:[500 TO 1000]", {"followers": 1001}, False),
        ("followers:[0 TO *]", {"followers": None}, False),
        ("rating:[1 TO 2]", {"rating": 1.5}, True),
        ("engagement:[* TO 10]", {"engagement": 0}, True),
        ("is:original", {"is_reply": False, "is_quote": False, "is_repost": False}, True),
        ("is:original", {"is_reply": True, "is_quote": False, "is_repost": False}, False),
        ("is:original", {}, False),
        ("is:reply", {"is_reply": True}, True),
        ("is:reply", {}, False),
        ("is:quote", {"is_quote": True}, True),
        ("is:repost", {"is_repost": True}, True),
        ("is:addressed", {"is_addressed": True}, True),
        ("has:link", {"links": ("https://a.b",)}, True),
        ("has:link", {}, False),
        ("has:media", {"has_media": True}, True),
        ("has:media", {}, False),
        ("has:question", {}, False),
        ("has:question", {"title": "Why?"}, True),
        ("hello AND NOT lang:de", {"language": None}, True),
    ],
)
def test_it_compares_fields_and_never_matches_what_is_not_told(
    query: str, post: dict[str, Any], expected: bool
) -> None:
    assert matches(query, "hello there", **post) is expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("acme NOT fail", "acme", ["acme"]),
        ("acme NOT fail", "acme fail", None),
        ("acme NOT (fail OR bad)", "acme bad", None),
        ("acme NOT (fail AND bad)", "acme bad", ["acme"]),
        ("acme AND (bad OR NOT fail)", "acme", ["acme"]),
        ("acme AND (bad OR NOT fail)", "acme fail", None),
        ("NOT (NOT acme)", "acme", []),
        ("acme OR bad", "acme is bad", ["acme", "bad"]),
        ("acme AND (acme OR bad)", "acme", ["acme"]),
        ("acme NOT NEAR_", "acme", ["acme"]),
    ],
)
def test_it_marks_only_what_was_asked_for(query: str, text: str, expected: list[str] | None) -> None:
    assert marked(query, text) == expected


def test_it_is_near_nothing_across_title_and_text() -> None:
    assert not matches("fail NEAR/9 @acme", "@acme", title="fail")
    assert not matches('"fail acme"~9', "acme", title="fail")


def test_it_asks_whether_a_post_asks() -> None:
    assert matches("has:question", "why is this?")
    assert not matches("has:question", "see https://acme.com/?q=1")
    assert matches("has:link", "see https://acme.com/?q=1")
