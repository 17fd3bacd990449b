"""What happens is told, once, whoever made it happen; and what is told are numbers, kinds and times."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import resolve
from django.utils import timezone

from dashboard.cases import bulk, undoing
from dashboard.cases.changing import change
from dashboard.cases.opening import case_of
from dashboard.cases.opening_by_itself import open_of_last
from dashboard.cases.working import work_on_same
from dashboard.improving import OPEN, change as change_improvement, make
from listening.models import Brand, Case, CaseRules, Delivery, Improvement, Mention, Source, Spike, User, Webhook
from listening.models.case import CLOSED
from listening.webhooks.events import EVENTS
from tests.builders import a_brand, a_case, a_complaint, a_member, a_mention, a_source, a_user, a_webhook, an_author
from tests.webhooks.conftest import Receiver, send_all

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(minute=0, second=0, microsecond=0)
CANARY = "zanzibarquux"


@pytest.fixture
def webhook(brand: Brand) -> Webhook:
    return a_webhook(brand)


def events() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("event", flat=True))


def a_spike(brand: Brand, **fields: Any) -> Spike:
    began = NOW - timedelta(hours=3)
    values = {
        "brand": brand, "measure": "volume", "began_at": began, "noticed_at": began, "peak_at": began,
        "peak": 40, "peak_of": 40, "expected": 4.0, "strength": 10.0, "rare": 7.0,
    }  # fmt: skip
    return Spike.objects.create(**values | fields)


def test_a_case_is_told_of_when_it_is_opened_assigned_and_closed(brand: Brand, webhook: Webhook, maria: User) -> None:
    case = case_of(a_complaint(brand))
    case = change(case, case.version, maria, NOW, assignee=maria)
    case = change(case, case.version, maria, NOW, tags=["money"])
    case = change(case, case.version, maria, NOW, status="done")
    change(case, case.version, maria, NOW, status="ignored")
    assert events() == ["case.opened", "case.assigned", "case.closed"]
    closed = Delivery.objects.get(event="case.closed").facts
    assert (closed["case"], closed["mention"], closed["status"]) == (case.pk, case.mention_id, "done")
    assert (closed["kind"], closed["network"], closed["assignee"]) == ("complaint", "mastodon", maria.pk)


def test_a_case_that_is_opened_again_and_closed_again_is_told_of_again(
    brand: Brand, webhook: Webhook, maria: User
) -> None:
    case = a_case(a_mention(brand))
    for status in ("done", "new", "ignored"):
        case = change(case, case.version, maria, NOW, status=status)
    assert events() == ["case.opened", "case.closed", "case.closed"]


@pytest.mark.parametrize("status", Case.Status.values)
def test_closed_means_the_same_to_the_database_and_to_the_team(brand: Brand, webhook: Webhook, status: str) -> None:
    case = a_case(a_mention(brand), status="waiting")
    until = NOW if status == "snoozed" else None
    Case.objects.filter(pk=case.pk).update(status=status, snoozed_until=until)
    assert ("case.closed" in events()) == (status in CLOSED)


def test_what_is_rolled_back_was_never_told(brand: Brand, webhook: Webhook) -> None:
    with transaction.atomic():
        a_case(a_mention(brand))
        assert events() == ["case.opened"]
        transaction.set_rollback(True)
    assert events() == []


def test_cases_that_open_by_themselves_are_told_of_each_with_whom_they_went_to(brand: Brand, webhook: Webhook) -> None:
    a_member(brand, "marketer")
    for _ in range(3):
        a_complaint(brand, author=an_author(), addressed="mentioned")
    CaseRules.objects.create(brand=brand, from_priority=0, assign="in_turn", only_answerable=False, seen_until=NOW)
    assert open_of_last(brand, timezone.now()) == 3
    assert sorted(events()) == ["case.assigned"] * 3 + ["case.opened"] * 3
    assert open_of_last(brand, timezone.now()) == 0
    assert len(events()) == 6


def test_a_change_of_many_and_its_undo_are_told_of_each(brand: Brand, webhook: Webhook, maria: User) -> None:
    seen = {a_case(a_mention(brand)).pk: 1 for _ in range(3)}
    outcome = bulk.change_many(brand, maria, seen, timezone.now(), "given to Maria", assignee=maria)
    assert events().count("case.assigned") == 3
    assert outcome.bulk
    undoing.undo(brand, maria, outcome.bulk.pk, timezone.now())
    assert events().count("case.assigned") == 3, "taken away is not given"


def test_complaints_that_say_the_same_are_told_of_too(brand: Brand, webhook: Webhook, maria: User) -> None:
    one, other = a_complaint(brand), a_complaint(brand)
    Mention.objects.filter(pk__in=[one.pk, other.pk]).update(group_key=77)
    one.refresh_from_db()
    assert work_on_same(one, maria, None, status="done") == 1
    assert events() == ["case.opened", "case.closed"]
    assert Delivery.objects.first().facts["mention"] == other.pk  # type: ignore[union-attr]


def test_a_spike_is_told_of_when_it_begins_and_ends_and_judging_again_is_no_news(
    brand: Brand, webhook: Webhook
) -> None:
    spike = a_spike(brand)
    Spike.objects.filter(pk=spike.pk).update(peak=50)
    spike.ended_at = NOW - timedelta(hours=1)
    spike.save()
    assert events() == ["spike.began", "spike.ended"]
    spike.delete()
    a_spike(brand, ended_at=NOW - timedelta(hours=1))
    assert events() == ["spike.began", "spike.ended"]
    began, ended = Delivery.objects.order_by("pk")
    assert (began.facts["scope"], began.facts["ended_at"], ended.facts["ended_at"] is not None) == ("brand", None, True)


def test_a_spike_of_the_past_is_no_news(brand: Brand, webhook: Webhook) -> None:
    long_ago = NOW - timedelta(days=3)
    a_spike(brand, began_at=long_ago, noticed_at=long_ago, ended_at=long_ago + timedelta(hours=2))
    assert events() == []


@pytest.mark.parametrize(
    ("part", "scope", "theme"), [({"network": "x"}, "network", None), ({"theme": "12"}, "theme", 12)]
)
def test_a_spike_of_a_part_says_of_which(
    brand: Brand, webhook: Webhook, part: dict[str, str], scope: str, theme: int | None
) -> None:
    a_spike(brand, **part)
    facts = Delivery.objects.get().facts
    assert (facts["scope"], facts["theme"]) == (scope, theme)


def test_a_source_that_needs_attention_is_told_to_each_of_its_brands_each_time(brand: Brand, webhook: Webhook) -> None:
    other = a_brand("Other")
    a_webhook(other)
    source = a_source(brand, other, kind="x")
    rows = Source.objects.filter(pk=source.pk)
    rows.update(state="broken", error_code="auth", error_since=NOW)
    rows.update(state="broken", error_code="plan")
    assert events() == ["source.needs_attention"] * 2
    assert {row.webhook.brand for row in Delivery.objects.all()} == {brand, other}
    facts = Delivery.objects.first().facts  # type: ignore[union-attr]
    assert (facts["source"], facts["network"], facts["reason"]) == (source.pk, "x", "auth")
    rows.update(state="on")
    assert len(events()) == 2


def test_an_improvement_is_told_of_when_it_is_closed(brand: Brand, webhook: Webhook, maria: User) -> None:
    one = make(brand, maria, "Longer cables")
    one = change_improvement(one, one.version, maria, NOW, status="doing")
    assert events() == []
    one = change_improvement(one, one.version, maria, NOW, status="done")
    assert events() == ["improvement.closed"]
    assert Delivery.objects.get().facts["status"] == "done"


@pytest.mark.parametrize("status", Improvement.Status.values)
def test_an_improvement_is_closed_when_it_is_open_no_more(brand: Brand, webhook: Webhook, status: str) -> None:
    one = Improvement.objects.create(brand=brand, title="Longer cables")
    Improvement.objects.filter(pk=one.pk).update(status=status, done_at=NOW if status == "done" else None)
    assert (events() == ["improvement.closed"]) == (status not in OPEN)


def test_only_what_a_webhook_asked_for_is_told_and_only_of_its_own_brand_while_it_is_on(brand: Brand) -> None:
    closed = a_webhook(brand, events=["case.closed"])
    a_webhook(brand, active=False)
    a_webhook(a_brand("Elsewhere"))
    case = a_case(a_mention(brand))
    assert events() == []
    Case.objects.filter(pk=case.pk).update(status="done")
    assert Delivery.objects.get().webhook == closed


def everything_happens(brand: Brand) -> None:
    """Each event, with the canary in every place that people fill."""
    person = a_user(f"{CANARY}@example.org", name=CANARY)
    a_member(brand, "marketer", person)
    author = an_author(handle=CANARY, name=CANARY)
    theme = brand.themes.create(name=CANARY, origin="admin", query=CANARY)
    mention = a_complaint(
        brand, f"{CANARY} broke again", author=author, external_id=CANARY, url=f"https://x.example/{CANARY}"
    )
    case = a_case(mention, tags=[CANARY], snooze_reason=CANARY)
    case = change(case, 1, person, NOW, assignee=person)
    change(case, case.version, person, NOW, status="done")
    spike = a_spike(brand, theme=str(theme.pk), drivers={"mentions": [mention.pk], "said": CANARY})
    Spike.objects.filter(pk=spike.pk).update(ended_at=NOW)
    source = a_source(brand, name=CANARY, settings={"url": CANARY})
    told = {"error_code": "auth", "error_sentence": CANARY, "error_raw": CANARY, "error_since": NOW}
    Source.objects.filter(pk=source.pk).update(state="broken", **told)
    one = make(brand, person, CANARY, what=CANARY, owner=person, theme=theme)
    change_improvement(one, one.version, person, NOW, status="done", said=CANARY, did=CANARY)


def test_nobodys_words_and_nobodys_name_leave(brand: Brand, receiver: Receiver) -> None:
    a_webhook(brand, receiver.hook)
    everything_happens(brand)
    send_all()
    assert {told["type"] for told in receiver.told} == set(EVENTS)
    for request in receiver.requests:
        left = f"{request.path} {request.headers} {request.body.decode()}"
        assert CANARY not in left, left
    assert CANARY not in str(list(Delivery.objects.values_list("facts", "key", "sentence")))


def test_each_event_says_what_the_docs_say_and_its_link_leads_to_a_page(brand: Brand, webhook: Webhook) -> None:
    everything_happens(brand)
    rows = Delivery.objects.select_related("webhook__brand")
    for row in rows:
        event = EVENTS[row.event]
        assert set(row.facts) == set(event.facts), row.event
        path = event.link.format_map(row.facts).partition("#")[0]
        assert resolve(f"/b/{brand.slug}/{path}").kwargs["slug"] == brand.slug
        said = json.loads(row.body())
        link = f"{settings.PUBLIC_URL}/b/{brand.slug}/{event.link.format_map(row.facts)}"
        assert (said["type"], said["data"]) == (row.event, {**row.facts, "link": link})
    assert {row.event for row in rows} == set(EVENTS)
