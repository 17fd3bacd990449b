"""The sample brand has a service level and rules, so that its inbox is lively without anybody's work."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from dashboard.cases.opening_by_itself import open_due
from listening.models import Brand, Case, CaseRule, CaseRules
from tests.builders import a_complaint, an_author

pytestmark = pytest.mark.django_db


def test_the_sample_brand_opens_cases_and_its_rivals_do_not() -> None:
    call_command("sample", "--no-pull")
    call_command("sample", "--no-pull")
    rules = CaseRules.objects.get()
    assert (rules.brand.slug, rules.brand.kind, rules.from_priority) == ("morrowbrew", "own", 50)
    assert CaseRule.objects.get().kinds == ["question"]
    now = timezone.now() + timedelta(minutes=1)
    told: dict[str, Any] = {"author": an_author(), "addressed": "mentioned", "collected_at": now}
    pressing = a_complaint(rules.brand, complaint_strength=3, **told)
    a_complaint(rules.brand, complaint_strength=1, **told)
    a_complaint(Brand.objects.get(slug="perkolo"), complaint_strength=3, **told)
    open_due(now)
    assert Case.objects.get().mention == pressing


def test_an_admin_who_changed_the_sample_keeps_the_change() -> None:
    call_command("sample", "--no-pull")
    CaseRules.objects.update(from_priority=None)
    CaseRule.objects.all().delete()
    call_command("sample", "--no-pull")
    assert CaseRules.objects.get().from_priority is None and not CaseRule.objects.exists()
