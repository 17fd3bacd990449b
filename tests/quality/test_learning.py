"""What labels teach: it is measured on labels that were held out, helps where a brand differs, and is deterministic."""

import random

import pytest

from ingest.learning import complaint, sentiment
from ingest.learning.compare import Answer, better, compare, held_out
from ingest.learning.examples import Complained, Felt
from ingest.learning.offer import compare_complained, compare_felt
from listening.quality.own import NEUTRAL, Probabilities, adjust, choose, words_in
from listening.quality.platt import logistic


def felt(n: int, warm: bool, seed: int = 7) -> list[Felt]:
    """Posts that an engine reads too kindly where `warm`, and rightly otherwise; one word gives the bad ones away."""
    dice, made = random.Random(seed), []
    for i in range(n):
        label = dice.choices((0, 1, 2), (5, 3, 2))[0]
        seen = min(2, label + (dice.random() < 0.7)) if warm else label if dice.random() < 0.8 else dice.randrange(3)
        p: Probabilities = tuple(0.7 if c == seen else 0.15 for c in range(3))  # type: ignore[assignment]
        words = frozenset({"leaking"} if label == 0 and dice.random() < 0.6 else {f"word{dice.randrange(40)}"})
        said = ("negative", "neutral", "positive")[seen]
        made.append(Felt(label, p, said, words, i % 2 == 0))  # type: ignore[arg-type]
    return made


def test_what_nobody_corrected_stays_as_it_is() -> None:
    p = (0.2, 0.5, 0.3)
    assert adjust(p, NEUTRAL, {"any"}) == pytest.approx(p)
    assert choose(p, NEUTRAL) == 1


def test_without_labels_nothing_is_learned() -> None:
    learned = sentiment.fit([], [], [])
    assert (learned["slope"], learned["offsets"], learned["words"]) == (1.0, [0.0, 0.0, 0.0], {})


def test_an_engine_that_is_too_kind_to_a_brand_is_put_right() -> None:
    measured = compare_felt(felt(300, warm=True))
    assert measured["after"]["right"] > measured["before"]["right"] + 0.15
    assert measured["gain"]["low"] > 0
    assert measured["after"]["error"] < measured["before"]["error"]
    assert better(measured)


def test_a_word_of_the_brands_own_trouble_is_learned() -> None:
    examples = felt(300, warm=True)
    learned = sentiment.fit([e.p for e in examples], [e.label for e in examples], [e.words for e in examples])
    negative, neutral, positive = learned["words"]["leaking"]
    assert negative > max(neutral, positive)
    spoken = adjust((0.3, 0.4, 0.3), learned, {"leaking"})
    assert spoken[0] > adjust((0.3, 0.4, 0.3), learned)[0]
    assert sum(spoken) == pytest.approx(1)


def test_the_same_labels_teach_the_same() -> None:
    assert compare_felt(felt(120, warm=True)) == compare_felt(felt(120, warm=True))


def test_it_does_not_call_everything_what_most_posts_are() -> None:
    p: list[Probabilities] = [(0.5, 0.3, 0.2)] * 90 + [(0.2, 0.3, 0.5)] * 10
    learned = sentiment.fit(p, [0] * 90 + [2] * 10, [frozenset()] * 100)
    assert choose(adjust((0.2, 0.3, 0.5), learned), learned) == 2


def test_only_labels_drawn_at_random_are_tested_once_there_are_fifty() -> None:
    assert compare_felt(felt(120, warm=True))["basis"] == "random"
    assert compare_felt(felt(120, warm=True))["tested"] == 60
    few = compare_felt(felt(60, warm=True))
    assert (few["basis"], few["tested"], few["n"]) == ("all", 60, 60)


def test_no_example_is_answered_by_what_it_taught() -> None:
    def fit(examples: object) -> frozenset[int]:
        return frozenset(examples)  # type: ignore[call-overload, no-any-return]

    def answer(one: int, learned: frozenset[int]) -> Answer:
        return Answer(one in learned, 0.5, 0.5, True)

    answers = held_out(list(range(57)), fit, answer)
    assert len(answers) == 57
    assert not any(one.right for one in answers)


def test_the_gain_is_of_the_same_posts() -> None:
    right, wrong = Answer(True, 0.9, 0.9, True), Answer(False, 0.1, 0.9, False)
    measured = compare([wrong] * 20 + [right] * 80, [right] * 100, [True] * 100)
    assert measured["gain"]["value"] == pytest.approx(0.2)
    assert 0.12 < measured["gain"]["low"] < 0.2 < measured["gain"]["high"] < 0.29
    assert not better(compare([right] * 100, [right] * 100, [True] * 100))


def test_a_complaint_score_that_drifted_is_brought_back() -> None:
    dice = random.Random(5)
    scores = [dice.gauss(-2.5, 1.5) for _ in range(400)]
    examples = [Complained(dice.random() < logistic(one + 2), logistic(one), one >= 0, True) for one in scores]
    measured = compare_complained(examples)
    assert measured["before"]["error"] > 0.15
    assert measured["after"]["error"] < 0.08
    assert measured["after"]["right"] > measured["before"]["right"]


def test_the_threshold_lies_between_the_two_kinds() -> None:
    learned = complaint.fit([0.05, 0.1, 0.15] * 20 + [0.6, 0.7, 0.9] * 20, [False] * 60 + [True] * 60)
    assert 0.2 < learned["threshold"] < 0.8
    assert learned["a"] > 0


def test_handles_and_links_are_no_words() -> None:
    said = words_in("Don’t tell @acmehelp https://acme.example/leak it is LEAKING 3x")
    assert said == {"don't", "tell", "leaking"}
