"""Where a webhook may lead: https anywhere on the open internet, and http where nobody in between can read along."""

import ipaddress
from urllib.parse import urlsplit

import httpx

from listening.addresses import (
    ForbiddenAddress,
    UnknownHost,
    allowed_by_operator,
    checked,
    is_public,
    shown,
    split,
    unwrap,
)

PLAIN = (
    "{host} must be reached by https://, so that nobody on the way reads along. http:// is only for this machine and "
    "for private networks that EARSHOT_ALLOW_PRIVATE lists."
)


def check_address(url: str) -> None:
    """Raises ForbiddenAddress with a sentence. A name that does not resolve may still get an address one day."""
    if "#" in url:
        raise ForbiddenAddress("An address has no part after “#” here: it would never be sent. Leave it out.")
    parts, host, port = split(url)
    if not _whole(url):
        raise ForbiddenAddress(f"{shown(url)} is not an address. Check how it is spelt, and that it holds no spaces.")
    try:
        found = checked(host, port, allowed_by_operator())
    except UnknownHost:
        found = []
    inside = found and not any(is_public(unwrap(ipaddress.ip_address(one.partition("%")[0]))) for one in found)
    if parts.scheme == "http" and not inside:
        raise ForbiddenAddress(PLAIN.format(host=host))


def _whole(url: str) -> bool:
    """Whether the client that sends can read it, too."""
    try:
        return url.split() == [url] and bool(httpx.URL(url).host)
    except (httpx.InvalidURL, UnicodeError):
        return False


def host_of(url: str) -> str:
    """The host alone, for logs and lists: the rest may be a secret of the receiver."""
    return urlsplit(url).hostname or ""
