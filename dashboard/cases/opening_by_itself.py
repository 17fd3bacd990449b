"""Opening by itself: what was collected since the last look becomes cases by the brand's rules and its priority.

Where a brand's look stands is in its CaseRules, whose lock each step holds: a second worker passes by, a killed one
leaves nothing half done, and a second look at the same mentions opens nothing, for a mention and a group have one case.

A mention is there only when its page is committed, and that can be minutes after the moment in `collected_at`. So the
mark never comes closer than SETTLED to now, and what lies behind it is looked at again by each ring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from dashboard.cases.assigning import Dealer
from dashboard.cases.choosing import BATCH, WEEK, Chosen, candidates, choose, groups_of_cases, lately, not_yet, plan_of
from dashboard.cases.opening import due_at, kind_of, locked
from dashboard.cases.rules import Plan, tags_of
from listening.models import Brand, Case, CaseRules, Mention

SETTLED = timedelta(minutes=10)
MOST_BATCHES = 20
"""Per brand and ring; what is left waits for the next one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One batch: how many cases it opened, and where the next one goes on; None at the end."""

    opened: int
    last: Mention | None


def open_due(now: datetime) -> int:
    """Every brand that has rules. Returns how many cases were opened."""
    return sum(open_new(pk, now) for pk in CaseRules.objects.order_by("pk").values_list("pk", flat=True))


def open_new(rules_id: int, now: datetime) -> int:
    """One brand, in order of collection, as far as one ring may go."""
    opened, last = 0, None
    for _ in range(MOST_BATCHES):
        step = _step(rules_id, last, now)
        if step is None:
            break
        opened, last = opened + step.opened, step.last
        if last is None:
            break
    return opened


@transaction.atomic
def _step(rules_id: int, last: Mention | None, now: datetime) -> Step | None:
    """None where another worker holds the brand, or its rules are gone."""
    rows = CaseRules.objects.select_for_update(skip_locked=True, of=("self",)).select_related("brand")
    rules = rows.filter(pk=rules_id).first()
    if rules is None:
        return None
    since = rules.seen_until or now
    plan = plan_of(rules)
    found = _collected(rules.brand, plan, since, last, now)
    taken = groups_of_cases(rules.brand, found)
    opened = _open(rules, choose(rules.brand, plan, found, now, taken), now)
    full = len(found) == BATCH
    rules.seen_until = max(since, min(found[-1].collected_at if full else now, now - SETTLED))
    rules.save(update_fields=["seen_until"])
    return Step(opened, found[-1] if full else None)


def _collected(brand: Brand, plan: Plan, since: datetime, last: Mention | None, now: datetime) -> list[Mention]:
    """The next batch; what was published before collecting began rings nobody."""
    among = Q(collected_at__gte=since, collected_at__lte=now, back_fill=False)
    if last is not None:
        later = Q(collected_at__gt=last.collected_at) | Q(collected_at=last.collected_at, pk__gt=last.pk)
        among &= Q(collected_at__gte=last.collected_at) & later
    return list(not_yet(candidates(brand, plan, among)).order_by("collected_at", "pk")[:BATCH])


@transaction.atomic
def open_of_last(brand: Brand, now: datetime, length: timedelta = WEEK) -> int:
    """Apply the rules to what was published lately, back-filled or not. Returns how many cases were opened."""
    rules = locked(brand.pk)
    if rules is None:
        return 0
    plan = plan_of(rules, since_made=False)
    return sum(_open(rules, chosen, now) for chosen in lately(brand, plan, now, length))


def _open(rules: CaseRules, chosen: Sequence[Chosen], now: datetime) -> int:
    """Insert the cases. One that a person opened meanwhile stays theirs."""
    if not chosen:
        return 0
    dealer = Dealer.of(rules)
    due = due_at(rules, now)
    cases = [_case(one, dealer, due) for one in chosen]
    Case.objects.bulk_create(cases, ignore_conflicts=True)
    dealer.keep()
    return len(cases)


def _case(one: Chosen, dealer: Dealer, due: datetime | None) -> Case:
    named = next((rule.assignee for rule in one.rules if dealer.knows(rule.assignee)), None)
    if named:
        dealer.took(named)
    return Case(
        mention=one.mention,
        brand_id=one.mention.brand_id,
        kind=kind_of(one.mention),
        origin=one.origin,
        rule=one.rules[0] if one.rules else None,
        assignee=named or dealer.next(),
        tags=tags_of(one.rules),
        priority=one.mention.priority,
        due_at=due,
    )
