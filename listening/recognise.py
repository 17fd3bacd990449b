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
        try:
            address = urlsplit(text)
        except ValueError:  # "https://[rosa": no link at all
            return None
        site = (address.hostname or "").removeprefix("www.").removeprefix("old.").removeprefix("m.")
        return SITES.get(site) or ("mastodon" if _OF_A_SERVER.match(address.path) else None)
    return next((network for shape, network in _SHAPES if shape.fullmatch(text)), None)
