"""The measures: known answers from the literature, and what must hold for any labels."""

import pytest
from hypothesis import given, strategies as st

from listening.quality.agreement import agreement
from listening.quality.calibration import calibration
from listening.quality.confusion import confusion
from listening.quality.intervals import share
from listening.quality.verdict import verdict

MOODS = ("negative", "neutral", "positive")


def test_wilsons_interval_is_the_published_one() -> None:
    # Newcombe 1998, table I, method 3 (score without continuity correction): 81 of 263, 15 of 148, 0 of 20, 1 of 29
    for hits, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = share(hits, n)
        assert found.low == pytest.approx(low, abs=5e-5)
        assert found.high == pytest.approx(high, abs=5e-5)


def test_nothing_counted_is_no_share_and_few_are_too_few_to_say() -> None:
    assert share(0, 0).value is None
    assert share(19, 19).too_few
    assert not share(20, 20).too_few


@given(st.integers(1, 5000), st.data())
def test_a_share_lies_in_its_interval(n: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, n))
    found = share(hits, n)
    assert found.low is not None and found.value is not None and found.high is not None
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value <= found.high + 1e-12 <= 1 + 1e-9


def test_the_confusion_matrix_gives_recall_precision_and_macro_recall() -> None:
    pairs = [("negative", "negative")] * 6 + [("negative", "neutral")] * 2 + [("neutral", "neutral")] * 3
    pairs += [("neutral", "positive")] + [("positive", "positive")] * 4
    found = confusion(pairs, MOODS)
    assert found.rows == ((6, 2, 0), (0, 3, 1), (0, 0, 4))
    assert found.accuracy.value == pytest.approx(13 / 16)
    assert found.macro_recall == pytest.approx((6 / 8 + 3 / 4 + 1) / 3)
    negative, neutral, _ = found.per_class
    assert (negative.recall.value, negative.precision.value) == (6 / 8, 1)
    assert neutral.precision.value == pytest.approx(3 / 5)
    assert neutral.f1 == pytest.approx(2 * 3 / (4 + 5))


def test_macro_recall_is_not_known_while_a_class_has_no_label() -> None:
    assert confusion([("negative", "negative")], MOODS).macro_recall is None


def test_a_word_that_is_no_class_is_refused_and_not_dropped() -> None:
    with pytest.raises(ValueError, match="unscored"):
        confusion([("negative", "unscored")], MOODS)


@given(st.lists(st.tuples(st.sampled_from(MOODS), st.sampled_from(MOODS))))
def test_every_pair_is_counted_once(pairs: list[tuple[str, str]]) -> None:
    found = confusion(pairs, MOODS)
    assert found.n == len(pairs)
    assert sum(one.recall.n for one in found.per_class) == len(pairs)
    assert sum(one.precision.n for one in found.per_class) == len(pairs)


def test_the_calibration_error_weighs_bins_by_what_they_hold() -> None:
    found = calibration([0.95] * 10 + [0.15] * 30, [True] * 8 + [False] * 2 + [True] * 3 + [False] * 27)
    assert found.error == pytest.approx((10 * 0.15 + 30 * 0.05) / 40)
    assert [(one.low, one.true.n) for one in found.bins] == [(0.1, 30), (0.9, 10)]


def test_a_promise_of_one_belongs_to_the_last_bin_and_nothing_has_no_error() -> None:
    assert calibration([1.0], [True]).bins[0].high == 1.0
    assert calibration([], []).error is None


def test_kappa_is_cohens() -> None:
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = agreement(pairs)
    assert found.same.value == 0.7
    assert found.kappa == pytest.approx(0.4)
    assert found.low == pytest.approx(0.4 - 1.959964 * (0.7 * 0.3 / 50) ** 0.5 / 0.5)


def test_kappa_is_not_defined_where_both_always_say_the_same_word() -> None:
    found = agreement([("no", "no")] * 30)
    assert (found.same.value, found.kappa) == (1.0, None)


@given(st.lists(st.tuples(st.sampled_from(MOODS), st.sampled_from(MOODS)), min_size=1))
def test_kappa_does_not_depend_on_who_is_named_first(pairs: list[tuple[str, str]]) -> None:
    one, other = agreement(pairs), agreement([(b, a) for a, b in pairs])
    assert one.kappa == (other.kappa if other.kappa is None else pytest.approx(other.kappa))
    assert one.kappa is None or -1 <= one.kappa <= 1 + 1e-12


@pytest.mark.parametrize(
    ("words", "word"), [([], None), (["a"], "a"), (["a", "b"], None), (["a", "b", "b"], "b"), (["a", "b", "c"], None)]
)
def test_most_people_decide_and_two_who_differ_decide_nothing(words: list[str], word: str | None) -> None:
    assert verdict(words) == word
