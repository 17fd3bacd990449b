"""Retention: how many days each text of a brand is kept, by network."""

from collections.abc import Mapping

from listening.models import Brand, Retention
from listening.models.retention import LONGEST


def days_kept(brand: Brand, limits: Mapping[str, int]) -> dict[str, int]:
    """By network, for those that differ from `brand.retention_days`; `limits` are the networks' own maxima."""
    told = dict(Retention.objects.filter(brand=brand).values_list("network", "days"))
    networks = {*told, *limits}
    found = {one: min(told.get(one, brand.retention_days), limits.get(one, LONGEST)) for one in networks}
    return {one: days for one, days in sorted(found.items()) if days != brand.retention_days}
