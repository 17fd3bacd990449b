"""Trying: what rules would have opened in the last days, counted before anybody lets them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.cases.choosing import WEEK, Chosen, lately, plan_of
from dashboard.cases.rules import Plan
from listening.models import Brand, CaseRule, CaseRules, Line

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """How many cases, and the latest few."""

    n: int
    examples: list[Chosen]
    days: int


def try_all(rules: CaseRules, now: datetime, length: timedelta = WEEK) -> Trial:
    """What applying the saved rules to the last days would open now."""
    return _try(rules.brand, plan_of(rules, since_made=False), now, length, anew=False)


def try_one(rule: CaseRule, only_answerable: bool, now: datetime, length: timedelta = WEEK) -> Trial:
    """What one rule, perhaps not saved yet, would have opened by itself, whatever is a case already."""
    policy = Line.objects.of(rule.brand).read() if only_answerable else None
    return _try(rule.brand, Plan(None, (rule,), policy, since_made=False), now, length, anew=True)


def _try(brand: Brand, plan: Plan, now: datetime, length: timedelta, anew: bool) -> Trial:
    n, examples = 0, list[Chosen]()
    for chosen in lately(brand, plan, now, length, anew):
        n, examples = n + len(chosen), [*examples, *chosen][-EXAMPLES:]
    return Trial(n, examples[::-1], length.days)
