"""Sampling: the fifty mentions of a sitting. A part is drawn at random, for only that says how good an engine is on
all mentions; the others are those from which most can be learned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db.models import Count, F, FloatField, Q
from django.db.models.functions import Abs, Greatest, Least

from listening.models import Brand, Label, Mention, Sentiment, User, Why
from listening.models.mention import MentionQuerySet

SIZE = 50
SECOND, UNSURE, DISAGREEMENT = 8, 12, 8
"""At most so many of each; all the rest, 22 or more, is drawn at random."""
WINDOW = timedelta(days=90)
LATEST = 20_000
"""Unsure ones and disagreements are looked for among so many of the latest mentions; random ones among all."""
SURE = 0.05
"""VADER's own threshold: a compound at or beyond it takes a side."""


@dataclass(frozen=True, slots=True)
class Question:
    mention: int
    why: str


def plan(brand: Brand, person: User, now: datetime, seed: int) -> list[Question]:
    """What to put before this person, in an order that gives nothing away; fewer than SIZE where there are no more."""
    able = _able(brand, person, now)
    chosen: dict[int, str] = {}
    for why, ids in _teaching(brand, able):
        for pk in ids:
            chosen.setdefault(pk, why)
    rest = able.filter(labels=None).exclude(pk__in=chosen).order_by("?").values_list("pk", flat=True)
    chosen |= dict.fromkeys(rest[: SIZE - len(chosen)], str(Why.RANDOM))
    questions = [Question(pk, why) for pk, why in sorted(chosen.items())]
    Random(seed).shuffle(questions)  # noqa: S311 (an order, no secret)
    return questions


def _able(brand: Brand, person: User, now: datetime) -> MentionQuerySet:
    """Scored mentions of the last 90 days whose text is there and that the person has not labelled."""
    mentions = Mention.objects.counted().filter(brand=brand, published_at__gte=now - WINDOW, text_gone_at=None)
    labelled = Label.objects.filter(brand=brand, person=person).values("mention")
    return mentions.exclude(sentiment=Sentiment.UNSCORED).exclude(pk__in=labelled)


def _teaching(brand: Brand, able: MentionQuerySet) -> Iterator[tuple[str, list[int]]]:
    yield Why.SECOND, _second(brand, able)
    latest = able.filter(labels=None).order_by("-published_at", "-pk").values("pk")[:LATEST]
    fresh = Mention.objects.filter(pk__in=latest)
    yield Why.UNSURE, _unsure(fresh)
    disagree = fresh.filter(_disagreement()).order_by("-published_at", "-pk")
    yield Why.DISAGREEMENT, list(disagree.values_list("pk", flat=True)[:DISAGREEMENT])


def _second(brand: Brand, able: MentionQuerySet) -> list[int]:
    """What others labelled: first where two of them disagree, then what one person drew at random."""
    labelled = able.filter(labels__brand=brand).annotate(
        n=Count("labels", distinct=True),
        moods=Count("labels__sentiment", distinct=True),
        answers=Count("labels__complaint", distinct=True, filter=~Q(labels__complaint="unclear")),
        drawn=Count("labels", filter=Q(labels__why=Why.RANDOM), distinct=True),
    )
    disputed = labelled.filter(n=2).filter(Q(moods=2) | Q(answers=2)).order_by("pk")
    ids = list(disputed.values_list("pk", flat=True)[:SECOND])
    single = labelled.filter(n=1).order_by("-drawn", "?").values_list("pk", flat=True)
    return ids + list(single[: SECOND - len(ids)])


def _unsure(fresh: MentionQuerySet) -> list[int]:
    """Two thirds by the least margin between the two likeliest sentiments, a third by a complaint score near a half."""
    known = fresh.exclude(p_negative=None)
    most = Greatest("p_negative", "p_neutral", "p_positive", output_field=FloatField())
    least = Least("p_negative", "p_neutral", "p_positive", output_field=FloatField())
    margins = known.annotate(margin=2 * most + least - 1.0).order_by("margin", "pk").values_list("pk", flat=True)
    moods = list(margins[: UNSURE * 2 // 3])
    near = fresh.exclude(complaint_p=None).exclude(pk__in=moods).annotate(off=Abs(F("complaint_p") - 0.5))
    return moods + list(near.order_by("off", "pk").values_list("pk", flat=True)[: UNSURE - len(moods)])


def _disagreement() -> Q:
    """VADER's compound takes the other side than the label, or somebody corrected what the machine says by now."""
    against = Q(compound__gte=SURE, sentiment=Sentiment.NEGATIVE) | Q(compound__lte=-SURE, sentiment=Sentiment.POSITIVE)
    corrected = Q(sentiment_by_person__isnull=False) & ~Q(sentiment_by_person=F("sentiment"))
    return against | corrected | (Q(complaint_by_person__isnull=False) & ~Q(complaint_by_person=F("complaint")))
