"""Choosing: which of these mentions become cases by themselves, and why; posts that say the same are one case."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from dashboard.cases.rules import Plan
from dashboard.reports.mentions import DEFERRED
from listening.asking import verdicts
from listening.models import Brand, Case, CaseRule, CaseRules, Line, Mention
from listening.models.mention import MentionQuerySet

BATCH = 500
MOST = 20_000
"""Mentions that may fit, looked at when rules are applied to the past or tried on it: the newest."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A mention that becomes a case; without `rules` because of its priority."""

    mention: Mention
    rules: Sequence[CaseRule]

    @property
    def origin(self) -> str:
        return Case.Origin.RULE if self.rules else Case.Origin.PRIORITY


def plan_of(rules: CaseRules, since_made: bool = True) -> Plan:
    """What holds for a brand now."""
    active = rules.brand.case_rule_set.filter(active=True).select_related("assignee")
    policy = Line.objects.of(rules.brand).read() if rules.only_answerable else None
    return Plan(rules.from_priority, tuple(active), policy, since_made)


def candidates(brand: Brand, plan: Plan, among: Q) -> MentionQuerySet:
    """Those that the plan may fit and that can be worked on: no own, no hidden and no forgotten ones."""
    found = Mention.objects.counted().filter(brand=brand, text_gone_at=None).filter(among, plan.condition)
    return found.select_related("author").defer(*DEFERRED)


def not_yet(mentions: MentionQuerySet) -> MentionQuerySet:
    """Without those that are cases already."""
    return mentions.filter(~Exists(Case.objects.filter(mention=OuterRef("pk"))))


def groups_of_cases(brand: Brand, mentions: Iterable[Mention]) -> set[int]:
    """Those of the mentions' groups that have a case. Asked once for a batch: a storm has thousands in one group."""
    keys = {one.group_key for one in mentions} - {None}
    cases = Case.objects.filter(mention__brand=brand, mention__group_key__in=keys).order_by()
    found = cases.values_list("mention__group_key", flat=True).distinct() if keys else ()
    return {key for key in found if key is not None}


def lately(brand: Brand, plan: Plan, now: datetime, length: timedelta, anew: bool = False) -> Iterator[list[Chosen]]:
    """Batch by batch, the oldest first, what the plan chooses of what was published lately, back-filled or not.

    `anew`: as if nothing was a case yet.
    """
    found = candidates(brand, plan, Q(published_at__gte=now - length, published_at__lte=now))
    found = found if anew else not_yet(found)
    ids = list(found.order_by("-published_at", "-pk").values_list("pk", flat=True)[:MOST])[::-1]
    taken = set[int]()
    for begin in range(0, len(ids), BATCH):
        batch = candidates(brand, plan, Q(pk__in=ids[begin : begin + BATCH])).order_by("published_at", "pk")
        mentions = list(batch)
        taken |= set() if anew else groups_of_cases(brand, mentions)
        yield choose(brand, plan, mentions, now, taken)


def choose(brand: Brand, plan: Plan, mentions: Sequence[Mention], now: datetime, taken: set[int]) -> list[Chosen]:
    """In order, one of each group, the original rather than its reposts. `taken` are groups that have theirs already,
    and learns of more."""
    fresh = (one for one in mentions if one.group_key not in taken)
    fitting = [Chosen(one, plan.fitting(one)) for one in fresh]
    wanted = [one for one in fitting if one.rules or plan.high(one.mention)]
    if plan.policy is not None:
        told = verdicts(brand, plan.policy, [one.mention for one in wanted], now)
        wanted = [one for one in wanted if told[one.mention.pk].verdict != "refused"]
    single = _one_each(wanted, taken)
    return [one for one in wanted if one.mention.pk in single]


def _one_each(wanted: Sequence[Chosen], taken: set[int]) -> set[int]:
    single = set()
    for one in sorted(wanted, key=lambda one: bool(one.mention.repost_of)):
        key = one.mention.group_key
        if key is None or key not in taken:
            single.add(one.mention.pk)
        if key is not None:
            taken.add(key)
    return single
