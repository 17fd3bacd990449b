"""Canonical URLs: the many addresses of one page become one.

What is dropped changes how a reader got there, never what they see: trackers, AMP and mobile variants, "www.",
default ports, user names, trailing slashes, fragments. The scheme stays as told, because a site may know only one.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit, urlunsplit

import idna

TRACKERS = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mibextid sfnsn
    mc_cid mc_eid mkt_tok _hsenc _hsmi hsctatracking vero_id vero_conv oly_anon_id oly_enc_id rb_clickid s_cid
    wickedid _ga _gl guccounter guce_referrer guce_referrer_sig ref_src ref_url __twitter_impression xtor ocid
    cmpid ito smid smtyp sr_share spm scm ncid cvid trk trkcampaign ck_subscriber_id _openstat _branch_match_id
    _bta_tid _bta_c epik dm_i elqtrackid __s __hssc __hstc __hsfp amp amp_js_v usqp outputtype
    """.split()  # noqa: SIM905  a table reads better as text
)
TRACKER_PREFIXES = ("utm_", "pk_", "mtm_", "matomo_", "piwik_", "at_medium", "at_campaign", "at_custom", "wt.mc", "ns_")
HOST_TRACKERS = {
    "youtube.com": {"si", "feature", "pp", "app", "ab_channel"},
    "open.spotify.com": {"si"},
    "x.com": {"s", "t"},
    "facebook.com": {"__tn__", "__cft__[0]", "eid", "rdid"},
}
SAME_HOST = {"twitter.com": "x.com", "old.reddit.com": "reddit.com", "new.reddit.com": "reddit.com"}
PORTS = {"http": 80, "https": 443}

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_AMP_TAIL = re.compile(r"(?:/amp|\.amp|\.amp\.html|/amp\.html)$", re.I)
_AMP_HEAD = re.compile(r"^(?:/+amp)+/+(?=[^/])", re.I)
_AMP_CACHE = re.compile(r"^/(?:amp|c|v|i)/(s/)?([^/]+\.[^/]+.*)$")
_SIMPLE = re.compile(r"(https?)://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(/[A-Za-z0-9._~@/-]*)?")
_PLAIN_HOST = re.compile(r"[a-z0-9.-]+")
_LONGEST = 4000


def canonical_url(url: str) -> str | None:
    """One address for one page, or None where `url` is no http(s) address that could be opened.

    Hosts come out in ASCII (IDNA 2008 with UTS 46 mapping). At most 4,000 characters are accepted.
    """
    url = url.strip()
    if len(url) > _LONGEST:
        return None
    simple = _SIMPLE.fullmatch(url)
    if simple and not simple[2].endswith("youtu.be") and "/amp" not in url and ".amp" not in url:
        return f"{simple[1]}://{_plain_host(simple[2])}{(simple[3] or '').rstrip('/') or '/'}"
    parts = _split(url)
    if parts is None:
        return None
    host = _host(parts)
    if host is None:
        return None
    inner = _amp_cached(host, parts)
    if inner is not None:
        return canonical_url(inner)
    path, query = _path(parts.path), parts.query
    if host == "youtu.be" and len(path) > 1:
        host, query, path = "youtube.com", f"v={path[1:]}&{query}".rstrip("&"), "/watch"
    return urlunsplit((parts.scheme, host + _port(parts), path, _query(host, query), _fragment(parts.fragment)))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  reading it is what checks it
    except ValueError:
        return None
    return parts if parts.scheme in PORTS and parts.hostname else None


def _host(parts: SplitResult) -> str | None:
    """The host in lower case and ASCII without its mobile, AMP and "www" labels."""
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if not _PLAIN_HOST.fullmatch(host):
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    return _plain_host(host) or None


@lru_cache(maxsize=65536)
def _plain_host(host: str) -> str:
    labels = host.rstrip(".").split(".")
    while len(labels) > 2 and labels[0] in {"www", "m", "mobile", "amp", "touch"}:
        labels = labels[1:]
    while len(labels) > 3 and labels[1] == "m":
        del labels[1]
    host = ".".join(labels)
    return SAME_HOST.get(host, host)


def _port(parts: SplitResult) -> str:
    return "" if parts.port is None or parts.port == PORTS[parts.scheme] else f":{parts.port}"


def _amp_cached(host: str, parts: SplitResult) -> str | None:
    """The page behind Google's AMP viewer or cache."""
    viewer = host.startswith("google.") and parts.path.startswith("/amp/")
    if not viewer and not host.endswith(".cdn.ampproject.org") and host != "cdn.ampproject.org":
        return None
    found = _AMP_CACHE.match(parts.path)
    if found is None:
        return None
    return f"{'https' if found[1] else 'http'}://{found[2]}" + (f"?{parts.query}" if parts.query else "")


def _path(path: str) -> str:
    path = _AMP_HEAD.sub("/", _escapes(path))
    while (shorter := _AMP_TAIL.sub("", path.rstrip("/"))) != path:
        path = shorter
    return path or "/"


def _query(host: str, query: str) -> str:
    if not query:
        return ""
    own = HOST_TRACKERS.get(host, ())
    kept = [pair for pair in _escapes(query).split("&") if pair and not _tracks(pair.partition("=")[0].lower(), own)]
    return "&".join(sorted(kept, key=lambda pair: pair.partition("=")[0]))


def _tracks(name: str, own: set[str] | tuple[()]) -> bool:
    return name in TRACKERS or name.startswith(TRACKER_PREFIXES) or name in own


def _fragment(fragment: str) -> str:
    """Fragments are places on a page, but "#!" and "#/" name pages of sites that live in one document."""
    return _escapes(fragment) if fragment.startswith(("!", "/")) else ""


def _escapes(text: str) -> str:
    """One spelling for percent escapes: needless ones undone, the rest in capitals, everything else made ASCII."""
    if text.isascii() and "%" not in text and " " not in text:
        return text
    return quote(_ESCAPE.sub(_one_escape, text), safe="%/:?#[]@!$&'()*+,;=-._~|")


def _one_escape(found: re.Match[str]) -> str:
    byte = unquote_to_bytes(found[0])
    return byte.decode("ascii") if byte[0] in _UNRESERVED else found[0].upper()
