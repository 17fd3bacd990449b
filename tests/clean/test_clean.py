"""What leaves cleaning can be stored, matched and shown, whatever a stranger sent."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, strategies as st

from ingest.clean import CUT_MARK, LONGEST, clean, clean_line, clean_text
from ingest.record import Account, Author, PostRef, Record, Skip

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def a_record(text: str = "Where is my parcel?", **changes: Any) -> Record:
    return replace(Record(network="web", external_id="1", text=text, published_at=NOW), **changes)


def cleaned(text: str, **changes: Any) -> str:
    return clean(a_record(text, **changes), NOW).text


def test_it_leaves_a_clean_record_alone() -> None:
    record = a_record(author=Author("7", "ann"), url="https://example.com/1", language="en")
    assert clean(record, NOW) is record


@pytest.mark.parametrize(
    "text",
    ["broken 😡 again", "family 👨‍👩‍👧‍👦 plan", "🇫🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿 flags", "thumb 👍🏽 up", "می‌خواهم", "naïve café"],
)
def test_it_keeps_emoji_families_flags_and_joiners_whole(text: str) -> None:
    assert cleaned(text) == text
    assert cleaned(f"<p>{text}</p>", html=True) == text


def test_it_cleans_a_nul_and_lone_surrogates_out_of_every_text() -> None:
    dirty = "a\x00b\ud83dc"
    record = clean(
        a_record(
            dirty,
            title=dirty,
            external_id="i\x00d",
            community=dirty,
            author=Author("a\x00", f"@{dirty}", dirty),
            mentions=(Account("m\x00", dirty),),
            raw={"k\x00": [dirty, {"deep": dirty}], "n": 1},
        ),
        NOW,
    )
    assert (record.text, record.title, record.external_id, record.community) == ("abc", "abc", "id", "abc")
    assert record.author == Author("a", "abc", "abc")
    assert record.mentions == (Account("m", "abc"),)
    assert record.raw == {"k": ["abc", {"deep": "abc"}], "n": 1}
    json.dumps(record.raw).encode()


def test_it_keeps_a_clean_raw_answer_without_copying_it() -> None:
    raw = {"id": 1, "text": "fine"}
    assert clean(a_record(raw=raw), NOW).raw is raw


def test_one_bad_record_of_a_hundred_costs_none_of_the_others() -> None:
    texts = [f"post {n}" for n in range(99)] + ["bro\x00ken"]
    assert [cleaned(text) for text in texts] == [f"post {n}" for n in range(99)] + ["broken"]


@given(st.text(max_size=300))
def test_whatever_comes_leaves_storable_and_stays_the_same_when_cleaned_again(text: str) -> None:
    once = clean_text(text)
    once.encode()
    assert "\x00" not in once
    assert clean_text(once) == once


@given(st.text(max_size=300))
def test_whatever_markup_comes_leaves_storable_text(text: str) -> None:
    with suppress(Skip):
        cleaned(text, html=True).encode()


def test_it_brings_text_into_composed_form() -> None:
    assert cleaned("cafe\u0301") == "café"


def test_it_survives_a_pile_of_combining_marks() -> None:
    assert len(cleaned("a" + "\u0301\u0316" * 40_000)) < 40


def test_it_drops_what_hides_words_from_a_search() -> None:
    assert cleaned("ac\u200bme \ufeffrocks \u202eevil") == "acme rocks evil"


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  two   spaces\tand a tab ", "two spaces and a tab"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("one \n\n\n\n two", "one\n\ntwo"),
        ("no\u00a0break", "no break"),
    ],
)
def test_it_tidies_space_and_keeps_lines(text: str, tidy: str) -> None:
    assert cleaned(text) == tidy


def test_it_bounds_the_size_and_marks_the_cut() -> None:
    text = cleaned("x" * (LONGEST + 1))
    assert len(text) == LONGEST
    assert text.endswith(CUT_MARK)
    assert cleaned("y" * LONGEST) == "y" * LONGEST


def test_a_long_post_keeps_what_stands_at_character_600() -> None:
    assert cleaned("a " * 300 + "parcel").endswith("parcel")


def test_it_unescapes_entities_exactly_once() -> None:
    assert cleaned("AT&amp;T &amp;lt;3", network="x") == "AT&T &lt;3"
    assert cleaned("<p>AT&amp;T &amp;lt;3 &lt;b&gt;</p>", html=True) == "AT&T &lt;3 <b>"
    assert cleaned("plain &amp; simple") == "plain &amp; simple"


def test_hostile_markup_leaves_as_harmless_text() -> None:
    text = cleaned("<p>hi<script>alert(1)</script><img src=x onerror=alert(2)></p><style>p{}</style>", html=True)
    assert text == "hi"


def test_a_title_is_one_line() -> None:
    assert clean(a_record(title="<b>Big</b>\nnews &amp; more", html=True), NOW).title == "Big news & more"
    assert clean_line("a\n\tb") == "a b"


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\u200b"])
def test_it_skips_a_record_without_text(text: str) -> None:
    with pytest.raises(Skip, match="no text"):
        clean(a_record(text), NOW)


def test_it_keeps_a_record_without_text_that_has_a_picture_or_a_title() -> None:
    assert clean(a_record("", media=1), NOW).media == 1
    assert clean(a_record("", title="News"), NOW).title == "News"


def test_times_become_utc() -> None:
    berlin = datetime(2026, 11, 20, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    record = clean(a_record(published_at=berlin, edited_at=berlin), NOW)
    assert record.published_at.tzinfo is UTC
    assert record.published_at == record.edited_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    assert clean(a_record(published_at=datetime(2026, 11, 20, 11, 0)), NOW).published_at == record.published_at  # noqa: DTZ001


def test_a_clock_that_runs_ahead_gets_our_time_and_a_far_future_is_skipped() -> None:
    assert clean(a_record(published_at=NOW + timedelta(hours=3)), NOW).published_at == NOW
    with pytest.raises(Skip, match="future"):
        clean(a_record(published_at=NOW + timedelta(days=2)), NOW)
    assert clean(a_record(published_at=NOW + timedelta(days=2))).published_at > NOW


@pytest.mark.parametrize("time", [datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), None])
def test_it_skips_a_time_that_nobody_believes(time: Any) -> None:
    with pytest.raises(Skip, match="believable"):
        clean(a_record(published_at=time), NOW)


@pytest.mark.parametrize(("given_id", "stored"), [(1234567890123456789, "1234567890123456789"), (" a ", "a")])
def test_ids_are_text(given_id: Any, stored: str) -> None:
    record = a_record(external_id=given_id, in_reply_to=PostRef(given_id, Account(given_id)))
    out = clean(record, NOW)
    assert out.external_id == stored
    assert out.in_reply_to == PostRef(stored, Account(stored))


@pytest.mark.parametrize("missing", ["", None, "\x00"])
def test_it_skips_a_record_without_an_id(missing: Any) -> None:
    with pytest.raises(Skip, match="no id"):
        clean(a_record(external_id=missing), NOW)


def test_handles_lose_their_at_sign() -> None:
    assert clean(a_record(author=Author("1", "@ann")), NOW).author == Author("1", "ann")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "/relative", "https://"])
def test_addresses_that_nobody_may_open_are_dropped(url: str) -> None:
    record = clean(a_record(url=url, links=(url, "https://ok.example/a"), author=Author("1", url=url)), NOW)
    assert record.url is None
    assert record.links == ("https://ok.example/a",)
    assert record.author == Author("1")


@pytest.mark.parametrize("rating", [-1.0, 5.5, float("nan"), float("inf")])
def test_a_rating_that_no_scale_knows_becomes_not_told(rating: float) -> None:
    assert clean(a_record(rating=rating), NOW).rating is None
    assert clean(a_record(rating=4.5), NOW).rating == 4.5


def test_a_side_time_beyond_the_calendar_costs_only_itself() -> None:
    early = datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))
    record = clean(a_record(edited_at=early, author=Author("1", created_at=early)), NOW)
    assert (record.edited_at, record.author) == (None, Author("1"))
    with pytest.raises(Skip, match="believable"):
        clean(a_record(published_at=early), NOW)


def test_impossible_counts_become_not_told_and_zero_stays_zero() -> None:
    record = clean(a_record(likes=-1, views=2**70, replies=0, shares=None), NOW)
    assert (record.likes, record.views, record.replies, record.shares) == (None, None, 0, None)
