"""Sameness: reposts and near-duplicates, and never what is short."""

from ingest.enrich.sameness import essence, exact, is_short, similar, sketch

LONG = (
    "Acme cancelled my order for the third time this month and nobody answers my mails about the refund that I wait for"
)


def test_links_handles_case_marks_and_a_leading_rt_do_not_count() -> None:
    assert essence("RT @ana: Acme CANCELLED my order!! https://example.org/x") == essence("acme cancelled my order")


def test_a_word_more_is_still_the_same() -> None:
    assert similar(essence(LONG), essence(LONG + " now"))


def test_another_order_of_events_is_not_the_same() -> None:
    assert not similar(essence(LONG), essence("Acme sent my order on time and answered all mails about the delivery"))


def test_short_texts_are_never_the_same_by_their_words() -> None:
    assert is_short(essence("great service"))
    assert is_short(essence("I do so love it all"))
    assert not is_short(essence(LONG))


def test_keys_fit_a_bigint_and_are_the_same_every_time() -> None:
    for key in (sketch(essence(LONG)), exact(essence(LONG))):
        assert -(2**63) <= key < 2**63
    assert sketch(essence(LONG)) == sketch(essence(LONG.upper()))
    assert exact(essence(LONG)) != exact(essence(LONG + " now"))
