"""Ruling: an admin changes what becomes a case by itself; every change is in the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from dashboard import audit
from dashboard.cases.opening_by_itself import open_of_last
from dashboard.taken import once
from listening.models import Brand, CaseRule, CaseRules, User

OTHER_NAME = "choose another name."


def rules_of(brand: Brand) -> CaseRules:
    """The brand's rules; unsaved ones, that open nothing, where nobody made any."""
    return CaseRules.objects.select_related("brand", "set_by").filter(brand=brand).first() or CaseRules(brand=brand)


@transaction.atomic
def set_rules(brand: Brand, values: Mapping[str, Any], user: User, now: datetime) -> bool:
    """Change what differs. False where it is so already. The first rules look at what is collected from now on."""
    rules, made = CaseRules.objects.select_for_update().get_or_create(brand=brand, defaults={"seen_until": now})
    changed = {name: value for name, value in values.items() if getattr(rules, name) != value}
    if not changed and not made:
        return False
    CaseRules.objects.filter(pk=rules.pk).update(**changed, set_by=user, set_at=now)
    audit.note(user, "changed rules for cases", brand, brand.name, **_without_words(changed))
    return True


@transaction.atomic
def keep_rule(brand: Brand, rule: CaseRule | None, values: Mapping[str, Any], user: User, now: datetime) -> CaseRule:
    """Make a rule, or change one. Raises Taken where somebody gave its name to another one meanwhile."""
    CaseRules.objects.get_or_create(brand=brand, defaults={"seen_until": now})
    verb = "changed rule for cases" if rule else "made rule for cases"
    kept = rule or CaseRule(brand=brand)
    for name, value in values.items():
        setattr(kept, name, value)
    with once("case_rule_name_once_per_brand", f"{brand.name} has a rule named “{kept.name}” by now: {OTHER_NAME}"):
        kept.save()
    told = {name: value for name, value in values.items() if name not in ("name", "assignee")}
    audit.note(user, verb, brand, kept.name, **told, assignee=str(kept.assignee) if kept.assignee else None)
    return kept


@transaction.atomic
def remove_rule(rule: CaseRule, user: User) -> None:
    rule.delete()
    audit.note(user, "deleted rule for cases", rule.brand, rule.name, query=rule.query)


@transaction.atomic
def apply_to_past(brand: Brand, user: User, now: datetime) -> int:
    """Open what the rules would have opened in the last seven days. Returns how many cases."""
    opened = open_of_last(brand, now)
    if opened:
        audit.note(user, "opened cases of the last 7 days", brand, brand.name, cases=opened)
    return opened


def _without_words(changed: Mapping[str, Any]) -> dict[str, Any]:
    """The brand's voice is long: the log says only that it changed."""
    return {name: "changed" if name == "voice" else value for name, value in changed.items()}
