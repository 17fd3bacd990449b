"""Health: a source that doesn't collect never looks as if nobody spoke."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.reports.health import Budget, health_of, judge, span
from listening.models import Source, Spend
from tests.builders import a_brand, a_source

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVERY = timedelta(minutes=5)


def a_row(**fields: Any) -> Source:
    values = {"kind": "hackernews", "name": "HN", "created_at": NOW - timedelta(days=2), "next_pull_at": NOW}
    return Source(**values | fields)


@pytest.mark.parametrize(
    ("fields", "mood", "sentence", "todo"),
    [
        ({"last_success_at": NOW - timedelta(minutes=4)}, "good", "4 min ago", ""),
        ({"last_success_at": NOW - timedelta(hours=9)}, "danger", "9 h ago (expected every 5 min)", "/healthz"),
        ({"state": "paused"}, "plain", "paused by hand", "Resume"),
        (
            {"state": "broken", "error_code": "auth", "error_sentence": "The token was refused."},
            "danger",
            "The token was refused.",
            "new credentials",
        ),
        ({"error_code": "server", "error_sentence": "It answered 500."}, "danger", "It answered 500.", "by itself"),
        ({"error_code": "rate_limit", "error_sentence": "Wait until 12:15."}, "waiting", "Wait until", "by itself"),
        ({"created_at": NOW - timedelta(seconds=20)}, "waiting", "on its way", ""),
        ({"created_at": NOW - timedelta(hours=1)}, "danger", "waits since 1 h", "worker and beat"),
    ],
)
def test_it_says_how_a_source_is_and_what_to_do(fields: dict[str, Any], mood: str, sentence: str, todo: str) -> None:
    verdict = judge(a_row(**fields), EVERY, False, NOW)
    assert verdict.mood == mood
    assert sentence in verdict.sentence
    assert todo in verdict.todo


def test_only_refused_credentials_ask_for_new_ones() -> None:
    """A server error must not send the admin off to fetch new keys."""
    for code in ("server", "network", "schema", "rate_limit", "internal", "quota", "plan"):
        verdict = judge(a_row(error_code=code, error_sentence="Something."), EVERY, False, NOW)
        assert "credentials" not in verdict.todo


@pytest.mark.parametrize(
    ("length", "said"),
    [(timedelta(seconds=5), "5 s"), (timedelta(minutes=61), "1 h"), (timedelta(hours=49), "2 d"), (-EVERY, "0 s")],
)
def test_it_says_a_length_in_one_unit(length: timedelta, said: str) -> None:
    assert span(length) == said


def test_it_warns_when_a_month_will_not_last() -> None:
    assert Budget("posts", 0, None, 5000, 10_000, 22_400).short
    assert not Budget("posts", 0, None, 5000, 30_000, 22_400).short
    assert not Budget("posts", 0, None, 5000, None, 22_400).short


@pytest.mark.django_db
def test_it_forecasts_from_the_last_seven_days() -> None:
    source = a_source(a_brand(), kind="x", settings={"monthly_posts": 10_000, "daily_posts": 400})
    for days in range(7):
        Spend.objects.create(source=source, day=(NOW - timedelta(days=days)).date(), units=700)
    Spend.objects.create(source=source, day=(NOW - timedelta(days=7)).date(), units=100_000)
    budget = health_of([source], NOW)[0].budget
    assert budget is not None
    assert (budget.today, budget.daily, budget.monthly) == (700, 400, 10_000)
    assert budget.forecast == 21_000 and budget.short
