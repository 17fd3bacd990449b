"""Opening: a mention becomes a case, by a click, a rule or its priority; twice is once."""

from listening.models import Case, CaseRule, Mention, Sentiment

Origin, Kind = Case.Origin, Case.Kind


def kind_of(mention: Mention) -> str:
    """Complaint before question before praise."""
    if mention.is_complaint:
        return Kind.COMPLAINT
    if mention.asks == "question":
        return Kind.QUESTION
    return Kind.PRAISE if mention.mood == Sentiment.POSITIVE else Kind.OTHER


def case_of(mention: Mention, origin: str = Origin.PERSON, rule: CaseRule | None = None) -> Case:
    """The mention's case, opened if there is none; needs `is_complaint`, `asks`, `mood` and `priority` loaded."""
    told = {
        "brand_id": mention.brand_id,
        "kind": kind_of(mention),
        "origin": origin,
        "rule": rule,
        "priority": mention.priority,
    }
    return Case.objects.get_or_create(mention_id=mention.pk, defaults=told)[0]
