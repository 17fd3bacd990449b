"""Correcting: a person's word about a mention gets its own column, so no rescoring and no import ever undoes it."""

from django.db import transaction

from dashboard import audit
from listening.models import Mention, Sentiment, User

UNCHANGED = object()


@transaction.atomic
def correct(mention: Mention, user: User, *, sentiment: object = UNCHANGED, complaint: object = UNCHANGED) -> str:
    """Set or, with None, take back a correction; writes the audit log. Returns what happened as a sentence."""
    changes: dict[str, object] = {}
    if sentiment is not UNCHANGED:
        changes |= {"sentiment_by_person": sentiment, "sentiment_person": user if sentiment else None}
    if complaint is not UNCHANGED:
        changes |= {"complaint_by_person": complaint, "complaint_person": user if complaint is not None else None}
    Mention.objects.filter(pk=mention.pk).update(**changes)
    said = _sentence(sentiment, complaint)
    plain = {name: value for name, value in changes.items() if name.endswith("by_person")}
    audit.note(user, "corrected mention", mention.brand, f"mention {mention.pk}", **plain)
    return said


def _sentence(sentiment: object, complaint: object) -> str:
    if sentiment is not UNCHANGED:
        return (
            f"Marked as {Sentiment(str(sentiment)).label.lower()}." if sentiment else "Back to the machine's sentiment."
        )
    if complaint is None:
        return "Back to what the machine found."
    return "Marked as a complaint." if complaint else "Marked as no complaint."
