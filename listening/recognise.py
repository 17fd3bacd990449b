"""Recognise: which network an account belongs to, where the way it is written tells."""

import re
from urllib.parse import urlsplit

SITES = {
    "bsky.app": "bluesky",
    "x.com": "x",
    "twitter.com": "x",
    "news.ycombinator.com": "hackernews",
    "reddit.com": "reddit",
    "youtube.com": "youtube",
}
_SHAPES = (
    (re.compile(r"@?[\w.-]+@[\w-]+(\.[\w-]+)+"), "mastodon"),
    (re.compile(r"/?u/[\w-]+"), "reddit"),
    (re.compile(r"@?(?!www\.)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}", re.I), "bluesky"),
)
_OF_A_SERVER = re.compile(r"/(@|users/)[\w.-]+")
"""A profile at any Mastodon server: /@name or /users/name."""


def network_of(written: str) -> str | None:
    """ "https://bsky.app/profile/rosa.example" -> "bluesky"; "@rosa@mas.to" -> "mastodon"; "rosa" -> None."""
    text = written.strip()
    if "://" in text:
        return _of_address(text)
    return next((network for shape, network in _SHAPES if shape.fullmatch(text)), None)


def _of_address(text: str) -> str | None:
    try:
        address = urlsplit(text)
        host = address.hostname or ""
    except ValueError:  # "https://[": what is no address belongs to no network
        return None
    named = next((network for site, network in SITES.items() if host == site or host.endswith(f".{site}")), None)
    return named or ("mastodon" if _OF_A_SERVER.match(address.path) else None)
