"""Attested: some networks let their posts be judged only after an agreement that an admin attests, brand by brand."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from ingest.sources.base import ATTESTED
from listening.models import Source

Where = tuple[int, str]
"""A brand and a network."""


def unscored(wanted: Iterable[Where], today: date) -> set[Where]:
    """Those of these whose posts no engine may judge: no source of the brand on this network attests the agreement."""
    asked = {(brand, network) for brand, network in wanted if network in ATTESTED}
    return asked - _attested(asked, today) if asked else set()


def _attested(asked: set[Where], today: date) -> set[Where]:
    networks, brands = {network for _, network in asked}, {brand for brand, _ in asked}
    rows = Source.objects.filter(kind__in=networks, brands__in=brands).values_list("brands", "kind", "settings")
    return {(brand, kind) for brand, kind, settings in rows if _is_past(settings.get(ATTESTED[kind]), today)}


def _is_past(told: object, today: date) -> bool:
    with suppress(ValueError):
        return date.fromisoformat(str(told).strip()) <= today
    return False
