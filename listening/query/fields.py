"""Fields: whether a post's author, address, language, ... is one of the values a query names."""

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from listening.query.fold import fold
from listening.query.nodes import Field, Flag, Range
from listening.query.post import Post

_SOURCES = {"twitter": "x", "hn": "hackernews", "bsky": "bluesky"}
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(www\.)?|^www\.", re.IGNORECASE)


def field_holds(node: Field, post: Post) -> bool:
    """Whether one of the values fits; what the network did not tell fits none."""
    told = _TELL[node.name](post)
    return any(_FITS[node.name](value, one) for one in told if one for value in node.values)


def range_holds(node: Range, post: Post) -> bool:
    """Whether the number is told and inside the range."""
    number: float | None = getattr(post, node.name)
    if number is None:
        return False
    return (node.low is None or node.low <= number) and (node.high is None or number <= node.high)


def flag_holds(node: Flag, post: Post) -> bool:
    return post.flag(node.group, node.name)


def canonical_source(name: str) -> str:
    """The catalogue's word for a network."""
    folded = fold(name)
    return _SOURCES.get(folded, folded)


def _whole(value: str, told: str) -> bool:
    """The whole value, case and accents aside; * and ? are wildcards."""
    return _glob(fold(value).lstrip("@")).fullmatch(fold(told).lstrip("@")) is not None


def _host(value: str, told: str) -> bool:
    host, wanted = _host_of(told), _host_of(value)
    return bool(wanted) and (host == wanted or host.endswith("." + wanted))


def _address(value: str, told: str) -> bool:
    """Part of an address, from the start of a word to the end of one: acme.com is not in notacme.com."""
    return _address_pattern(fold(_SCHEME.sub("", value))).search(fold(told)) is not None


def _language(value: str, told: str) -> bool:
    wanted, spoken = value.lower(), told.lower().replace("_", "-")
    return spoken == wanted or spoken.startswith(wanted + "-")


def _source(value: str, told: str) -> bool:
    return canonical_source(value) == canonical_source(told)


def _subreddit(value: str, told: str) -> bool:
    return _whole(re.sub("^/?r/", "", fold(value)), re.sub("^/?r/", "", fold(told)))


@lru_cache(maxsize=4096)
def _glob(value: str) -> re.Pattern[str]:
    """Atomic groups, so that no value makes it slow."""
    head, *rest = [re.escape(part).replace(r"\?", ".") for part in value.split("*")]
    if not rest:
        return re.compile(head, re.DOTALL)
    *inner, tail = rest
    return re.compile(f"{head}{''.join(f'(?>.*?{part})' for part in inner if part)}.*{tail}", re.DOTALL)


@lru_cache(maxsize=4096)
def _address_pattern(value: str) -> re.Pattern[str]:
    head, *rest = [re.escape(part) for part in value.split("*")]
    before = r"(?<!\w)" if value[:1].isalnum() else ""
    after = r"(?!\w)" if value[-1:].isalnum() else ""
    return re.compile(before + head + "".join(f"(?>.*?{part})" for part in rest if part) + after, re.DOTALL)


def _host_of(address: str) -> str:
    address = address if "://" in address else f"//{address}"
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:  # a stranger's address need not be one
        return ""
    return host.removeprefix("www.").rstrip(".")


def _instance(post: Post) -> tuple[str | None, ...]:
    if post.source == "reddit":
        return ()
    handle_host = (post.author or "").lstrip("@").partition("@")[2]
    return (post.community, handle_host)


_TELL: dict[str, Callable[[Post], tuple[str | None, ...]]] = {
    "author": lambda post: (post.author, post.author_id, post.author_name),
    "site": lambda post: (post.site, post.url),
    "url": lambda post: (post.url, *post.links),
    "lang": lambda post: (post.language,),
    "source": lambda post: (post.source,),
    "subreddit": lambda post: (post.community,) if post.source == "reddit" else (),
    "instance": _instance,
}
_FITS: dict[str, Callable[[str, str], bool]] = {
    "author": _whole,
    "site": _host,
    "url": _address,
    "lang": _language,
    "source": _source,
    "subreddit": _subreddit,
    "instance": _host,
}
