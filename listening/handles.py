"""Handles as people write them, brought to the form that networks use: "@Acme", a link or a name become one."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlsplit

from listening.recognise import network_of

NETWORKS = {
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "x": "X",
    "hackernews": "Hacker News",
    "reddit": "Reddit",
    "youtube": "YouTube",
}
"""Networks on which a brand can have accounts of its own, in the order of forms."""
LONGEST = 253
"""Characters of a handle, as of a domain."""

_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"


def normal(network: str, written: str) -> str:
    """The handle without "@". Raises ValueError with a sentence when it cannot be one of this network.

    Bluesky "@Acme.bsky.social" -> "acme.bsky.social"; Mastodon "https://fosstodon.org/@acme" -> "acme@fosstodon.org";
    X "https://x.com/Acme" -> "acme"; Reddit "/u/Acme" -> "acme"; YouTube "https://youtube.com/@Acme/videos" -> "acme",
    and a channel's id stays as it is. Other networks: as written, without "@".
    """
    text = written.strip()
    if not text:
        raise ValueError("A handle is empty.")
    if not text.isprintable():
        raise ValueError("This is no handle. Check how it is spelt, and that nothing invisible was copied with it.")
    _refuse_elsewhere(network, text)
    handle = _SHAPES.get(network, _plain)(text)
    if len(handle) > LONGEST:
        raise ValueError(f"“{handle[:40]}…” is too long: a handle has at most {LONGEST} characters.")
    return handle


def _refuse_elsewhere(network: str, text: str) -> None:
    """A link to another network is nobody's account on this one, whatever name could be read out of it."""
    told = network_of(text) if "://" in text and network in NETWORKS else None
    if told and told != network and (network, told) != ("youtube", "mastodon"):  # any server's /@name could be one
        raise ValueError(f"“{text}” leads to {NETWORKS[told]}, not to {NETWORKS[network]}.")


def _link(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as error:
        raise ValueError(
            f"“{text}” is no link that leads anywhere: copy it again, or write the handle alone."
        ) from error


def _plain(text: str) -> str:
    handle = (parse_qs(_link(text).query).get("id") or [text])[0] if "://" in text else text  # Hacker News
    handle = handle.lstrip("@")
    if not handle or re.search(r"[\s,]", handle) or len(handle) > LONGEST:
        raise ValueError(f"“{text}” is not a handle: write the name alone, without spaces.")
    return handle


def _path(text: str) -> list[str]:
    """The parts of a link's path; empty when the text is no link."""
    return [part for part in _link(text).path.split("/") if part] if "://" in text else []


def _bluesky(text: str) -> str:
    path = _path(text)
    handle = (path[1] if len(path) > 1 and path[0] == "profile" else text).lstrip("@").lower()
    if not re.fullmatch(_DOMAIN, handle):
        raise ValueError(f"“{text}” is not a Bluesky handle: write it like acme.bsky.social or acme.com.")
    return handle


def _mastodon(text: str) -> str:
    path = _path(text)
    name = path[1] if len(path) > 1 and path[0] == "users" else path[0] if path and path[0].startswith("@") else ""
    link = f"{name.lstrip('@')}@{_link(text).hostname}" if name else ""
    handle = (link or text).lstrip("@").lower()
    if not re.fullmatch(rf"[a-z0-9_.-]+@(?:{_DOMAIN}|localhost)", handle):
        raise ValueError(f"“{text}” is not a Mastodon handle: write it with its server, like acme@mastodon.social.")
    return handle


def _x(text: str) -> str:
    handle = (_path(text) or [text])[0].lstrip("@").lower()
    if not re.fullmatch(r"[a-z0-9_]{1,15}", handle):
        raise ValueError(f"“{text}” is not an X handle: up to 15 letters, digits and underscores, like acme.")
    return handle


def _reddit(text: str) -> str:
    path = _path(text) or [part for part in text.split("/") if part]
    handle = (path[1] if len(path) > 1 and path[0].lower() in ("u", "user") else text).lstrip("@").lower()
    if not re.fullmatch(r"[a-z0-9_-]{3,20}", handle):
        raise ValueError(f"“{text}” is not a name on Reddit: 3 to 20 letters, digits, - and _, like acme or u/acme.")
    return handle


def _youtube(text: str) -> str:
    path = _path(text if "://" in text else f"https://{text}" if re.match(r"(www\.|m\.)?youtube\.com/", text) else text)
    word = (path[1] if len(path) > 1 and path[0] == "channel" else path[0] if path else text).strip()
    if _CHANNEL.fullmatch(word):
        return word
    handle = word.lstrip("@").lower()
    is_link = bool(path) and not word.startswith("@")
    if is_link or not re.fullmatch(r"[\w.·-]{3,30}", handle):
        raise ValueError(
            f"“{text}” is not a channel of YouTube: write its handle, like @acme, or its id, which begins with UC."
        )
    return handle


_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
_SHAPES: dict[str, Callable[[str], str]] = {
    "bluesky": _bluesky,
    "mastodon": _mastodon,
    "reddit": _reddit,
    "x": _x,
    "youtube": _youtube,
}
_IDS = {"youtube": _CHANNEL}


def id_of(network: str, handle: str) -> str:
    """The network's stable id, where what was written for a handle is one: a YouTube channel's id; else ""."""
    shape = _IDS.get(network)
    return handle if shape and shape.fullmatch(handle) else ""
