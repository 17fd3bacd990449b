"""Corpus: the posts that themes are found in, read from the tables: a brand's own, its past, and other brands'."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Mod

from ingest.enrich.masking import Names
from ingest.themes.finding import Said
from ingest.themes.words import masked_names
from listening.models import Brand, Handle, Mention
from listening.models.mention import MentionQuerySet

RECENT = timedelta(days=28)
PAST = timedelta(days=120)
"""How far before the recent posts the brand's own past goes."""
MOST = 8_000
"""Posts of each part that are read: of more, each 2nd, 4th, 8th ... by id, so that samples of two days overlap."""


@dataclass(frozen=True, slots=True)
class Parts:
    ours: list[Said]
    past: list[Said]
    others: list[Said]


def parts(brand: Brand, now: datetime) -> Parts:
    """The three sets that finding compares, before `now`."""
    posts = Mention.objects.counted().filter(text_gone_at=None)
    recent = posts.filter(published_at__gte=now - RECENT, published_at__lt=now)
    past = posts.filter(published_at__gte=now - RECENT - PAST, published_at__lt=now - RECENT)
    others = Brand.objects.exclude(pk=brand.pk).filter(is_sample=brand.is_sample)
    return Parts(
        _said(recent.filter(brand=brand)), _said(past.filter(brand=brand)), _said(recent.filter(brand__in=others))
    )


def _said(posts: MentionQuerySet) -> list[Said]:
    step = 1
    total = posts.count()
    while total > MOST * step:
        step *= 2
    if step > 1:
        posts = posts.alias(place=Mod(F("pk"), step)).filter(place=0)
    return [Said(folded, language) for folded, language in posts.order_by().values_list("folded", "language")]


def names(brand: Brand) -> Names:
    """What no theme is named after: brands' names and accounts, the brand's own and others' of the same market."""
    market = Q(is_sample=brand.is_sample) & ~Q(kind=Brand.Kind.TOPIC)
    known = list(Brand.objects.filter(market | Q(pk=brand.pk)))
    handles = Handle.objects.filter(brand__in=known).values_list("handle", flat=True)
    return masked_names([*(one.name for one in known), *handles])
