"""What an improvement brought, from stored counts: when it is known, which days count, and what stays of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from dashboard.improving import change
from dashboard.measuring import settle, settle_all
from dashboard.reports.effect_words import in_a_sentence, others_told
from dashboard.reports.effects import Window, headline, windows
from dashboard.reports.improvements import board
from listening.models import Brand, Improvement, Source, Theme, ThemeMember, ThemeState
from tests.builders import a_gap, a_member
from tests.improvements.made import DONE, a_listened_brand, a_theme, an_improvement, halved, noon, steady, talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return a_listened_brand(time_zone="Europe/Berlin")


@pytest.fixture
def theme(brand: Brand) -> Theme:
    return a_theme(brand)


@pytest.fixture
def market(brand: Brand, theme: Theme) -> Improvement:
    """Complaints about the theme halve on the day of the improvement, all others stay as they were."""
    talk(brand, theme, halved(12), complaint=True)
    talk(brand, None, steady(6), complaint=True)
    talk(brand, None, steady(40), complaint=False)
    return an_improvement(brand, theme)


def after(days: float) -> Window:
    """The headline so long after the end of the day on which it was done."""
    improvement = Improvement.objects.select_related("brand", "theme").get()
    found = headline(windows(improvement, noon(DONE) + timedelta(days=days)))
    assert found
    return found


def sentence(days: float) -> str:
    return in_a_sentence(after(days), timezone.get_fixed_timezone(120))


def test_it_says_how_early_it_is_and_when_it_will_know(market: Improvement) -> None:
    assert sentence(0) == "Too early: 0 of 14 days. It will be known on 30 September 2026."
    assert sentence(6) == "Too early: 5 of 14 days. It will be known on 30 September 2026."
    assert sentence(14) == "Too early: 13 of 14 days. It will be known on 30 September 2026."


def test_it_measures_the_longest_time_that_is_over(market: Improvement) -> None:
    assert [after(days).days for days in (15, 28, 29, 56, 57, 400)] == [14, 14, 28, 28, 56, 56]
    assert sentence(29).startswith("Complaints about it fell by ")
    effect = after(29).effect
    assert effect and effect.complaints
    assert effect.complaints.low < 0.55 < effect.complaints.high
    assert (effect.days_before, effect.days_after) == (28, 28)


def test_all_other_complaints_stand_beside_it(market: Improvement) -> None:
    effect = after(29).effect
    assert effect
    assert others_told(effect).startswith("No measurable change in all other complaints (between ")


def test_where_all_complaints_fell_it_says_that_something_else_may_have_moved_them(brand: Brand, theme: Theme) -> None:
    talk(brand, theme, halved(12), complaint=True)
    talk(brand, None, halved(12), complaint=True)
    talk(brand, None, steady(40), complaint=False)
    an_improvement(brand, theme)
    effect = after(29).effect
    assert effect
    assert others_told(effect).endswith("Something that moved all complaints may have moved these too.")


def test_where_nothing_changed_it_says_no_measurable_change(brand: Brand, theme: Theme) -> None:
    talk(brand, theme, steady(8), complaint=True)
    talk(brand, None, steady(40), complaint=False)
    an_improvement(brand, theme)
    assert sentence(29).startswith("No measurable change in complaints about it (between ")


def test_mentions_are_compared_where_nobody_complained_before(brand: Brand, theme: Theme) -> None:
    talk(brand, theme, halved(12), complaint=False)
    talk(brand, None, steady(40), complaint=False)
    an_improvement(brand, theme)
    assert sentence(29).startswith("Nobody complained about it before. Mentions of it fell by ")


def test_days_that_were_not_collected_are_left_out_and_not_zero(market: Improvement) -> None:
    whole = after(29).effect
    lost = (noon(DONE) + timedelta(days=2, hours=10), noon(DONE) + timedelta(days=11, hours=10))  # days in Berlin
    a_gap(Source.objects.get(), *lost)
    ThemeMember.objects.filter(published_at__gte=lost[0], published_at__lt=lost[1]).delete()
    rest = after(29).effect
    assert whole and rest and whole.complaints and rest.complaints
    assert (rest.days_before, rest.days_after) == (28, 19)
    assert rest.complaints.ratio == pytest.approx(whole.complaints.ratio, rel=0.1)


def test_too_few_collected_days_give_no_figure(market: Improvement) -> None:
    a_gap(Source.objects.get(), noon(DONE - timedelta(days=60)), noon(DONE - timedelta(days=4)))
    assert after(15).effect is None
    assert sentence(15) == "Only 3 of the 14 days before it were collected and sorted; 7 are needed."


def test_a_board_measures_nothing_that_could_not_be_measured_before(
    market: Improvement, monkeypatch: pytest.MonkeyPatch
) -> None:
    ThemeMember.objects.all().delete()
    now = noon(DONE) + timedelta(days=400)
    (card,) = board(market.brand, now).columns[2].cards
    assert "Only " in card.sentence
    assert settle_all(now) == 1
    monkeypatch.setattr("dashboard.reports.effects.daily", None)
    (again,) = board(market.brand, now).columns[2].cards
    assert again.sentence == card.sentence
    assert settle_all(now) == 0


def test_another_theme_or_day_is_measured_anew_though_the_former_could_not_be(market: Improvement) -> None:
    ThemeMember.objects.all().delete()
    settle_all(noon(DONE) + timedelta(days=60))
    market.refresh_from_db()
    assert market.unmeasured.keys() == {"14", "28", "56"}
    change(market, market.version, a_member(market.brand), noon(DONE), done_at=noon(DONE) + timedelta(days=1))
    market.refresh_from_db()
    assert market.unmeasured == {}


def test_nothing_is_said_while_mentions_are_sorted_anew(market: Improvement) -> None:
    ThemeState.objects.update(walking=True)
    assert sentence(29) == "Mentions are being sorted into themes anew: the comparison follows when all are."


def test_a_theme_that_was_merged_is_counted_where_its_mentions_are(brand: Brand, theme: Theme) -> None:
    other = a_theme(brand, "Refunds")
    theme.merged_into = other
    theme.save()
    talk(brand, other, halved(12), complaint=True)
    talk(brand, None, steady(40), complaint=False)
    an_improvement(brand, theme)
    assert sentence(29).startswith("Complaints about it fell by ")


def test_without_a_theme_it_says_what_to_do(brand: Brand) -> None:
    an_improvement(brand, None)
    assert sentence(29) == "It has no theme, so there is nothing to count. Choose one to see what changed."


def test_the_days_are_those_of_the_brand(brand: Brand, theme: Theme) -> None:
    """Done at 23:30 in London is the next day in Berlin."""
    late = an_improvement(brand, theme, done_at=noon(date(2026, 9, 14)) + timedelta(hours=11))
    assert [one.known for one in windows(late, noon(DONE))] == [
        one.known for one in windows(an_improvement(brand, theme), noon(DONE))
    ]


def test_what_was_measured_outlives_the_mentions_behind_it(market: Improvement) -> None:
    assert settle_all(noon(DONE) + timedelta(days=29)) == 1
    said = sentence(29)
    assert sorted(Improvement.objects.get().effect) == ["14", "28"]
    ThemeMember.objects.all().delete()
    assert sentence(29) == said
    settle_all(noon(DONE) + timedelta(days=30))
    assert sentence(30) == said


def test_measuring_twice_changes_nothing_and_stops_when_all_is_measured(market: Improvement) -> None:
    now = noon(DONE) + timedelta(days=58)
    settle_all(now)
    kept = Improvement.objects.get().effect
    assert len(kept) == 3
    settle(Improvement.objects.select_related("brand", "theme").get(), now)
    assert Improvement.objects.get().effect == kept
    assert settle_all(now) == 0
