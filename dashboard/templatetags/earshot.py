"""Numbers, times, names and addresses as people read them. A builtin library: templates need no {% load %}."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Protocol
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info

from dashboard.reports.marking import headed, shortened
from dashboard.reports.period import Period
from ingest.sources.base import ATTESTED
from listening.models import Brand, Mention, Sentiment

register = template.Library()

NOTHING = "–"
MINUS = "\N{MINUS SIGN}"
NETWORKS = {
    "x": ("X", "letter-x"),
    "bluesky": ("Bluesky", "butterfly"),
    "mastodon": ("Mastodon", "elephant"),
    "hackernews": ("Hacker News", "news"),
    "reddit": ("Reddit", "antenna"),
    "web": ("Web", "rss"),
    "rss": ("Web feeds", "rss"),
    "youtube": ("YouTube", "video"),
    "file": ("File", "file"),
    "sample": ("Sample", "flask"),
}
MOOD_ICONS = {"positive": "smile", "negative": "frown", "neutral": "flat", "unscored": "unsure"}
AGES = ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h"), (30 * 86_400, 86_400, "d"))


class Compared(Protocol):
    """As dashboard.reports.spikes.Part."""

    @property
    def share(self) -> float: ...
    @property
    def usual(self) -> float | None: ...


@register.filter
def people(number: float | None) -> str:
    """1204 -> "1,204"; 12400 -> "12.4k"; 1200000 -> "1.2M"; None -> "–"."""
    if number is None:
        return NOTHING
    for limit, letter in ((1_000_000, "M"), (10_000, "k")):
        if abs(number) >= limit:
            return f"{number / (1_000_000 if letter == 'M' else 1000):.1f}".removesuffix(".0") + letter
    return f"{number:,.0f}".replace("-", MINUS)


@register.filter
def exact(number: float | None) -> str:
    """1204567 -> "1,204,567"; None -> "–"."""
    return NOTHING if number is None else f"{number:,.0f}".replace("-", MINUS)


@register.filter
def percent(share: float | None) -> str:
    """0.123 -> "12%"; 0.043 -> "4.3%"; None -> "–"."""
    if share is None:
        return NOTHING
    value = share * 100
    digits = 1 if 0 < abs(value) < 9.95 else 0
    return f"{value:.{digits}f}%".replace("-", MINUS)


@register.filter
def times(ratio: float) -> str:
    """A ratio or a usual count: 4.23 -> "4.2"; 27.5 -> "28"."""
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:,.0f}"


@register.filter
def hours(length: timedelta) -> str:
    """A length in whole hours or days: "1 hour", "18 hours", "3 days"."""
    whole = max(1, round(length.total_seconds() / 3600))
    count, unit = (whole, "hour") if whole < 72 else (round(whole / 24), "day")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


@register.filter
def said(mention: Mention) -> str:
    """A mention's title or text without who wrote it; needs its author joined."""
    return headed(mention)


@register.filter
def short(text: str, most: int) -> str:
    """`shortened`; Django's truncatechars weighs each character's width and costs more than a whole row."""
    return shortened(text, most)


@register.filter
def against_usual(part: Compared) -> str:
    """A share beside its usual one: "36%, usually 22%"."""
    return percent(part.share) + ("" if part.usual is None else f", usually {percent(part.usual)}")


@register.filter
def signed(number: float | None, digits: int = 0) -> str:
    """12 -> "+12"; -3 -> "−3"; 0 -> "0"; None -> "–"."""
    if number is None:
        return NOTHING
    text = f"{number:+,.{digits}f}".replace("-", MINUS)
    return text[1:] if text[1:].strip("0.") == "" else text


@register.filter
def points(share: float | None) -> str:
    """A share from -1 to 1 as signed points out of a hundred: 0.234 -> "+23"."""
    return signed(None if share is None else share * 100)


@register.filter
def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long since, in one unit: "5 min ago"; "just now" under ten seconds; a date beyond thirty days."""
    if moment is None:
        return "never"
    seconds = ((now or timezone.now()) - moment).total_seconds()
    words, ending = abs(seconds), " ago" if seconds >= 0 else ""
    if words < 10:
        return "just now"
    for limit, unit, name in AGES:
        if words < limit:
            return f"{'' if ending else 'in '}{int(words // unit)} {name}{ending}"
    return moment.strftime("%-d %b %Y")


@register.filter
def intime(moment: datetime | None, zone: tzinfo | str | None = None) -> str:
    """A moment in a zone, with the zone named: "23 Nov 2026, 20:15 CET"."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else (zone or timezone.get_current_timezone()))
    return local.strftime("%-d %b %Y, %H:%M %Z")


@register.simple_tag
def link(name: str, slug: str, *parts: Any, **changes: Any) -> str:
    """The address of a brand's page with a query string.

    `parts` are things with `.params` (a Period, a Narrow) or mappings; `changes` win over them, None takes one away.
    """
    params: dict[str, Any] = {}
    for part in parts:
        params.update(getattr(part, "params", part))
    params.update(changes)
    query = urlencode({key: value for key, value in params.items() if value not in (None, "", [])}, doseq=True)
    return f"{reverse(name, args=[slug])}{'?' if query else ''}{query}"


@register.filter
def seen_from(period: Period, brand: Brand) -> Mapping[str, str]:
    """A period in an address of another brand, so that the same moments are meant there."""
    return period.seen_from(brand.time_zone)


@register.filter
def get(mapping: Mapping[Any, Any] | str | None, key: object) -> Any:
    """What a mapping holds under a key; None where there is no mapping at all."""
    return mapping.get(key) if isinstance(mapping, Mapping) else None


@register.filter
def pairs(params: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Parameters as (name, value), lists spread: for hidden fields of a form."""
    return [(name, one) for name, value in params.items() for one in (value if isinstance(value, list) else [value])]


@register.filter
def network(kind: str) -> str:
    """A network's name for people: "hackernews" -> "Hacker News"."""
    return NETWORKS.get(kind, (kind.replace("_", " ").capitalize(), ""))[0]


@register.filter
def network_icon(kind: str) -> str:
    return NETWORKS.get(kind, ("", "globe"))[1]


@register.filter
def language(code: str) -> str:
    """A language's English name: "de" -> "German"; codes that nobody knows stay codes."""
    if code == "unknown":
        return "Unknown"
    try:
        return str(get_language_info(code.lower())["name"])
    except KeyError:
        return code


@register.filter
def is_our_estimate(mention: Mention) -> bool:
    """Whether an engine judged a post whose network wants that to be told apart from what it says itself."""
    return mention.network in ATTESTED and (mention.sentiment != Sentiment.UNSCORED or mention.complaint_p is not None)


@register.filter
def mood_icon(mood: str) -> str:
    return MOOD_ICONS.get(mood, "unsure")


@register.filter
def mood_name(mood: str) -> str:
    """ "negative" -> "Negative"."""
    return str(Sentiment(mood).label)


@register.filter
def readable(body: bytes) -> str:
    """JSON on several lines."""
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False)


@register.filter
def web_address(url: str) -> str:
    """The address when it leads to the web, else "": a stranger's `javascript:` never becomes a link."""
    return url if url.lower().startswith(("https://", "http://")) else ""
