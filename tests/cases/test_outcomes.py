"""How cases are answered and what came of it: arithmetic in tables, the rows behind it, the page and the digest."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard.answering_stats import hours, stats
from dashboard.cases.business_hours import Week
from dashboard.digests.content import write
from dashboard.reports.answering import Span, Worked, figures, outcome, recovered, span
from dashboard.reports.outcomes import behind, outcomes, worked
from dashboard.reports.period import Period, instants, last_days
from listening.models import Author, Brand, Case, CaseRules, Membership, Mention, Subscription
from tests.builders import a_brand, a_case, a_complaint, a_member, a_mention, an_author, at

HOUR = timedelta(hours=1)
MONDAY = at("2026-11-23 10:00")
NOW = MONDAY + timedelta(days=2)


def a_worked(**told: Any) -> Worked:
    """A complaint of Monday, opened half an hour later, that nobody answered."""
    plain: dict[str, Any] = {
        "pk": 1, "kind": "complaint", "status": "new", "solved": "", "published_at": MONDAY,
        "opened_at": MONDAY + HOUR / 2, "due_at": None, "replied_at": None, "closed_at": None, "before": "negative",
    }  # fmt: skip
    return Worked(**plain | told)


def answered(hours: float = 1, **told: Any) -> Worked:
    return a_worked(replied_at=MONDAY + hours * HOUR, **told)


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("negative", ["positive"], "better"),
        ("negative", ["neutral", "unscored"], "better"),
        ("negative", ["positive", "negative"], "same"),
        ("neutral", ["negative"], "worse"),
        ("positive", ["positive"], "same"),
        ("negative", [], "silent"),
        ("negative", ["unscored"], "unclear"),
        ("unscored", ["positive"], "unclear"),
    ],
)
def test_the_last_thing_that_somebody_says_decides_how_it_went_on(before: str, after: list[str], name: str) -> None:
    assert outcome(answered(before=before, after=after)) == name


def test_nobody_can_tell_how_it_went_on_for_somebody_unknown() -> None:
    assert outcome(answered(known=False)) == "unclear"


@pytest.mark.parametrize(
    ("solved", "after", "is_recovered"),
    [
        ("yes", [], True),
        ("yes", ["negative"], True),
        ("", ["neutral"], True),
        ("no", ["positive"], True),
        ("", ["positive", "negative"], False),
        ("", [], False),
        ("", ["unscored"], False),
    ],
)
def test_recovered_is_who_is_no_longer_negative_or_whose_case_is_solved(
    solved: str, after: list[str], is_recovered: bool
) -> None:
    assert recovered(answered(solved=solved, after=after)) is is_recovered


def test_lengths_have_a_middle_and_what_nine_of_ten_stay_under() -> None:
    assert span([]) == Span(0)
    assert span([HOUR]) == Span(1, HOUR, HOUR)
    assert span(n * HOUR for n in (4, 1, 3, 2)) == Span(4, 2.5 * HOUR, 3.7 * HOUR)
    assert span([-HOUR]) == Span(1, timedelta(0), timedelta(0))  # a clock at the network that is ahead


def test_each_figure_has_its_own_denominator() -> None:
    late = MONDAY + 8 * HOUR
    cases = [
        answered(2, due_at=late, status="done", closed_at=MONDAY + 5 * HOUR, after=["positive"]),
        answered(9, due_at=late, status="waiting"),
        answered(4, due_at=late, kind="question", before="neutral", after=["negative"]),
        a_worked(due_at=late),  # open and overdue
        a_worked(due_at=NOW + HOUR),  # still in time
        a_worked(due_at=late, status="ignored", closed_at=late),
        a_worked(due_at=late, status="done", closed_at=MONDAY + 3 * HOUR),  # done without a word
        a_worked(),
    ]
    view = figures(cases, None, NOW)
    assert view.opened == 8
    assert (view.answered.hits, view.answered.n) == (3, 8)
    assert (view.left_alone.hits, view.left_alone.n) == (1, 8)
    assert (view.in_time.hits, view.in_time.n) == (2, 4)
    assert view.reply == Span(3, 4 * HOUR, 8 * HOUR)
    assert view.reply_business is None
    assert view.to_close == Span(2, 3.5 * HOUR, 4.3 * HOUR)
    assert {one.name: one.share.hits for one in view.outcomes} == {
        "better": 1, "same": 0, "worse": 1, "silent": 1, "unclear": 0
    }  # fmt: skip
    assert (view.recovery.hits, view.recovery.n, view.recovery.too_few) == (1, 2, True)
    assert view.open_ended == 3


def test_a_case_that_is_left_alone_after_a_reply_says_nothing_of_the_service_level() -> None:
    view = figures([answered(1, due_at=NOW, status="ignored", closed_at=NOW)], None, NOW)
    assert (view.answered.hits, view.left_alone.hits, view.in_time.n) == (1, 1, 0)


def test_business_hours_leave_out_the_night() -> None:
    week = Week(ZoneInfo("UTC"), (0, 1, 2, 3, 4), 9, 17)
    view = figures([answered(24)], week, NOW)
    assert view.reply_business == Span(1, 8 * HOUR, 8 * HOUR)


def test_the_recovery_rate_comes_with_wilsons_interval() -> None:
    cases = [answered(after=["positive"])] * 30 + [answered()] * 10
    rate = figures(cases, None, NOW).recovery
    assert (rate.value, rate.too_few) == (0.75, False)
    assert rate.low == pytest.approx(0.598, abs=0.001) and rate.high == pytest.approx(0.858, abs=0.001)


def test_lengths_read_like_people_say_them() -> None:
    assert [hours(n * HOUR) for n in (0.5, 3.24, 9.99, 27)] == ["30 min", "3.2 h", "10.0 h", "27 h"]
    assert hours(None) == "–"


@pytest.fixture
def brand(db: None) -> Brand:
    return a_brand()


def opened_at(brand: Brand, moment: datetime, author: Author | None = None, **fields: Any) -> Case:
    """A case of a complaint that was published an hour before it was opened."""
    case = a_case(
        a_complaint(brand, published_at=moment - HOUR, author=author or an_author()), kind="complaint", **fields
    )
    Case.objects.filter(pk=case.pk).update(created_at=moment)
    return case


def a_period(now: datetime) -> Period:
    return last_days(7, ZoneInfo("UTC"), now)


def test_it_looks_at_what_the_same_person_says_about_the_brand_after_the_reply(brand: Brand) -> None:
    author, now = an_author(), timezone.now()
    start, reply = now - 60 * HOUR, now - 50 * HOUR
    opened_at(brand, start, author, replied_at=reply)
    said: dict[str, Any] = {"author": author, "published_at": reply + HOUR}
    a_mention(brand, sentiment="positive", **said)
    a_mention(brand, sentiment="negative", **said | {"published_at": reply - HOUR})
    a_mention(brand, sentiment="negative", hidden="deleted", **said)
    a_mention(brand, sentiment="negative", repost_of="x", **said | {"published_at": reply + 2 * HOUR})
    a_mention(a_brand("Other"), sentiment="negative", **said | {"published_at": reply + 3 * HOUR})
    a_mention(brand, sentiment="negative", author=an_author(), published_at=reply + 4 * HOUR)
    [case] = worked(brand, a_period(now))
    assert (case.before, case.after, case.known) == ("negative", ("positive",), True)


def test_what_nobody_can_tell_the_mood_of_decides_only_where_nothing_else_does(brand: Brand) -> None:
    author, now = an_author(), timezone.now()
    reply = now - 50 * HOUR
    opened_at(brand, now - 60 * HOUR, author, replied_at=reply)
    said: dict[str, Any] = {"brand": brand, "author": author}
    a_mention(**said, sentiment="unscored", published_at=reply + 9 * HOUR)
    assert [case.after for case in worked(brand, a_period(now))] == [("unscored",)]
    a_mention(**said, sentiment="negative", published_at=reply + HOUR)
    a_mention(**said, sentiment="positive", published_at=reply + 2 * HOUR)
    assert [case.after for case in worked(brand, a_period(now))] == [("positive",)]


def test_what_is_said_more_than_thirty_days_later_is_another_story(brand: Brand) -> None:
    author, now = an_author(), timezone.now()
    reply = now - timedelta(days=40)
    opened_at(brand, reply - HOUR, author, replied_at=reply)
    a_mention(brand, sentiment="positive", author=author, published_at=reply + timedelta(days=31))
    [case] = worked(brand, last_days(90, ZoneInfo("UTC"), now))
    assert case.after == ()


def test_the_period_is_when_the_case_was_opened_and_other_brands_do_not_count(brand: Brand) -> None:
    now = timezone.now()
    mine = opened_at(brand, now - HOUR)
    opened_at(brand, now - timedelta(days=9))
    opened_at(a_brand("Other"), now - HOUR)
    Mention.objects.filter(case=opened_at(brand, now - HOUR)).update(hidden="deleted")
    assert [one.pk for one in worked(brand, a_period(now))] == [mine.pk]


def test_each_figure_opens_as_many_cases_as_it_counts(brand: Brand) -> None:
    now = timezone.now()
    opened_at(brand, now - 9 * HOUR, replied_at=now - 8 * HOUR, due_at=now - 7 * HOUR)
    opened_at(brand, now - 9 * HOUR, status="ignored", closed_at=now)
    opened_at(brand, now - 9 * HOUR, due_at=now - HOUR)
    period = a_period(now)
    view = outcomes(brand, period, now)
    counted = {"opened": view.opened, "answered": view.answered.hits, "left_alone": view.left_alone.hits,
               "in_time": view.in_time.hits, "promised": view.in_time.n, "silent": 1, "closed": 0,
               "answered_complaints": view.recovery.n, "recovered": 0}  # fmt: skip
    assert counted["answered"] == counted["in_time"] == 1 and counted["promised"] == 2
    for name, n in counted.items():
        found = behind(brand, period, name, now)
        assert found is not None and found.n == len(found.cases) == n
    assert behind(brand, period, "nonsense", now) is None


def signed_in(brand: Brand, role: str = Membership.Role.MANAGER) -> Client:
    client = Client()
    client.force_login(a_member(brand, role), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("role", ["admin", "marketer", "manager"])
def test_every_member_reads_the_page(brand: Brand, role: str) -> None:
    CaseRules.objects.create(brand=brand, days=[0, 1, 2, 3, 4])
    now = timezone.now()
    case = opened_at(brand, now - 9 * HOUR, replied_at=now - 7 * HOUR)
    page = signed_in(brand, role).get(reverse("case_figures", args=[brand.slug]), {"show": "answered"}).content.decode()
    assert "3.0 h" in page and "1 of 1 cases" in page and "too few to tell" in page
    assert "acme broke again" in page and "Answered: 1 case" in page
    assert f'href="/b/{brand.slug}/inbox/{case.pk}/"' in page


def test_the_page_says_when_there_is_nothing(brand: Brand) -> None:
    answer = signed_in(brand).get(reverse("case_figures", args=[brand.slug]), {"days": "7", "show": "<b>"})
    assert answer.status_code == 200 and "No cases in this period" in answer.content.decode()


def test_strangers_find_no_such_page(brand: Brand) -> None:
    assert signed_in(a_brand("Else")).get(reverse("case_figures", args=[brand.slug])).status_code == 404


def test_the_digest_says_the_same_as_the_page(brand: Brand) -> None:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=7)
    end = start + timedelta(days=7)
    member = a_member(brand)
    opened_at(brand, start + 30 * HOUR, replied_at=start + 33 * HOUR)
    opened_at(brand, start + 30 * HOUR)
    subscription = Subscription.objects.create(user=member, brand=brand)
    written = write(subscription, start, end)
    assert written is not None
    line = "1 of 2 cases answered (50%); first reply after 4.0 h (median)"
    assert line in written.text and line in written.html
    period = instants(start, end, ZoneInfo("UTC"), end)
    shown = {one.name: one for one in stats(brand, period, outcomes(brand, period, end))}
    assert (shown["answered"].value, shown["answered"].note, shown["reply"].value) == ("50%", "1 of 2 cases", "4.0 h")
    assert re.search(rf"/b/{brand.slug}/inbox/figures/\?from=", written.text)


def test_the_digest_of_a_brand_without_cases_has_no_such_line(brand: Brand) -> None:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=7)
    a_mention(brand, published_at=start + HOUR)
    written = write(Subscription.objects.create(user=a_member(brand), brand=brand), start, start + timedelta(days=7))
    assert written is not None and "cases answered" not in written.text + written.html
