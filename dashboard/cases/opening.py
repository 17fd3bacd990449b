"""Opening: a mention becomes a case by a click; twice is once. And what rules and priority need to open theirs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from dashboard.cases.assigning import Dealer
from dashboard.cases.business_hours import Week, due
from listening.models import Brand, Case, CaseRules, Mention, Sentiment

Kind = Case.Kind


def kind_of(mention: Mention) -> str:
    """Complaint before question before praise."""
    if mention.is_complaint:
        return Kind.COMPLAINT
    if mention.asks == "question":
        return Kind.QUESTION
    return Kind.PRAISE if mention.mood == Sentiment.POSITIVE else Kind.OTHER


def case_of(mention: Mention) -> Case:
    """The mention's case, opened if there is none; needs `is_complaint`, `asks`, `mood` and `priority` loaded.

    A new one is due by the brand's service level, and given to whom the brand's rules say.
    """
    return Case.objects.filter(mention_id=mention.pk).first() or _open(mention)


@transaction.atomic
def _open(mention: Mention) -> Case:
    rules = locked(mention.brand_id)
    dealer = Dealer.of(rules) if rules else None
    told = {
        "brand_id": mention.brand_id,
        "kind": kind_of(mention),
        "priority": mention.priority,
        "due_at": due_at(rules, timezone.now()),
        "assignee": dealer.next() if dealer else None,
    }
    case, opened = Case.objects.get_or_create(mention_id=mention.pk, defaults=told)
    if opened and dealer:
        dealer.keep()
    return case


def locked(brand_id: int) -> CaseRules | None:
    """The brand's rules, held until the end of the transaction."""
    rows = CaseRules.objects.select_for_update(of=("self",)).select_related("brand")
    return rows.filter(brand_id=brand_id).first()


def due_at(rules: CaseRules | None, opened: datetime) -> datetime | None:
    """By when a case that is opened now must have its first reply; None where the brand promises nothing."""
    return due(opened, rules.reply_hours, week_of(rules, rules.brand)) if rules else None


def week_of(rules: CaseRules, brand: Brand) -> Week:
    """The brand's business hours."""
    return Week(ZoneInfo(brand.time_zone), tuple(rules.days), rules.start, rules.end)
