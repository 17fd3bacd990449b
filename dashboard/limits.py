"""Limits: how often an address may do what needs no login. Addresses are kept as keyed hashes, for an hour."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from listening.secrets import person_key

HOUR = 3600


def within(request: HttpRequest, what: str, most: int) -> bool:
    """Count this request; False when its address did `what` more than `most` times since the first within an hour."""
    _, address = person_key("address", _address(request))
    key = f"limit:{what}:{address}"
    cache.add(key, 0, HOUR)
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # it expired between the two
        return True


def _address(request: HttpRequest) -> str:
    """The visitor's; behind a proxy of ours the last one that it added, for the others can be made up."""
    forwarded = request.headers.get("x-forwarded-for", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
