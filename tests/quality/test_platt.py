"""Platt scaling: known answers, and what must hold whatever the labels are."""

import math
import random

import pytest
from hypothesis import given, strategies as st

from listening.quality.platt import apply_platt, fit_platt, logistic, logit

PROBABILITIES = st.floats(0, 1)


def drawn(a: float, b: float, n: int, seed: int = 3) -> tuple[list[float], list[bool]]:
    """Probabilities of a model, and labels of a world in which its logits want the slope and offset given."""
    dice = random.Random(seed)
    p = [logistic(dice.gauss(0, 2)) for _ in range(n)]
    return p, [dice.random() < logistic(a * logit(one) + b) for one in p]


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.0), (0.5, -1.0), (1.8, 0.7)])
def test_it_finds_the_slope_and_offset_that_made_the_labels(a: float, b: float) -> None:
    found = fit_platt(*drawn(a, b, 20_000))
    assert found == pytest.approx((a, b), abs=0.08)


def test_two_labels_at_the_middle_give_the_offset_that_smoothing_allows() -> None:
    _, b = fit_platt([0.5, 0.5], [True, True])
    assert logistic(b) == pytest.approx(3 / 4)  # (2 + 1) / (2 + 2)


def test_no_labels_change_nothing() -> None:
    assert fit_platt([], []) == (1.0, 0.0)


def test_a_model_that_is_upside_down_is_levelled_and_not_turned_round() -> None:
    p, y = drawn(-2.0, 0.0, 500)
    a, b = fit_platt(p, y)
    assert a == 0.0
    assert logistic(b) == pytest.approx(sum(y) / 500, abs=0.02)


@given(st.lists(st.tuples(PROBABILITIES, st.booleans()), max_size=60), PROBABILITIES, PROBABILITIES)
def test_whatever_the_labels_it_keeps_the_order_and_stays_a_probability(
    labels: list[tuple[float, bool]], one: float, other: float
) -> None:
    a, b = fit_platt([p for p, _ in labels], [y for _, y in labels])
    low, high = apply_platt(min(one, other), a, b), apply_platt(max(one, other), a, b)
    assert math.isfinite(a) and math.isfinite(b)
    assert 0 <= low <= high <= 1


def test_the_neutral_numbers_change_nothing() -> None:
    assert apply_platt(0.3, 1, 0) == pytest.approx(0.3)
