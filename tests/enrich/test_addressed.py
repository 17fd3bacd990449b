"""Who turns to a brand, and who only talks about it: the table of verdicts, with their evidence."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.enrich.addressed import ADDRESSED, TALKED_ABOUT, Addressees, is_own, judge
from ingest.record import Account, Author, PostRef, Record
from ingest.sources.base import OwnHandle

ACME_X = OwnHandle("x", "acme", "77")
ACME_BLUESKY = OwnHandle("bluesky", "acme.example", "did:plc:acme")
ACME_MASTODON = OwnHandle("mastodon", "acme@social.example")
ACME_REDDIT = OwnHandle("reddit", "acme")
ACME = (ACME_X, ACME_BLUESKY, ACME_MASTODON, ACME_REDDIT, OwnHandle("youtube", "acme", "UCacme"))

BRAND = Account("77", "acme")
OTHER = Account("9", "somebody")


def a_record(text: str = "so slow", network: str = "x", **fields: Any) -> Record:
    when = datetime(2026, 11, 20, tzinfo=UTC)
    return Record(network=network, external_id="1", text=text, published_at=when, **fields)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"mentions": (BRAND,)}, "mentioned"),
        ({"mentions": (OTHER, BRAND)}, "mentioned"),
        ({"in_reply_to": PostRef("5", BRAND)}, "replied"),
        ({"in_reply_to": PostRef("5", BRAND), "implied": (BRAND,)}, "replied"),
        ({"in_reply_to": PostRef("5", BRAND), "mentions": (BRAND,)}, "mentioned"),
        ({"quotes": PostRef("5", BRAND)}, "quoted"),
        ({"page_owner": BRAND}, "own_page"),
        ({"thread_root": PostRef("5", BRAND), "in_reply_to": PostRef("6", OTHER)}, "in_thread"),
        ({"implied": (BRAND,), "in_reply_to": PostRef("6", OTHER)}, "in_thread"),
        ({"mentions": (OTHER,), "in_reply_to": PostRef("6", OTHER)}, "talked_about"),
        ({"in_reply_to": PostRef("6")}, "talked_about"),
        ({"text": "acme #acme acme.com is down"}, "talked_about"),
        ({"reposts": PostRef("6", BRAND), "mentions": (BRAND,)}, "talked_about"),
    ],
)
def test_it_judges_by_the_networks_own_signs(fields: dict[str, Any], verdict: str) -> None:
    assert judge(a_record(**fields), ACME).verdict == verdict


@pytest.mark.parametrize(
    ("network", "account"),
    [
        ("bluesky", Account("did:plc:acme")),
        ("bluesky", Account(handle="ACME.example")),
        ("mastodon", Account("https://social.example/users/acme", "acme@social.example")),
        ("x", Account("77", "acme_renamed")),
        ("x", Account(handle="Acme")),
        ("youtube", Account("UCacme")),
    ],
)
def test_it_knows_an_account_by_id_or_handle(network: str, account: Account) -> None:
    assert judge(a_record(network=network, mentions=(account,)), ACME).verdict == "mentioned"


@pytest.mark.parametrize(
    ("network", "account"),
    [
        ("x", Account("78", "acme")),
        ("mastodon", Account("https://evil.example/users/acme", "acme@evil.example")),
        ("bluesky", Account("77", "acme")),
        ("x", Account()),
    ],
)
def test_it_is_not_fooled_by_a_handle_that_changed_hands_or_lives_elsewhere(network: str, account: Account) -> None:
    assert judge(a_record(network=network, mentions=(account,)), ACME) == TALKED_ABOUT


@pytest.mark.parametrize(
    ("network", "text", "verdict"),
    [
        ("x", "@acme where is my parcel", "mentioned"),
        ("x", "thanks @Acme!", "mentioned"),
        ("x", "@acmefan hi", "talked_about"),
        ("x", "mail me@acme.com", "talked_about"),
        ("youtube", "hey @acme.", "mentioned"),
        ("youtube", "hey @acme·", "mentioned"),
        ("youtube", "hey @acme·girona, who is somebody else", "talked_about"),
        ("reddit", "thanks /u/acme and u/bob", "mentioned"),
        ("reddit", "thanks @acme", "talked_about"),
        ("bluesky", "@acme.example without a facet", "talked_about"),
        ("mastodon", "@acme@social.example unresolved", "talked_about"),
        ("web", "@acme in an article", "talked_about"),
    ],
)
def test_it_reads_names_in_the_text_only_where_they_are_the_networks_mentions(
    network: str, text: str, verdict: str
) -> None:
    assert judge(a_record(text, network), ACME).verdict == verdict


def test_a_name_carried_by_a_reply_is_not_a_name_in_the_text() -> None:
    record = a_record("@somebody @acme yes", implied=(OTHER, BRAND), in_reply_to=PostRef("6", OTHER))
    assert judge(record, ACME).verdict == "in_thread"


def test_the_evidence_is_a_sentence_that_names_the_account() -> None:
    assert judge(a_record(quotes=PostRef("5", BRAND)), ACME).evidence == "Quotes a post by @acme."
    assert judge(a_record(), ACME).evidence == "Talks about the brand without turning to it."


def test_it_finds_every_brand_that_a_post_turns_to_at_once() -> None:
    index = Addressees({1: ACME, 2: (OwnHandle("x", "rival"),), 3: (OwnHandle("x", "third"),)})
    record = a_record(mentions=(Account("5", "rival"),), in_reply_to=PostRef("6", BRAND))
    assert {brand: found.verdict for brand, found in index.brands(record).items()} == {1: "replied", 2: "mentioned"}


def test_two_brands_may_share_an_account() -> None:
    index = Addressees({1: (ACME_X,), 2: (ACME_X,)})
    assert set(index.brands(a_record(mentions=(BRAND,)))) == {1, 2}


@pytest.mark.parametrize(
    ("author", "own"),
    [(Author("77", "acme"), True), (Author("77"), True), (Author("78", "acme"), False), (Author("9", "bob"), False)],
)
def test_it_knows_the_brands_own_posts(author: Author, own: bool) -> None:
    record = a_record(author=author)
    assert is_own(record, ACME) is own
    assert Addressees({1: ACME}).owners(record) == ({1} if own else set())


def test_a_post_without_an_author_is_nobodys() -> None:
    assert not is_own(a_record(), ACME)


def test_talked_about_counts_as_addressed_nowhere() -> None:
    assert TALKED_ABOUT.verdict not in ADDRESSED
