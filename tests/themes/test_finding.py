"""Finding themes is pure: what is found, and that the same posts always give the same."""

import math
import random

import pytest

from ingest.themes.finding import Corpus, Findings, Found, Said, find, name_of
from ingest.themes.following import Known, follow, kept_name, wanted
from ingest.themes.grouping import group
from ingest.themes.odds import Counts, z_scores
from ingest.themes.words import masked_names, phrases
from listening.query import fold

NAMES = masked_names(["Café Kaffa", "kaffa_help"])


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("My refund is late", "en", {"refund", "refund is late", "late"}),
        ("water tank leaking", "en", {"water", "water tank", "water tank leaking", "tank", "tank leaking", "leaking"}),
        ("out of stock", "en", {"stock"}),
        ("terms of service", "en", {"terms", "terms of service", "service"}),
        ("refund. courier", "en", {"refund", "courier"}),
        ("refund 12 courier", "en", {"refund", "courier"}),
        ("CAFÉ KAFFA refund @kaffa_help", "en", {"refund"}),
        ("refund #CaféKaffa https://example.org/courier", "en", {"refund"}),
        ("Die Lieferung kommt nicht", "de", {"lieferung", "kommt", "lieferung kommt"}),
        ("Lieferung für Müller", "de", {"lieferung", "muller", "lieferung fur muller"}),
        ("コーヒーが遅い", "ja", set()),
        ("refund after my hospital stay", "en", {"refund", "stay"}),
        ("they are gay muslims who voted", "en", set()),
        ("", "en", set()),
    ],
)
def test_the_phrases_of_a_post(text: str, language: str, found: set[str]) -> None:
    assert set(phrases(fold(text), language, NAMES)) == found


def test_composed_and_decomposed_letters_are_the_same_phrase() -> None:
    assert phrases(fold("re\u0301clamation"), "fr") == phrases(fold("r\u00e9clamation"), "fr") == ["reclamation"]


def test_the_odds_are_those_of_the_paper() -> None:
    """By hand: 30 of 100 posts against 10 of 200; the prior is 100 posts like both together."""
    prior = 100 * 40 / 300
    odds = (30 + prior) / (200 - 30 - prior), (10 + prior) / (300 - 10 - prior)
    z = (math.log(odds[0]) - math.log(odds[1])) / math.sqrt(1 / (30 + prior) + 1 / (10 + prior))
    found = z_scores(Counts(100, {"refund": 30}), Counts(200, {"refund": 10}))
    assert found == {"refund": pytest.approx(z)}


def test_a_phrase_that_both_say_alike_is_not_over_represented() -> None:
    assert abs(z_scores(Counts(1000, {"a": 100}), Counts(2000, {"a": 200}))["a"]) < 0.01
    assert z_scores(Counts(1000, {"a": 100}), Counts(0, {})) == {}


def test_phrases_of_the_same_posts_form_a_group() -> None:
    one, other = set(range(20)), set(range(20, 40))
    assert group([one, other, one - {1}, other - {25}, set(range(60, 80))], 100) == [[0, 2], [1, 3], [4]]
    assert group([], 0) == []


@pytest.mark.parametrize(
    ("ordered", "name"),
    [
        (["refund", "refund please", "waiting", "app", "courier"], "refund · waiting · app"),
        (["water tank", "tank", "leaks"], "water tank · leaks"),
        (["a" * 200], "a" * 120),
    ],
)
def test_a_theme_is_named_by_what_most_posts_say(ordered: list[str], name: str) -> None:
    assert name_of(ordered) == name


FRAMES = {
    "refund": ["the refund never came, app keeps me waiting", "waiting for a refund, the app is silent"],
    "tank": ["the water tank leaks", "bought it in {c}, its water tank leaks"],
    "beans": ["stale beans in the parcel", "my parcel from {c} held stale beans"],
}
CITIES = [f"{a}{b}ville" for a in "abcdefgh" for b in "aeiou"]


def said(theme: str, n: int, seed: int = 1) -> list[Said]:
    dice = random.Random(seed)
    frames = FRAMES[theme]
    return [
        Said(fold(f"{dice.choice(CITIES)}: {frames[i % 2]} {dice.choice(CITIES)}".format(c=dice.choice(CITIES))), "en")
        for i in range(n)
    ]


OURS = [*said("refund", 90), *said("tank", 60), *said("beans", 50)]
PAST = [*said("tank", 300, 2), *said("beans", 250, 2)]


def test_it_says_what_changed_and_what_is_only_frequent() -> None:
    themes = find(OURS, PAST, []).themes
    why = {theme.name: theme.why for theme in themes}
    (refund,) = [theme for theme in themes if "refund" in theme.phrases]
    assert (refund.why, {"refund", "app", "waiting"} <= set(refund.phrases)) == ("changed", True)
    assert why[next(name for name in why if "water tank" in name)] == "frequent"


def test_what_others_say_too_is_not_distinct() -> None:
    others = [*said("tank", 200, 3), *said("beans", 200, 3)]
    why = {phrase: theme.why for theme in find(OURS, [], others).themes for phrase in theme.phrases}
    assert why["refund"] == "distinct"
    assert {why for phrase, why in why.items() if "water tank" in phrase} == {"frequent"}


def test_three_real_posts_stand_for_each_theme() -> None:
    texts = {post.folded for post in OURS}
    for theme in find(OURS, PAST, []).themes:
        assert len(set(theme.examples)) == 3
        assert texts.issuperset(theme.examples)
        assert all(any(phrase in example for phrase in theme.phrases) for example in theme.examples)


@pytest.mark.parametrize("seed", range(5))
def test_the_same_posts_in_any_order_give_the_same_themes(seed: int) -> None:
    ours, past = list(OURS), list(PAST)
    random.Random(seed).shuffle(ours)
    random.Random(seed).shuffle(past)
    assert find(ours, past, []) == find(OURS, PAST, [])


def test_a_text_that_is_sent_a_thousand_times_counts_once() -> None:
    spam = [Said("win a free voucher card now", "en")] * 1000
    assert find([*OURS, *spam], PAST, []) == find([*OURS, spam[0]], PAST, [])


def test_a_handful_of_posts_has_no_themes() -> None:
    assert find(said("refund", 10), [], []) == Findings((), 10, 0)
    assert find([], [], []) == Findings((), 0, 0)


def test_no_theme_is_about_health_politics_religion_or_sex_life() -> None:
    words = ["depression diagnosis", "election voters", "mosque prayers", "gay couples", "grossesse", "Krankheit"]
    dice = random.Random(4)
    for word in words:
        posts = [Said(fold(f"{dice.choice(CITIES)} {word} voucher {dice.choice(CITIES)}"), "en") for _ in range(80)]
        found = [phrase for theme in find(posts, [], []).themes for phrase in theme.phrases]
        assert "voucher" in " ".join(found)
        assert not any(fold(part) in phrase for phrase in found for part in word.split() if part != "couples")


def test_the_ungrouped_share_is_told() -> None:
    dice = random.Random(3)
    noise = [Said("".join(dice.choices("bcdfghklmnprst", k=9)), "en") for _ in range(50)]
    found = find([*OURS, *noise], PAST, [])
    assert found.posts == len({*OURS, *noise})
    assert 0 < found.grouped <= len(set(OURS)) < found.posts


def themes_of(posts: list[Said]) -> list[tuple[Found, frozenset[int]]]:
    corpus = Corpus(posts)
    return [(theme, corpus.held_by(theme.phrases)) for theme in find(posts, PAST, []).themes]


def test_a_theme_keeps_its_id_while_its_phrases_or_posts_overlap() -> None:
    today = themes_of(OURS)
    known = [Known(70 + i, theme.phrases) for i, (theme, _) in enumerate(today)]
    assert follow(today, known) == [one.id for one in known]
    tomorrow = themes_of([*OURS[7:], *said("refund", 12, 9)])
    ids = dict(zip([t.name for t, _ in tomorrow], follow(tomorrow, known), strict=True))
    by_id = {one.id: one for one in known}
    for theme, _ in tomorrow:
        id_ = ids[theme.name]
        assert id_ is None or set(by_id[id_].phrases) & set(theme.phrases)
    assert sum(id_ is not None for id_ in ids.values()) >= len(known) - 1


def test_one_id_goes_to_one_theme_and_a_stranger_gets_none() -> None:
    (first, held), *_ = themes_of(OURS)
    twin = Known(1, first.phrases)
    assert follow([(first, held), (first, held)], [twin]) == [1, None]
    assert follow([(first, held)], [Known(1, ("nothing", "of", "this"))]) == [None]
    assert follow([(first, held)], [Known(5, ("other words",), held)]) == [5]


def test_a_name_stays_while_its_parts_are_said() -> None:
    (theme, _), *_ = themes_of(OURS)
    shuffled = " · ".join(reversed(theme.phrases[:2]))
    assert kept_name(shuffled, theme) == shuffled
    assert kept_name("gone · words", theme) == theme.name


@pytest.mark.parametrize(
    ("removed", "gone"),
    [(["tank"], True), (["water tank leaks slowly"], True), (["ank"], False), (["refund"], False), ([], False)],
)
def test_what_a_person_removed_is_not_wanted_under_other_words(removed: list[str], gone: bool) -> None:
    theme = Found("water tank", ("water tank", "tank leaks", "puddle"), 9, "frequent", 3.0, ())
    assert (wanted(theme, removed) is None) is gone
    assert wanted(theme, ["puddle"]) == Found("water tank", theme.phrases[:2], 9, "frequent", 3.0, ())
