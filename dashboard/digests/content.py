"""Content: what a digest says, from the same reports as the dashboard, so that the figures are the same."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from dashboard.answering_stats import hours
from dashboard.digests.letter import unsubscribe_url
from dashboard.reports.improvements import completed
from dashboard.reports.marking import said, shortened
from dashboard.reports.narrow import Narrow
from dashboard.reports.outcomes import outcomes
from dashboard.reports.overview import Overview, overview
from dashboard.reports.period import Period, instants
from dashboard.reports.talk import talk
from dashboard.templatetags.earshot import exact, percent
from dashboard.templatetags.letter import address
from listening.models import Brand, Case, Improvement, LineDecision, Mention, Subscription
from listening.models.case import CLOSED
from listening.retention import FOR_A_TIME
from listening.veil import veiled

TOP = 5
QUOTED = 280
BAR = 60
HANDLED = (*CLOSED, Case.Status.WAITING)  # there nothing waits for the team
QUOTABLE = Q(public_ok=True) & ~Q(network__in=FOR_A_TIME)
"""Who asks not to be seen without signing in stands in no letter; nor what a network's terms let us keep for a time
only, for nobody empties a mailbox."""


@dataclass(frozen=True, slots=True)
class Written:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Unquoted:
    """Complaints that wait and stay in Earshot: how many, and where the first few of them are read."""

    n: int
    urls: list[str]

    @property
    def more(self) -> int:
        return self.n - len(self.urls)


@dataclass(frozen=True, slots=True)
class Quote:
    """One complaint as the mail shows it: no author, the text shortened, the way to it in the dashboard."""

    text: str
    network: str
    addressed: bool
    status: str
    url: str


@dataclass(frozen=True, slots=True)
class Improved:
    """What one improvement brought: its title, the sentence that follows it, the way to it."""

    title: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Override:
    """A refusal of the line that a named person took on themselves; `url` leads to the post, "" where it is gone."""

    at: datetime
    by: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the chart; `pixels` its height, `count` None where nothing was collected; `day` for its mentions."""

    label: str
    name: str
    count: int | None
    pixels: int
    note: str
    day: str


def write(subscription: Subscription, start: datetime, end: datetime) -> Written | None:
    """The digest of one week for one person. None when nothing was said, all was collected, and they want no such mail.

    `start` and `end` are the issue's UTC instants, the end exclusive.
    """
    brand = subscription.brand
    period = instants(start, end, ZoneInfo(brand.time_zone), end)
    rivals = list(brand.rivals.filter(pk__in=Brand.objects.visible_to(subscription.user)))
    report = overview(brand, period, rivals)
    silent = not report.totals.now.mentions and not report.coverage.missing
    if silent and not subscription.send_empty:
        return None
    context = _context(subscription, report, period)
    html = render_to_string("mail/digest.html", context)
    return Written(
        subject=" ".join(render_to_string("mail/digest_subject.txt", context).split()),
        text=render_to_string("mail/digest.txt", context),
        html=css_inline.inline(html, load_remote_stylesheets=False, keep_at_rules=True),
    )


def _context(subscription: Subscription, report: Overview, period: Period) -> dict[str, object]:
    brand = subscription.brand
    waiting = _waiting(brand, period)
    return {
        "brand": brand,
        "report": report,
        "now": report.totals.now,
        "before": report.totals.before,
        "days": f"{period.first_day:%a %-d %b} – {period.last_day:%a %-d %b %Y}",
        "zone": brand.time_zone,
        "bars": _bars(report),
        "talk": talk(brand, period, report.totals.now.mentions, most=TOP),
        "complaints": [_quote(mention, brand) for mention in _quotable(waiting)],
        "unquoted": _unquoted(waiting, brand),
        "overrides": _overrides(brand, period),
        "improved": _improved(brand, period),
        "answering": _answering(brand, period, period.end),
        "links": {
            "dashboard": address("overview", brand.slug, period),
            "mentions": address("mentions", brand.slug, period),
            "complaints": address("mentions", brand.slug, period, Narrow(complaint=True)),
            "addressed": address("mentions", brand.slug, period, Narrow(addressed=True)),
            "quality": address("quality", brand.slug),
            "answering": address("case_figures", brand.slug, period),
            "account": settings.PUBLIC_URL + reverse("account"),
            "unsubscribe": unsubscribe_url(subscription),
        },
    }


def _bars(report: Overview) -> list[Bar]:
    """A bar per local day; hours are summed where the report is hourly."""
    days: dict[str, list[int | None]] = {}
    notes: dict[str, str] = {}
    for point in report.trend:
        day = point.bucket.label[:10]
        days.setdefault(day, []).append(None if point.totals is None else point.totals.mentions)
        if point.why:
            notes[day] = point.why
    counts = {day: None if all(n is None for n in found) else sum(n or 0 for n in found) for day, found in days.items()}
    most = max((n for n in counts.values() if n), default=1)
    return [
        Bar(f"{d:%a}", f"{d:%a %-d %b}", n, max(2, round(BAR * n / most)) if n else 0, notes.get(day, ""), day)
        for day, n in counts.items()
        for d in [datetime.fromisoformat(day)]
    ]


def _waiting(brand: Brand, period: Period) -> QuerySet[Mention]:
    """The complaints that wait."""
    found = Mention.objects.counted().filter(
        brand=brand, is_complaint=True, published_at__gte=period.start, published_at__lt=period.end, text_gone_at=None
    )
    return found.exclude(case__status__in=HANDLED)


def _unquoted(waiting: QuerySet[Mention], brand: Brand) -> Unquoted:
    found = waiting.exclude(QUOTABLE)
    return Unquoted(found.count(), [_post(brand, one.pk) for one in _pressing(found.only("pk"))])


def _quotable(waiting: QuerySet[Mention]) -> QuerySet[Mention]:
    return _pressing(waiting.filter(QUOTABLE).select_related("case", "author"))


def _pressing(found: QuerySet[Mention]) -> QuerySet[Mention]:
    """The first few: addressed ones, then the surest."""
    return found.order_by("-is_addressed", "-complaint_p", "-published_at")[:TOP]


def _improved(brand: Brand, period: Period) -> list[Improved]:
    """Improvements of which a length of time to compare was over in this week."""
    found = completed(brand, period.start, period.end)
    return [Improved(one.improvement.title, _lower(one.sentence), _page(one.improvement)) for one in found]


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _page(improvement: Improvement) -> str:
    return settings.PUBLIC_URL + reverse("improvement", args=[improvement.brand.slug, improvement.pk])


def _answering(brand: Brand, period: Period, now: datetime) -> str:
    """How the cases of the week were answered, as on the page "How we answer"; "" where there were none."""
    view = outcomes(brand, period, now)
    if not view.opened:
        return ""
    told = f"{exact(view.answered.hits)} of {exact(view.opened)} cases answered ({percent(view.answered.value)})"
    return f"{told}; first reply after {hours(view.reply.median)} (median)" if view.reply.n else told


def _overrides(brand: Brand, period: Period) -> list[Override]:
    taken = LineDecision.objects.filter(line__brand=brand, verdict="refused").exclude(overridden_by="")
    told = taken.filter(overridden_at__gte=period.start, overridden_at__lt=period.end).order_by("overridden_at")
    return [
        Override(one.overridden_at, one.overridden_by, one.override_reason, _post(brand, one.mention_id))
        for one in told
        if one.overridden_at
    ]


def _post(brand: Brand, pk: int | None) -> str:
    return settings.PUBLIC_URL + reverse("mention", args=[brand.slug, pk]) if pk else ""


def _quote(mention: Mention, brand: Brand) -> Quote:
    text = " ".join((said(mention) or veiled(mention.title, mention.author)).split())
    case = getattr(mention, "case", None)
    return Quote(
        text=shortened(text, QUOTED),
        network=mention.network,
        addressed=mention.is_addressed,
        status=case.get_status_display() if case else Case.Status.NEW.label,
        url=_post(brand, mention.pk),
    )
