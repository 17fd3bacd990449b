"""Complaints: what counts as one, why, and what never does."""

from collections.abc import Iterable

import pytest
from hypothesis import given, strategies as st

from ingest.enrich import complaint, sentiment
from ingest.enrich.complaint import FEATURES, Complaint, ComplaintInput, Model, load_model, score
from ingest.enrich.cues import GROUPS
from ingest.enrich.engines import UNSCORED
from ingest.enrich.phrases import words

COMPLAINTS = [
    "Still waiting for a reply to my email from Monday, order 4711",
    "My parcel was supposed to arrive last week and nobody answers the phone",
    "I was charged twice for the same bill, I want my money back",
    "The app keeps crashing since the update, can't log in",
    "Day 6 without internet. Why does nobody fix this?",
    "Thanks for losing my bag again, I have been waiting for 3 hours",
    "Called 4 times, on hold for 40 minutes, then they hung up. Worst service ever.",
    "The kettle came damaged and your support does not respond",
]
OTHERS = [
    "Thank you so much, the new plan is great!",
    "Do you ship to Norway?",
    "Loving my new phone, best birthday ever",
    "What time does the store in Leeds open?",
    "Happy Monday everyone, enjoy the sunshine",
    "All sorted now, thanks for the quick help",
    "New video: ten coffee recipes for autumn https://example.com/v",
    "No problem, no rush!",
]


def judged(texts: Iterable[str], language: str = "en", addressed: bool = True) -> list[Complaint]:
    texts = list(texts)
    moods = sentiment.score(texts, [language] * len(texts), [None] * len(texts))
    return score([ComplaintInput(t, language, addressed, mood) for t, mood in zip(texts, moods, strict=True)])


@pytest.mark.parametrize("text", COMPLAINTS)
def test_it_flags_a_complaint_and_says_why(text: str) -> None:
    [found] = judged([text])
    assert found.flagged
    assert found.reasons


@pytest.mark.parametrize("text", OTHERS)
def test_it_leaves_thanks_questions_and_small_talk_alone(text: str) -> None:
    [found] = judged([text])
    assert not found.flagged
    assert found.reasons == ()


def test_reasons_point_at_the_words_in_the_text_as_stored() -> None:
    text = "Day 6 \U0001f621 still no reply from @acme, I\u2019m waiting since Monday"
    [found] = judged([text])
    pointed = {reason.why: text[reason.start : reason.end] for reason in found.reasons}
    assert pointed["it still does not work or has not come"] == "still no"
    assert pointed["got no answer"] == "no reply"
    assert [reason.start for reason in found.reasons] == sorted(reason.start for reason in found.reasons)


def test_a_curly_apostrophe_reads_like_a_straight_one() -> None:
    straight, curly = judged(["It doesn't work at all", "It doesn\u2019t work at all"])
    assert straight.p == curly.p


@pytest.mark.parametrize("language", ["de", "ja", "pt"])
def test_another_language_is_not_scored_and_never_a_complaint(language: str) -> None:
    assert judged([COMPLAINTS[0]], language) == [Complaint(None, False)]


def test_a_short_post_counts_by_its_cues() -> None:
    refund, foreign = (
        judged(["refund now!!"], "unknown")[0],
        score([ComplaintInput("hm", "unknown", True, UNSCORED)])[0],
    )
    assert refund.p is not None
    assert foreign.p is None


def test_nothing_and_too_much_are_scored_calmly() -> None:
    empty, long = judged(["", "refund " * 20_000])
    assert not empty.flagged
    assert long.p is not None and 0 <= long.p <= 1


def test_the_shipped_weights_fit_the_features_and_no_reason_speaks_against_a_complaint() -> None:
    model = load_model()
    assert isinstance(model, Model)
    weights = dict(zip(FEATURES, model.weights, strict=True))
    assert all(weights[group.name] > 0 for group in GROUPS if group.why)
    assert complaint.version().startswith("complaint-")


@given(
    st.lists(st.sampled_from(["I", "you", "a", "app", "12", "3rd", "!", "??", "https://a.example", "@b", "ABC", "#"]))
)
def test_it_counts_every_kind_of_word_as_if_one_by_one(pieces: list[str]) -> None:
    spelled = words(" ".join(pieces))
    kinds = [complaint._kinds(word) for word in spelled]
    assert complaint._summed(spelled) == tuple(sum(kind[i] for kind in kinds) for i in range(8))


def test_it_counts_the_words_of_the_longest_text() -> None:
    spelled = words("! a " * (complaint.LONGEST // 4))
    assert complaint._summed(spelled)[2] == complaint._summed(spelled)[5] == complaint.LONGEST // 4
