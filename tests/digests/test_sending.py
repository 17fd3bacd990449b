"""One letter per person and week, whatever dies or runs twice; its figures are the dashboard's."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dashboard.digests import ledger, sending
from dashboard.reports.overview import overview
from dashboard.reports.period import between
from listening.models import Brand, Case, Gap, Issue, Mention, Source, Subscription
from tests.builders import a_brand, a_case
from tests.digests.conftest import Post

MONDAY = datetime(2026, 5, 11, 6, 30, tzinfo=UTC)  # 08:30 in Berlin
SUNDAY = datetime(2026, 5, 10, 12, tzinfo=UTC)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def a_week(brand: Brand, n: int = 12) -> None:
    """Mentions on each day of the week before, some complaints, and some just outside of it."""
    source = Source.objects.create(kind="file", name="File", next_pull_at=MONDAY)
    source.brands.add(brand)
    Source.objects.update(created_at=MONDAY - timedelta(days=60), last_success_at=MONDAY)
    days = [SUNDAY - timedelta(days=i % 7, minutes=i) for i in range(n)]
    outside = [SUNDAY + timedelta(days=1), SUNDAY - timedelta(days=8), SUNDAY - timedelta(days=30)]
    Mention.objects.bulk_create(
        Mention(
            brand=brand,
            source=source,
            network="bluesky",
            external_id=f"at://{i}",
            text=f"Parcel {i} is late <script>alert(1)</script> & nobody answers",
            published_at=day,
            collected_at=day,
            sentiment="negative" if i % 3 else "positive",
            complaint=i % 4 == 0,
            complaint_p=0.9,
            addressed="mentioned" if i % 2 else "talked_about",
        )
        for i, day in enumerate(days + outside)
    )


def run(now: datetime = MONDAY) -> int:
    ledger.prepare(now)
    return sending.send_due(at(now))


def test_it_arrives_by_smtp_with_the_same_figures_as_the_dashboard(
    smtp: Post, subscription: Subscription, brand: Brand
) -> None:
    a_week(brand)
    assert run() == 1
    mail = smtp.mails[0]
    assert mail["subject"].strip() == "Acme: 12 mentions, 3 complaints (Mon 4 May – Sun 10 May 2026)"
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    zone = ZoneInfo("Europe/Berlin")
    totals = overview(
        brand, between(datetime(2026, 5, 4).date(), datetime(2026, 5, 10).date(), zone, MONDAY)
    ).totals.now
    assert f"Mentions       {totals.mentions}" in text and totals.mentions == 12
    assert f"Complaints     {totals.complaints}" in text
    assert "Mon 4 May – Sun 10 May 2026, Europe/Berlin" in text
    assert "<script>alert" not in html and "&lt;script&gt;" in html
    assert "<style>" not in html.split("</head>")[1] and 'style="' in html
    assert re.search(r'/mentions/\?from=2026-05-04&amp;to=2026-05-10&amp;network=\w+"[^>]*>12</a>', html)


def test_its_links_open_the_mentions_that_its_figures_count(
    smtp: Post, subscription: Subscription, brand: Brand, client: Client
) -> None:
    a_week(brand)
    run()
    text = smtp.mails[0].get_body(["plain"]).get_content()  # type: ignore[union-attr]
    link = re.search(r"All mentions of the week: (\S+)", text)
    assert link
    client.force_login(subscription.user)
    page = client.get(link[1].split("8000", 1)[-1])
    assert page.status_code == 200 and page.content.decode().count("is late") >= 12


def test_a_complaint_waits_until_somebody_answered_closed_or_left_it_alone(
    smtp: Post, subscription: Subscription, brand: Brand
) -> None:
    a_week(brand)
    new, *handled = Mention.objects.filter(is_complaint=True, published_at__gte=SUNDAY - timedelta(days=7)).order_by(
        "pk"
    )[:3]
    taken, answered = handled
    a_case(taken, status=Case.Status.IN_PROGRESS)
    a_case(answered, status=Case.Status.WAITING)
    run()
    text = smtp.mails[0].get_body(["plain"]).get_content()  # type: ignore[union-attr]
    assert [f"/mentions/{one.pk}/" in text for one in (new, taken, answered)] == [True, True, False]


def test_it_carries_the_headers_of_a_one_click_goodbye(
    smtp: Post, subscription: Subscription, brand: Brand, client: Client
) -> None:
    run()
    mail = smtp.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Precedence"] == "bulk" and mail["List-Id"]
    url = mail["List-Unsubscribe"].strip("<>")
    path = reverse("unsubscribe", args=[subscription.token])
    assert url.endswith(path)
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(path).status_code == 200
    subscription.refresh_from_db()
    assert subscription.active, "opening the link is no goodbye: scanners open links"
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    subscription.refresh_from_db()
    assert not subscription.active
    assert strict.post(path).status_code == 200
    assert run(MONDAY + timedelta(days=7)) == 0


def test_a_second_beat_or_a_second_run_sends_nothing_more(smtp: Post, subscription: Subscription) -> None:
    for minutes in range(5):
        run(MONDAY + timedelta(minutes=minutes))
    assert len(smtp.mails) == 1 and Issue.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_letter(smtp: Post, subscription: Subscription) -> None:
    ledger.prepare(MONDAY)

    def work() -> None:
        ledger.prepare(MONDAY)
        sending.send_due(at(MONDAY))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(smtp.mails) == 1 and Issue.objects.get().state == Issue.State.SENT


def test_it_waits_until_the_week_has_closed(smtp: Post, subscription: Subscription) -> None:
    assert run(datetime(2026, 5, 11, 5, 59, tzinfo=UTC)) == 1, "last week's, late"
    assert smtp.mails[0]["subject"].endswith("Sun 3 May 2026)")
    assert run(datetime(2026, 5, 11, 6, 0, tzinfo=UTC)) == 1
    assert smtp.mails[1]["subject"].endswith("Sun 10 May 2026)")


def test_a_missed_week_is_sent_late_and_once(smtp: Post, subscription: Subscription) -> None:
    assert run(MONDAY + timedelta(days=3)) == 1
    assert run(MONDAY + timedelta(days=4)) == 0


def test_a_new_subscriber_gets_no_letter_about_the_past(smtp: Post, subscription: Subscription) -> None:
    Subscription.objects.update(created_at=MONDAY + timedelta(minutes=1))
    assert run(MONDAY + timedelta(minutes=2)) == 0


def test_moving_the_day_sends_no_week_twice(smtp: Post, subscription: Subscription) -> None:
    run()
    Subscription.objects.update(weekday=2)
    assert run(MONDAY + timedelta(days=2)) == 0
    assert run(MONDAY + timedelta(days=9)) == 1


def test_a_server_that_is_away_is_tried_again_and_its_answer_is_kept(smtp: Post, subscription: Subscription) -> None:
    smtp.answer = "451 try again later"
    assert run() == 0
    issue = Issue.objects.get()
    assert issue.state == Issue.State.QUEUED and "451" in issue.error
    smtp.answer = None
    assert run(MONDAY + timedelta(minutes=1)) == 0, "not yet"
    assert run(MONDAY + timedelta(minutes=6)) == 1


def test_an_address_that_does_not_exist_is_not_tried_for_ever(smtp: Post, subscription: Subscription) -> None:
    smtp.answer = "550 no such user"
    run()
    assert Issue.objects.get().state == Issue.State.FAILED


def test_a_worker_that_dies_while_it_sends_leaves_a_row_that_says_so(smtp: Post, subscription: Subscription) -> None:
    ledger.prepare(MONDAY)
    assert ledger.claim(Issue.objects.get(), MONDAY)
    assert run(MONDAY + timedelta(minutes=5)) == 0
    assert run(MONDAY + timedelta(minutes=20)) == 0
    issue = Issue.objects.get()
    assert issue.state == Issue.State.FAILED and "by hand" in issue.error and smtp.mails == []


def test_nobody_gets_more_than_the_cap_in_a_day(smtp: Post, subscription: Subscription, monkeypatch: Any) -> None:
    monkeypatch.setattr(ledger, "MAILS_PER_DAY", 2)
    for i in range(3):
        brand = a_brand(f"B{i}", slug=f"b{i}")
        Subscription.objects.create(user=subscription.user, brand=brand)
    Subscription.objects.update(created_at=MONDAY - timedelta(days=30))
    run(MONDAY + timedelta(hours=4))
    assert len(smtp.mails) == 2 and Issue.objects.filter(state=Issue.State.FAILED).count() == 2


def test_a_week_of_downtime_is_never_a_quiet_week(smtp: Post, subscription: Subscription, brand: Brand) -> None:
    source = Source.objects.create(kind="rss", name="Feed", next_pull_at=MONDAY, last_success_at=MONDAY)
    source.brands.add(brand)
    Source.objects.update(created_at=MONDAY - timedelta(days=60))
    Gap.objects.create(source=source, start=SUNDAY - timedelta(days=1), end=SUNDAY, reason="The server was away.")
    Subscription.objects.update(send_empty=False)
    assert run() == 1
    mail = smtp.mails[0]
    assert "not collected" in mail["subject"]
    assert "The server was away." in mail.get_body(["plain"]).get_content()  # type: ignore[union-attr]


def test_a_quiet_week_is_sent_or_not_as_the_person_wishes(smtp: Post, subscription: Subscription, brand: Brand) -> None:
    source = Source.objects.create(kind="rss", name="Feed", next_pull_at=MONDAY, last_success_at=MONDAY)
    source.brands.add(brand)
    Source.objects.update(created_at=MONDAY - timedelta(days=60))
    Subscription.objects.update(send_empty=False)
    assert run() == 0 and Issue.objects.get().state == Issue.State.SKIPPED
    Issue.objects.all().delete()
    Subscription.objects.update(send_empty=True)
    assert run() == 1 and "a quiet week" in smtp.mails[0]["subject"]


def test_it_says_who_read_the_sentiment_and_when_more_than_one_did(
    smtp: Post, subscription: Subscription, brand: Brand
) -> None:
    a_week(brand)
    Mention.objects.update(sentiment_engine="vader-1")
    Mention.objects.filter(external_id__in=["at://1", "at://2", "at://3"]).update(
        sentiment_engine="other-2", unsure=True
    )
    run()
    text, html = (smtp.mails[0].get_body([kind]).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    said = "Sentiment was read by vader-1 (9 mentions), other-2 (3 mentions), 25% of it unsure. These engines measure"
    assert said in text and said in html
