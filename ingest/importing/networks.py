"""The names that tools give networks, and what an address or an id tells about one."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

KNOWN = {
    "x": "x",
    "twitter": "x",
    "x (twitter)": "x",
    "x/twitter": "x",
    "twitter/x": "x",
    "tweet": "x",
    "tweets": "x",
    "bluesky": "bluesky",
    "bsky": "bluesky",
    "mastodon": "mastodon",
    "fediverse": "mastodon",
    "reddit": "reddit",
    "youtube": "youtube",
    "hacker news": "hackernews",
    "hackernews": "hackernews",
    "facebook": "facebook",
    "facebook public": "facebook",
    "instagram": "instagram",
    "instagram public": "instagram",
    "threads": "threads",
    "tiktok": "tiktok",
    "linkedin": "linkedin",
    "tumblr": "tumblr",
    "telegram": "telegram",
    "web": "web",
    "news": "web",
    "online news": "web",
    "blog": "web",
    "blogs": "web",
    "forum": "web",
    "forums": "web",
    "review": "web",
    "reviews": "web",
    "rss": "web",
    "trustpilot": "trustpilot",
    "app store": "appstore",
    "google play": "googleplay",
}
HOSTS = {
    "x.com": "x",
    "twitter.com": "x",
    "bsky.app": "bluesky",
    "reddit.com": "reddit",
    "youtube.com": "youtube",
    "youtu.be": "youtube",
    "news.ycombinator.com": "hackernews",
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "threads.net": "threads",
    "tiktok.com": "tiktok",
    "linkedin.com": "linkedin",
}

_FREE = re.compile(r"[^a-z0-9]+")


def network_of(name: str) -> str | None:
    """The network that a tool means by this name or host; None where it is no known one."""
    plain = name.strip().lower()
    return KNOWN.get(plain) or HOSTS.get(plain.removeprefix("www."))


def network_name(name: str) -> str:
    """A network's name as stored: a known one, else the given one, short and plain."""
    return network_of(name) or _FREE.sub("", name.strip().lower())[:20] or "web"


def network_by_url(urls: Iterable[str]) -> str | None:
    """The network that most of these addresses belong to."""
    hosts = [_host(url) for url in urls]
    found = [HOSTS[host] for host in hosts if host in HOSTS]
    return max(set(found), key=found.count) if found and len(found) * 2 > len(hosts) else None


def _host(url: str) -> str:
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www|m|mobile|old)\.", "", host)
