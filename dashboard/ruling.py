"""Ruling: a brand's rules about complaints change, with who and when, and stored mentions follow."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dashboard import audit, bells
from listening.models import Brand, ComplaintRules, KindPhrase, User


def rules_of(brand: Brand) -> ComplaintRules:
    """The brand's rules; unsaved ones, that change nothing, where nobody made any."""
    return ComplaintRules.objects.select_related("set_by").filter(brand=brand).first() or ComplaintRules(brand=brand)


@transaction.atomic
def set_threshold(brand: Brand, threshold: float | None, user: User) -> bool:
    """Flag from this probability on, None for the engine's own. False where it is so already."""
    rules, _ = ComplaintRules.objects.get_or_create(brand=brand)
    if rules.threshold == threshold:
        return False
    before = rules.threshold
    ComplaintRules.objects.filter(pk=rules.pk).update(threshold=threshold, set_by=user, set_at=timezone.now())
    audit.note(user, "changed complaint threshold", brand, brand.name, before=before, now=threshold)
    _follow(brand)
    return True


@transaction.atomic
def add_phrase(brand: Brand, kind: str, phrase: str, user: User) -> None:
    """Complaints with this phrase are of this kind from now on."""
    KindPhrase.objects.create(brand=brand, kind=kind, phrase=phrase, created_by=user)
    audit.note(user, "added phrase for complaints", brand, phrase, kind=kind)
    _follow(brand)


@transaction.atomic
def remove_phrase(phrase: KindPhrase, user: User) -> None:
    phrase.delete()
    audit.note(user, "removed phrase for complaints", phrase.brand, phrase.phrase, kind=phrase.kind)
    _follow(phrase.brand)


def _follow(brand: Brand) -> None:
    """New rules have a new number; what is stored is brought up to it in the background."""
    ComplaintRules.objects.get_or_create(brand=brand)
    ComplaintRules.objects.filter(brand=brand).update(number=F("number") + 1)
    bells.refind()
