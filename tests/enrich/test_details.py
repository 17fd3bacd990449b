"""Details of complaints: kind, strength, what is asked, how long somebody waited, and the words that say so."""

from datetime import datetime

import pytest
from hypothesis import given, strategies as st

from ingest.enrich import asks, details, kind, strength, waiting
from ingest.enrich.details import DetailsInput
from ingest.enrich.phrases import words

WEDNESDAY = datetime(2026, 11, 25, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where is my parcel? The courier never came", "delivery"),
        ("Charged twice and still no refund, that is too expensive", "price"),
        ("The screen broke after a week, poor quality", "quality"),
        ("On hold for ages, nobody answers the phone", "support"),
        ("The website is down again and everything is sold out", "availability"),
        ("I can't log in to my account, password reset fails", "account"),
        ("The driver was so rude, what an attitude", "staff"),
        ("The charger caught fire, this is dangerous", "safety"),
        ("Not good enough", "other"),
    ],
)
def test_it_tells_what_a_complaint_is_about(text: str, expected: str) -> None:
    assert kind.kind(words(text)).name == expected


def test_a_brands_own_phrase_comes_before_the_shipped_ones_and_may_name_a_new_kind() -> None:
    text = "The courier never came to the pickup point in Leeds"
    assert kind.kind(words(text)).name == "delivery"
    found = kind.kind(words(text), (("pickup points", "pickup point"),))
    assert found.name == "pickup points"
    assert found.cue is not None
    assert words(text)[found.cue.first : found.cue.last + 1] == ["pickup", "point"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Can you please send me a new one?", "request"),
        ("I need a refund", "request"),
        ("Why is the app so slow?", "question"),
        ("@acme when does the shop open", "question"),
        ("The app is slow.", ""),
        ("", ""),
    ],
)
def test_it_tells_a_question_from_a_request(text: str, expected: str) -> None:
    assert asks.asks(words(text)) == expected


@pytest.mark.parametrize(
    ("text", "days", "said"),
    [
        ("Still waiting 6 days for a reply", 6, "6 days"),
        ("Have waited over 2 months!", 60, "2 months"),
        ("on hold for 45 minutes", 0, "45 minutes"),
        ("day 6 without internet", 6, "day 6"),
        ("waiting since Monday", 2, "since Monday"),
        ("three weeks now and no refund", 21, "three weeks"),
    ],
)
def test_it_reads_how_long_somebody_waited_and_where_it_says_so(text: str, days: int, said: str) -> None:
    found = waiting.waiting(text, WEDNESDAY)
    assert found.days == days
    assert text[found.start : found.end] == said


@pytest.mark.parametrize(
    "text",
    [
        "My son is 3 years old",
        "See you on Monday",
        "Happy since 2019",
        "",
        "5 days of sun",
        "It broke after 3 months",
        "on sale for 3 days",
    ],
)
def test_it_takes_no_other_time_for_a_wait(text: str) -> None:
    assert waiting.waiting(text, WEDNESDAY).days is None


@pytest.mark.parametrize(("text", "times"), [("3rd time I call", 3), ("called twice", 2), ("asked 4 times", 4), ("1 time", 0)])  # noqa: E501  # fmt: skip
def test_it_reads_how_often_somebody_tried(text: str, times: int) -> None:
    assert waiting.waiting(text).times == times


PIECES = [
    *("Waiting", "waited", "WAIT", "on hold", "for", "over", "the last", "still", "after", "since", "last", "without"),
    *("3", "12", "1.5", "3+", "2nd", "4th", "third", "second", "a", "an", "three", "couple", "FEW", "several", "twice"),
    *("day", "days", "Day", "weeks", "wee\u212as", "month", "hrs", "HOURS", "min", "mınutes", "dayſ", "year", "night"),
    *("monday", "Yesterday", "time", "times", "attempt", "call", "email", "day in a row", "of", "full", "business"),
    *("now", "later", "and counting", "late", "\u0663", "İ", ".", "!", ",", "-", "#", "no reply", "one", "x"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([" ", " ", "  ", "-", ""]))
def test_looking_first_for_what_a_wait_needs_hides_none(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "_may_last", lambda text: True)
        patch.setattr(waiting, "_may_count", lambda text: True)
        by_patterns_alone = waiting.waiting(text, WEDNESDAY)
    assert waiting.waiting(text, WEDNESDAY) == by_patterns_alone


def test_letters_that_are_an_i_in_any_case_are_read_as_one() -> None:
    found = waiting.waiting("Waıting for 5 mınutes, called twıce", WEDNESDAY)
    assert (found.why, found.times) == ("waiting 5 minutes", 2)


def test_a_harsh_threat_is_stronger_than_a_polite_remark() -> None:
    def level(text: str, compound: float) -> int:
        return strength.strength(text, words(text), compound, False, 0)

    assert level("Hi, my parcel has not come, could you please have a look? Thanks", 0.6) == strength.MILD
    assert level("You LIARS stole my money, worst company ever, never again!!!", -0.9) == strength.STRONG


def test_what_cannot_be_a_complaint_gets_no_kind_and_no_strength() -> None:
    low, foreign = details.find(
        [DetailsInput("Where is the shop?", 0.02, 0.0), DetailsInput("Wo ist mein Paket?", None, None)]
    )
    assert (low.kind, low.strength, low.asks) == ("", None, "question")
    assert foreign == details.NONE


def test_reasons_point_at_the_words_of_the_wait_the_attempts_and_the_kind() -> None:
    text = "Waiting 6 days, tried 3 times: where is my refund?"
    [found] = details.find([DetailsInput(text, 0.9, -0.2, WEDNESDAY)])
    told = {reason.why: text[reason.start : reason.end] for reason in found.reasons}
    assert told == {"waiting 6 days": "6 days", "tried 3 times": "3 times", "is about money": "refund"}
    assert found.waiting_days == 6


def test_the_version_names_all_four() -> None:
    assert details.version() == "kind-1 strength-1 asks-1 waiting-1"
