"""Apply what a document says about a brand's cases and its line."""

from collections.abc import Iterator
from datetime import datetime

from ingest.configuration.change import Change, columns
from ingest.configuration.shape import CasesSpec, LineSpec, Misconfigured, RuleSpec
from listening.line import Policy, Unfit
from listening.line.changes import WHO_NAMES, differences
from listening.models import Brand, CaseRule, CaseRules, Line, User


def apply_cases(brand: Brand, told: CasesSpec | None, now: datetime, prune: bool) -> Iterator[Change]:
    """The first rules look at what is collected from now on. Members must be there already: rules name them."""
    if told is None:
        return
    target = f"cases {brand.slug}"
    rules, made = CaseRules.objects.get_or_create(brand=brand, defaults={"seen_until": now})
    values = dict(told.values)
    start, end = (values.get(name, getattr(rules, name)) for name in ("start", "end"))
    if start >= end:
        raise Misconfigured(told.path, f"the day would be from {start} to {end}: name both “start” and “end”.")
    changes = list(columns(rules, values, target))
    if made or changes:
        CaseRules.objects.filter(pk=rules.pk).update(set_at=now, set_by=None)
    yield from [Change("added", target)] if made else changes
    for one in told.rules or ():
        yield from _rule(brand, one)
    left_out = brand.case_rule_set.exclude(name__in=[one.name for one in told.rules or ()])
    for row in left_out if prune and told.rules is not None else ():
        row.delete()
        yield Change("removed", f"rule {brand.slug}/{row.name}")


def _rule(brand: Brand, told: RuleSpec) -> Iterator[Change]:
    values = dict(told.values) | ({"assignee": _assignee(brand, told)} if told.gives else {})
    row = CaseRule.objects.filter(brand=brand, name=told.name).select_related("assignee").first()
    target = f"rule {brand.slug}/{told.name}"
    if row is None:
        CaseRule.objects.create(brand=brand, name=told.name, **values)
        yield Change("added", target)
    else:
        yield from columns(row, values, target)


def _assignee(brand: Brand, told: RuleSpec) -> User | None:
    if told.assignee is None:
        return None
    user = User.objects.working_for(brand.pk).filter(email__iexact=told.assignee).first()
    if user is None:
        raise Misconfigured(f"{told.path}.assignee", f"{told.assignee} is no admin or marketer of {brand.slug}.")
    return user


def apply_line(brand: Brand, told: LineSpec | None) -> Iterator[Change]:
    """A new version where the policy or its name differs; what the document leaves out stays as it is."""
    if told is None:
        return
    live = Line.objects.of(brand)
    before = live.read()
    try:
        policy = Policy.read(before.as_json() | dict(told.values))
    except Unfit as error:
        raise Misconfigured(told.path, str(error)) from error
    name = told.name or (live.name if policy.who == before.who else WHO_NAMES[policy.who])
    changed = differences(before, policy)
    if not changed and name == live.name:
        return
    version = live.version + 1
    Line.objects.create(brand=brand, version=version, name=name, policy=policy.as_json(), author=None)
    yield Change("changed", f"line {brand.slug}", " ".join([f"version {version}, “{name}”.", *changed]))
