"""A sitting: begin, answer, skip, undo. It can be left at any time and goes on where it was."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from dashboard import bells
from dashboard.correcting import correct
from dashboard.labelling.sampling import plan
from ingest.sources.base import NOT_TRAINABLE
from listening.models import Answer, Brand, Label, Mention, Sitting, User
from listening.quality.verdict import verdict


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` were answered or skipped, `total` are in the sitting; `mention` is the next, None at the end.

    `last` is the label that was given last; None at the start and after a skipped mention, which `skipped` tells.
    """

    sitting: Sitting
    done: int
    total: int
    mention: Mention | None
    last: Label | None
    skipped: bool


def open_sitting(brand: Brand, person: User) -> Sitting | None:
    """The one that this person has begun and not finished."""
    return Sitting.objects.filter(brand=brand, person=person, finished_at=None).first()


def begin(brand: Brand, person: User, now: datetime) -> Sitting | None:
    """The open sitting, else a new one; None where there is nothing to label."""
    found = open_sitting(brand, person)
    if found:
        return found
    questions = plan(brand, person, now, seed=int(now.timestamp()))
    if not questions:
        return None
    try:
        with transaction.atomic():
            return Sitting.objects.create(brand=brand, person=person, plan=[asdict(one) for one in questions])
    except IntegrityError:  # a second press at the same time
        return open_sitting(brand, person)


def progress(sitting: Sitting) -> Progress:
    """Where the sitting stands; mentions that were deleted or hidden meanwhile are passed over."""
    answered = {label.mention_id: label for label in sitting.labels.all()}
    there = {mention.pk: mention for mention in _mentions(sitting)}
    asked = [pk for pk in _asked(sitting) if pk in there or pk in answered]
    left = [pk for pk in asked if pk not in answered and pk not in sitting.skipped]
    latest = _latest(asked, left)
    return Progress(
        sitting,
        len(asked) - len(left),
        len(asked),
        there[left[0]] if left else None,
        answered.get(latest or 0),
        latest in sitting.skipped,
    )


def _asked(sitting: Sitting) -> list[int]:
    return [one["mention"] for one in sitting.plan]


def _latest(asked: list[int], left: list[int]) -> int | None:
    """Questions come in the order of the plan, so the last one that is done was done last."""
    return next((pk for pk in reversed(asked) if pk not in left), None)


@transaction.atomic
def answer(sitting: Sitting, mention_id: int, sentiment: str, complaint: str) -> Label | None:
    """Store a label with what the machine says now, and let it correct the mention unless people disagree.

    None where the mention is not in this sitting, or was answered already (a form sent twice)."""
    Sitting.objects.select_for_update().get(pk=sitting.pk)
    why = {one["mention"]: one["why"] for one in sitting.plan}.get(mention_id)
    mention = _mentions(sitting).filter(pk=mention_id).first()
    if why is None or mention is None or Label.objects.filter(mention=mention, person=sitting.person).exists():
        return None
    label = _store(sitting, mention, why, sentiment, complaint)
    _correct(mention, label, sitting.person)
    return label


def _store(sitting: Sitting, mention: Mention, why: str, sentiment: str, complaint: str) -> Label:
    return Label.objects.create(
        mention=mention,
        brand=sitting.brand,
        person=sitting.person,
        sitting=sitting,
        why=why,
        sentiment=sentiment,
        complaint=complaint,
        first=not mention.labels.exists(),
        trainable=sitting.brand.is_sample or mention.network not in NOT_TRAINABLE,
        replaced={"sentiment": mention.sentiment_by_person, "complaint": mention.complaint_by_person},
        machine_sentiment=mention.sentiment,
        p_negative=mention.p_negative,
        p_neutral=mention.p_neutral,
        p_positive=mention.p_positive,
        sentiment_engine=mention.sentiment_engine,
        machine_complaint=mention.complaint,
        complaint_p=mention.complaint_p,
        complaint_engine=mention.complaint_engine,
    )


def _correct(mention: Mention, label: Label, person: User) -> None:
    """The word of most people corrects the mention; where they are divided, what stood before stays."""
    labels = list(mention.labels.all())
    sentiment = verdict([one.sentiment for one in labels])
    told = verdict([one.complaint for one in labels if one.complaint != Answer.UNCLEAR])
    changes: dict[str, object] = {}
    if sentiment:
        changes["sentiment"] = sentiment
    if told:
        changes["complaint"] = told == Answer.YES
    if changes:
        correct(mention, person, **changes)


def skip(sitting: Sitting, mention_id: int) -> None:
    if mention_id in _asked(sitting) and mention_id not in sitting.skipped:
        sitting.skipped.append(mention_id)
        sitting.save(update_fields=["skipped"])


@transaction.atomic
def undo(sitting: Sitting) -> None:
    """Take back what was done last: a skipped mention is asked again, an answer goes with what it corrected."""
    found = progress(sitting)
    if found.last:
        correct(found.last.mention, sitting.person, **found.last.replaced)
        found.last.delete()
    elif found.skipped:
        latest = next(pk for pk in reversed(_asked(sitting)) if pk in sitting.skipped)
        sitting.skipped.remove(latest)
        sitting.save(update_fields=["skipped"])


def finish(sitting: Sitting, now: datetime) -> bool:
    """Close the sitting and ring for learning; True the first time."""
    closed = Sitting.objects.filter(pk=sitting.pk, finished_at=None).update(finished_at=now)
    if closed:
        bells.learn(sitting.brand_id)
    return bool(closed)


def _mentions(sitting: Sitting) -> QuerySet[Mention]:
    mentions = Mention.objects.filter(pk__in=_asked(sitting), brand=sitting.brand_id, hidden="", text_gone_at=None)
    return mentions.select_related("author").defer("raw", "folded")
