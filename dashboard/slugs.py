"""Slugs: the short name of a brand in addresses, free and never empty."""

from collections.abc import Iterator
from itertools import count

from django.utils.text import slugify

from listening.models import Brand

LONGEST = 50


def free_slug(name: str) -> str:
    """ "Acme Motors" -> "acme-motors", or "acme-motors-2" where that is taken; names without Latin letters: "brand"."""
    wished = slugify(name)[:LONGEST].strip("-") or "brand"
    taken = set(Brand.objects.filter(slug__startswith=wished).values_list("slug", flat=True))
    return next(slug for slug in _tries(wished) if slug not in taken)


def _tries(wished: str) -> Iterator[str]:
    yield wished
    for number in count(2):
        yield f"{wished}-{number}"
