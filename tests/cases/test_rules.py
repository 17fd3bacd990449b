"""Cases that open by themselves: which mentions, in whose hands, by when; and never twice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from dashboard.cases import opening_by_itself
from dashboard.cases.opening import case_of
from dashboard.cases.opening_by_itself import open_due, open_of_last
from dashboard.cases.trying import try_all, try_one
from dashboard.tasks import open_cases
from listening.models import Brand, Case, CaseRule, CaseRules, Mention
from tests.builders import a_brand, a_case, a_complaint, a_member, a_mention, an_author, at

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def brand() -> Brand:
    return a_brand()


def rules_of(brand: Brand, **fields: Any) -> CaseRules:
    """Rules that look back an hour."""
    return CaseRules.objects.create(**{"brand": brand, "seen_until": NOW - 60 * MINUTE} | fields)


def a_rule(brand: Brand, name: str = "Refunds", **fields: Any) -> CaseRule:
    rule = CaseRule.objects.create(brand=brand, name=name, **fields)
    CaseRule.objects.filter(pk=rule.pk).update(created_at=NOW - timedelta(days=1))
    return rule


def heard(brand: Brand, text: str = "acme broke again", minutes: int = 5, **fields: Any) -> Mention:
    """An addressed complaint by somebody, collected so many minutes ago."""
    then = NOW - minutes * MINUTE
    told = {"author": an_author(), "addressed": "mentioned", "collected_at": then, "published_at": then}
    return a_complaint(brand, text, **told | fields)


def opened() -> set[int]:
    return set(Case.objects.values_list("mention_id", flat=True))


def test_what_reaches_the_priority_becomes_a_case_with_a_due_time(brand: Brand) -> None:
    brand.time_zone = "Europe/Berlin"
    brand.save()
    rules_of(brand, from_priority=50, reply_hours=2)
    strong, mild = heard(brand, complaint_strength=3), heard(brand)
    assert (strong.priority, mild.priority) == (50, 20)
    open_due(NOW)
    case = Case.objects.get()
    assert (case.mention, case.origin, case.rule, case.kind, case.priority) == (
        strong,
        "priority",
        None,
        "complaint",
        50,
    )
    assert case.due_at is not None and case.due_at > NOW


def test_the_due_time_is_in_the_brands_business_hours(brand: Brand) -> None:
    brand.time_zone = "Europe/Berlin"
    brand.save()
    friday = at("2026-11-27 15:30")  # 16:30 in Berlin
    rules_of(brand, from_priority=0, days=[0, 1, 2, 3, 4], reply_hours=1, seen_until=friday - MINUTE)
    heard(brand, collected_at=friday)
    open_due(friday)
    assert Case.objects.get().due_at == at("2026-11-30 08:30")


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({"query": "refund AND NOT joke"}, {"refund"}),
        ({"query": "hashtag:coffee"}, set()),
        ({"kinds": ["question"]}, {"question"}),
        ({"kinds": ["praise", "other"]}, {"praise", "other"}),
        ({"networks": ["bluesky"]}, {"question"}),
        ({"addressed_only": False, "query": "acme"}, {"refund", "question", "praise", "other", "overheard"}),
        ({"query": "acme"}, {"refund", "question", "praise", "other"}),
        ({}, {"refund", "question", "praise", "other"}),
        ({"addressed_only": False}, {"refund", "question", "praise", "other", "overheard"}),
        ({"query": "refund", "active": False}, set()),
    ],
)
def test_a_rule_opens_what_fits_all_of_it(brand: Brand, rule: dict[str, Any], fits: set[str]) -> None:
    rules_of(brand, only_answerable=False)
    a_rule(brand, **rule)
    said = {"author": an_author(), "addressed": "mentioned", "collected_at": NOW - MINUTE}
    mentions = {
        "refund": heard(brand, "acme owes me a refund"),
        "question": a_mention(brand, "acme, when do you open?", asks="question", network="bluesky", **said),
        "praise": a_mention(brand, "lovely acme", sentiment="positive", **said),
        "other": a_mention(brand, "acme opened a shop", **said),
        "overheard": a_mention(brand, "acme again", **said | {"addressed": "talked_about"}),
    }
    open_due(NOW)
    assert opened() == {mentions[name].pk for name in fits}


def test_rules_come_before_priority_and_bring_person_and_tags(brand: Brand) -> None:
    ann, bob = a_member(brand), a_member(brand)
    rules_of(brand, from_priority=0, assign="in_turn")
    first = a_rule(brand, "A refunds", query="refund", tags=["money", "urgent"])
    a_rule(brand, "B money", query="money", assignee=bob, tags=["money", "bank"])
    both, neither = heard(brand, "acme: refund my money", 9), heard(brand, "acme broke", 8)
    open_due(NOW)
    case = Case.objects.get(mention=both)
    assert (case.origin, case.rule, case.assignee, case.tags) == ("rule", first, bob, ["money", "urgent", "bank"])
    assert Case.objects.get(mention=neither).assignee == ann


def test_a_person_who_left_is_given_nothing(brand: Brand) -> None:
    ann, gone = a_member(brand), a_member(a_brand())
    rules_of(brand, assign="in_turn")
    a_rule(brand, assignee=gone)
    heard(brand)
    open_due(NOW)
    assert Case.objects.get().assignee == ann


@pytest.mark.parametrize(
    "fields",
    [
        {"own": True},
        {"hidden": "deleted"},
        {"back_fill": True},
        {"text_gone_at": NOW},
        {"collected_at": NOW - 61 * MINUTE},
        {"collected_at": NOW + MINUTE},
    ],
)
def test_some_mentions_never_open_a_case_by_themselves(brand: Brand, fields: dict[str, Any]) -> None:
    rules_of(brand, from_priority=0, only_answerable=False)
    heard(brand, **fields)
    kept = heard(brand)
    open_due(NOW)
    assert opened() == {kept.pk}


def test_what_the_line_refuses_opens_nothing_unless_the_brand_wants_it(brand: Brand) -> None:
    rules = rules_of(brand, from_priority=0)
    overheard, young = heard(brand, addressed="talked_about"), heard(brand, author=None)
    kept = heard(brand)
    open_due(NOW)
    assert opened() == {kept.pk}
    CaseRules.objects.filter(pk=rules.pk).update(only_answerable=False)
    open_due(NOW)
    assert opened() == {kept.pk, overheard.pk, young.pk}


def test_posts_that_say_the_same_are_one_case_the_originals(brand: Brand) -> None:
    rules_of(brand, from_priority=0)
    for number in range(5):
        heard(brand, minutes=9, group_key=7, repost_of="original", external_id=f"repost-{number}")
    original = heard(brand, minutes=8, group_key=7, external_id="original")
    alone = [heard(brand, group_key=8), heard(brand, group_key=None)]
    assert open_due(NOW) == 3
    heard(brand, minutes=0, group_key=7, repost_of="original")
    assert open_due(NOW + MINUTE) == 0
    assert opened() == {original.pk, *(one.pk for one in alone)}


def test_a_group_that_somebody_works_on_is_left_to_them(brand: Brand) -> None:
    rules_of(brand, from_priority=0)
    a_case(heard(brand, minutes=90, group_key=7))
    heard(brand, group_key=7)
    assert open_due(NOW) == 0


def test_looking_twice_changes_nothing(brand: Brand) -> None:
    rules_of(brand, from_priority=0)
    heard(brand)
    assert [open_due(NOW), open_due(NOW)] == [1, 0]
    case = Case.objects.get()
    assert (case.version, Case.objects.count()) == (1, 1)


def test_a_page_that_is_stored_late_is_seen_all_the_same(brand: Brand) -> None:
    rules = rules_of(brand, from_priority=0)
    open_due(NOW)
    rules.refresh_from_db()
    assert rules.seen_until == NOW - opening_by_itself.SETTLED
    late = heard(brand, minutes=5)  # its page was committed only now
    open_due(NOW + MINUTE)
    assert opened() == {late.pk}


def test_a_long_queue_is_worked_off_in_order_and_no_ring_does_it_all(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening_by_itself, "BATCH", 2)
    monkeypatch.setattr(opening_by_itself, "MOST_BATCHES", 2)
    rules = rules_of(brand, from_priority=0)
    mentions = [heard(brand, minutes=59 - number // 2) for number in range(7)]  # two share each moment
    assert open_due(NOW) == 4
    assert opened() == {mention.pk for mention in mentions[:4]}
    rules.refresh_from_db()
    assert rules.seen_until == mentions[3].collected_at
    assert [open_due(NOW), open_due(NOW)] == [3, 0]


def test_new_rules_are_for_what_is_collected_from_then_on(brand: Brand) -> None:
    CaseRules.objects.create(brand=brand, from_priority=0)  # never looked
    heard(brand, minutes=1)
    assert open_due(NOW) == 0
    later = heard(brand, minutes=-1)
    assert open_due(NOW + MINUTE) == 1
    assert opened() == {later.pk}


def test_a_new_rule_leaves_what_was_collected_before_it(brand: Brand) -> None:
    rules_of(brand)
    before = heard(brand, minutes=1)
    CaseRule.objects.create(brand=brand, name="All")
    after = heard(brand, collected_at=timezone.now())
    open_due(timezone.now() + MINUTE)
    assert opened() == {after.pk} != {before.pk}


def test_applying_to_the_last_days_opens_what_was_counted(brand: Brand) -> None:
    rules = rules_of(brand, from_priority=0)
    a_rule(brand, query="refund")
    old: dict[str, Any] = {"minutes": 1, "collected_at": NOW, "back_fill": True}
    heard(brand, published_at=NOW - timedelta(days=8), **old)
    wanted = [heard(brand, "acme: refund", published_at=NOW - timedelta(days=day), **old) for day in (6, 1)]
    case_of(heard(brand, **old))
    trial = try_all(rules, NOW)
    assert (trial.n, [one.mention for one in trial.examples]) == (2, wanted[::-1])
    assert open_of_last(brand, NOW) == 2
    assert try_all(rules, NOW).n == open_of_last(brand, NOW) == 0


def test_trying_a_rule_counts_also_what_is_a_case_already(brand: Brand) -> None:
    rules_of(brand)
    case_of(heard(brand, "acme: refund", group_key=5))
    heard(brand, "acme: refund now", group_key=5)
    heard(brand, "acme: refund", addressed="talked_about")
    rule = CaseRule(brand=brand, name="", query="refund", addressed_only=False)
    assert (try_one(rule, True, NOW).n, try_one(rule, False, NOW).n) == (1, 2)


def test_a_rule_whose_query_can_be_read_no_more_fits_nothing(brand: Brand) -> None:
    rules_of(brand)
    a_rule(brand, query="(refund")
    heard(brand, "acme: refund")
    assert open_due(NOW) == 0


def test_the_bell_and_the_command_do_it(brand: Brand, capsys: pytest.CaptureFixture[str]) -> None:
    rules_of(brand, from_priority=0, seen_until=timezone.now() - 60 * MINUTE)
    heard(brand)
    open_cases()
    assert Case.objects.count() == 1
    heard(brand, back_fill=True)
    call_command("open_cases", brand=brand.slug, days=2)
    assert capsys.readouterr().out == f"{brand.slug}: 1 cases opened\n"
    with pytest.raises(CommandError, match="no brand"):
        call_command("open_cases", brand="nobody")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_no_case_twice() -> None:
    brand = a_brand()
    a_member(brand)
    a_member(brand)
    rules_of(brand, from_priority=0, assign="in_turn")
    for number in range(60):
        heard(brand, minutes=5, group_key=number // 2)
    counts: list[int] = []
    together(lambda: counts.append(open_due(NOW)), lambda: counts.append(open_due(NOW)))
    counts.append(open_due(NOW))
    assert sum(counts) == Case.objects.count() == 30
    assert Case.objects.values("mention__group_key").distinct().count() == 30
    assert len({case.assignee_id for case in Case.objects.all()}) == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_passes_by_a_brand_that_another_one_holds() -> None:
    brand = a_brand()
    rules = rules_of(brand, from_priority=0)
    heard(brand)
    counts: list[int] = []
    with transaction.atomic():
        CaseRules.objects.select_for_update().get(pk=rules.pk)
        together(lambda: counts.append(open_due(NOW)))
    assert counts == [0] and open_due(NOW) == 1


def together(*deeds: Callable[[], None]) -> None:
    """Each in a thread with a connection of its own, all let go at once."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], None]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '10s'")  # who waits for ever must not hang the test
            barrier.wait()
            deed()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
