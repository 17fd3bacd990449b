"""Snoozing: a case sleeps until a local time, and comes back once, on top, with its reason."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.cases.changing import Stale, change
from dashboard.cases.snoozing import until, wake, zone_of
from dashboard.tasks import wake_cases
from listening.celery import TABLE
from listening.models import AuditEntry, Brand, Case, User
from tests.builders import a_brand, a_case, a_complaint, a_user, at

BERLIN = ZoneInfo("Europe/Berlin")
NOW = timezone.now()


@pytest.mark.parametrize(
    ("now", "choice", "expected"),
    [
        ("2026-11-25 12:00", "tomorrow", "2026-11-26 08:00"),
        ("2026-11-25 23:30", "tomorrow", "2026-11-27 08:00"),  # in Berlin it is the 26th already
        ("2026-11-25 12:00", "monday", "2026-11-30 08:00"),
        ("2026-11-30 12:00", "monday", "2026-12-07 08:00"),
        ("2026-11-25 12:00", "week", "2026-12-02 08:00"),
        ("2026-10-24 12:00", "tomorrow", "2026-10-25 08:00"),  # the clocks go back in that night
        ("2027-03-27 12:00", "tomorrow", "2027-03-28 07:00"),  # and forward in this one
    ],
)
def test_the_choices_are_by_the_local_clock(now: str, choice: str, expected: str) -> None:
    assert until(choice, at(now), BERLIN).astimezone(UTC) == at(expected)


def test_a_date_has_its_own_time() -> None:
    day = datetime(2026, 12, 24).date()
    assert until("date", at("2026-11-25 12:00"), BERLIN, day, time(15, 30)).astimezone(UTC) == at("2026-12-24 14:30")


@pytest.mark.parametrize(
    ("choice", "day", "sentence"),
    [
        ("", None, "Choose until when"),
        ("date", None, "Choose until when"),
        ("date", "2026-11-25", "That is over: choose a time after now, 25 Nov 2026, 13:00"),
        ("date", "2029-11-25", "more than a year away"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused_in_words(choice: str, day: str | None, sentence: str) -> None:
    date = datetime.fromisoformat(day).date() if day else None
    with pytest.raises(ValueError, match=sentence):
        until(choice, at("2026-11-25 12:00"), BERLIN, date)


@pytest.mark.django_db
def test_whose_clock_it_is() -> None:
    brand = a_brand(time_zone="Asia/Tokyo")
    assert zone_of(a_user(time_zone="Europe/Berlin"), brand).key == "Europe/Berlin"
    assert zone_of(a_user(), brand).key == "Asia/Tokyo"


@pytest.mark.django_db
def test_it_comes_back_on_top_with_its_reason_when_its_time_has_come(as_maria: Client, acme: Brand) -> None:
    high = a_case(a_complaint(acme), priority=90, due_at=NOW - timedelta(days=1))
    asleep = a_case(a_complaint(acme))
    sent = {"do": "snooze", "case": f"{asleep.pk}:1", "told": "1", "until": "tomorrow", "reason": "their day off"}
    as_maria.post("/b/acme/inbox/change/", sent)
    asleep.refresh_from_db()
    assert asleep.status == "snoozed" and asleep.snoozed_until
    assert asleep.snoozed_until.astimezone(BERLIN).time() == time(9)
    assert wake(asleep.snoozed_until - timedelta(seconds=1)) == 0
    assert wake(asleep.snoozed_until) == 1
    assert wake(asleep.snoozed_until) == 0
    page = as_maria.get("/b/acme/inbox/").content.decode()
    assert page.index(f'id="case-{asleep.pk}"') < page.index(f'id="case-{high.pk}"')
    assert "Back from a snooze" in page and "their day off" in page


@pytest.mark.django_db
def test_several_that_were_snoozed_together_come_back_together(as_maria: Client, acme: Brand) -> None:
    """In bulk, by the local clock, on top of what is overdue, each with the reason."""
    high = a_case(a_complaint(acme), priority=90, due_at=NOW - timedelta(days=1))
    asleep = [a_case(a_complaint(acme)) for _ in range(3)]
    chosen = [f"{case.pk}:1" for case in asleep]
    sent = {"do": "snooze", "case": chosen, "told": "3", "until": "monday", "reason": "the office is closed"}
    as_maria.post("/b/acme/inbox/change/", sent)
    [end] = set(Case.objects.filter(status="snoozed").values_list("snoozed_until", flat=True))
    assert end and end.astimezone(BERLIN).time() == time(9) and end.astimezone(BERLIN).weekday() == 0
    assert (wake(end - timedelta(seconds=1)), wake(end)) == (0, 3)
    page = as_maria.get("/b/acme/inbox/").content.decode()
    assert max(page.index(f'id="case-{case.pk}"') for case in asleep) < page.index(f'id="case-{high.pk}"')
    assert page.count("“the office is closed”") == 3


@pytest.mark.django_db
def test_who_had_it_still_has_it(acme: Brand, maria: User) -> None:
    told = {"status": "snoozed", "snoozed_until": NOW}
    mine, nobodys = a_case(a_complaint(acme), assignee=maria, **told), a_case(a_complaint(acme), **told)
    wake(NOW)
    assert Case.objects.get(pk=mine.pk).status == "in_progress"
    assert Case.objects.get(pk=nobodys.pk).status == "new"
    assert AuditEntry.objects.filter(verb="woke a case", user=None).count() == 2


@pytest.mark.django_db
def test_who_was_looking_at_it_hears_that_it_woke(acme: Brand, maria: User) -> None:
    case = a_case(a_complaint(acme), status="snoozed", snoozed_until=NOW)
    wake(NOW)
    with pytest.raises(Stale):
        change(case, 1, maria, NOW, status="done")
    assert Case.objects.get().status == "new"


@pytest.mark.django_db
def test_taking_it_up_again_takes_it_from_the_top(acme: Brand, maria: User) -> None:
    case = a_case(a_complaint(acme), woke_at=NOW, snooze_reason="their day off")
    case = change(case, 1, maria, NOW, status="in_progress")
    assert (case.woke_at, case.snooze_reason) == (None, "")


@pytest.mark.django_db
def test_it_is_rung_every_minute(acme: Brand) -> None:
    a_case(a_complaint(acme), status="snoozed", snoozed_until=NOW - timedelta(days=1))
    assert [every for _, task, every, _ in TABLE if task == "dashboard.tasks.wake_cases"] == [60.0]
    wake_cases()
    assert Case.objects.get().status == "new"
