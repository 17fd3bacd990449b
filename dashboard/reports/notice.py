"""What a brand's public page tells, all of it out of the live configuration and the tables."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum

from dashboard.reports.forgetting import Forgetting, of_brand
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import last_days
from dashboard.reports.volume import Totals, totals
from ingest.sources import CATALOGUE, load, text_limits
from listening.handles import NETWORKS
from listening.line.changes import in_words
from listening.models import Brand, Contact, Interest, Line, Source, Withheld
from listening.retention import days_kept

DAYS = 90


@dataclass(frozen=True, slots=True)
class Told:
    """`networks` that are read now; `words` that are looked for; `accounts` whose mentions are read.

    `line` in sentences, `totals` of the last 90 days, `answered` people and `withheld` posts of people who stepped out
    in that time, `keeps_days` how long texts are kept, `keeps_else` where a network differs; `interest` is the record
    of why the brand may listen, None where nothing is collected for want of one; `forgetting` how soon what is
    deleted is gone.
    """

    networks: list[str]
    words: list[str]
    accounts: list[str]
    keeps_days: int
    keeps_else: dict[str, int]
    interest: Interest | None
    line: list[str]
    line_since: datetime
    totals: Totals
    answered: int
    withheld: int
    forgetting: list[Forgetting]


def told(brand: Brand, now: datetime) -> Told:
    line, record = Line.objects.of(brand), Interest.objects.of(brand)
    since = now - timedelta(days=DAYS)
    dropped = Withheld.objects.filter(brand=brand, day__gte=since.date()).aggregate(n=Sum("n"))["n"]
    return Told(
        networks=_networks(brand) if record and not brand.paused else [],
        words=list(brand.queries.filter(active=True).values_list("text", flat=True)),
        accounts=[f"@{one.handle} on {NETWORKS.get(one.network, one.network)}" for one in brand.handles.all()],
        keeps_days=brand.retention_days,
        keeps_else=_kept(brand),
        interest=record,
        line=in_words(line.read()),
        line_since=line.created_at,
        totals=totals([brand], last_days(DAYS, ZoneInfo(brand.time_zone), now), Narrow()),
        answered=Contact.objects.filter(brand=brand, at__gte=since).values("network", "key").distinct().count(),
        withheld=dropped or 0,
        forgetting=[] if brand.paused else of_brand(brand, now),
    )


def _kept(brand: Brand) -> dict[str, int]:
    """Days by network, of those that are read or were given a time by the brand."""
    read = {load(kind).network for kind in brand.sources.filter(kind__in=CATALOGUE).values_list("kind", flat=True)}
    read |= set(brand.retentions.values_list("network", flat=True))
    return {network: days for network, days in days_kept(brand, text_limits()).items() if network in read}


def _networks(brand: Brand) -> list[str]:
    """Names of the networks that are read for this brand right now."""
    kinds = brand.sources.filter(state=Source.State.ON, kind__in=CATALOGUE).values_list("kind", flat=True)
    return sorted({load(kind).label for kind in kinds})
