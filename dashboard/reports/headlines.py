"""Headlines: the same story under many addresses, as one group that keeps its size and when it was first seen."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.db.models.functions import MD5

from listening.models import Brand, Mention

SHORTEST = 12
"""Characters of a title; shorter ones ("Update") say nothing about being the same story."""


@dataclass(frozen=True, slots=True)
class Headline:
    """How many of a brand's mentions carry the same title, and when the first was published."""

    count: int
    first: datetime


def shared(brand: Brand, mentions: Iterable[Mention]) -> dict[str, Headline]:
    """Titles of these mentions that more than one mention of the brand carries. One look into one index."""
    titles = {mention.title for mention in mentions if len(mention.title) >= SHORTEST}
    if not titles:
        return {}
    same = Mention.objects.counted().filter(brand=brand).exclude(title="").alias(key=MD5("title"))
    keys = [hashlib.md5(title.encode(), usedforsecurity=False).hexdigest() for title in titles]
    groups = same.filter(key__in=keys).values("title")
    found = groups.annotate(count=Count("pk"), first=Min("published_at")).filter(count__gt=1).order_by()
    return {row["title"]: Headline(row["count"], row["first"]) for row in found}
