"""What a brand's public page tells, all of it out of the live configuration and the tables."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum

from dashboard.reports.forgetting import Forgetting, of_brand
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import last_days
from dashboard.reports.volume import Totals, totals
from ingest.sources import CATALOGUE, load
from listening.handles import NETWORKS
from listening.line.changes import in_words
from listening.models import Brand, Contact, Interest, Line, Mention, Source, Withheld
from listening.retention import KEPT, days_kept

DAYS = 90


@dataclass(frozen=True, slots=True)
class Told:
    """`networks` that are read now, `words` that are looked for, `accounts` whose mentions are read: all empty while
    nothing is.

    `line` in sentences, `totals` of the last 90 days, `answered` people and `withheld` posts of people who stepped out
    in that time, `keeps_days` how long texts are kept, `keeps_else` where the brand wants it otherwise for a network,
    `keeps_at_most` where a network's terms allow only so long after reading, in words; `interest` is the record
    of why the brand may listen, None where nothing is collected for want of one; `forgetting` how soon what is
    deleted is gone.
    """

    networks: list[str]
    words: list[str]
    accounts: list[str]
    keeps_days: int
    keeps_else: dict[str, int]
    keeps_at_most: dict[str, str]
    interest: Interest | None
    line: list[str]
    line_since: datetime
    totals: Totals
    answered: int
    withheld: int
    forgetting: list[Forgetting]


def told(brand: Brand, now: datetime) -> Told:
    line, record = Line.objects.of(brand), Interest.objects.of(brand)
    since, networks = now - timedelta(days=DAYS), _networks(brand) if record and not brand.paused else []
    dropped = Withheld.objects.filter(brand=brand, day__gte=since.date()).aggregate(n=Sum("n"))["n"]
    return Told(
        networks=networks,
        words=list(brand.queries.filter(active=True).values_list("text", flat=True)) if networks else [],
        accounts=_accounts(brand) if networks else [],
        keeps_days=brand.retention_days,
        keeps_else=days_kept(brand),
        keeps_at_most=_at_most(brand),
        interest=record,
        line=in_words(line.read()),
        line_since=line.created_at,
        totals=totals([brand], last_days(DAYS, ZoneInfo(brand.time_zone), now), Narrow()),
        answered=Contact.objects.filter(brand=brand, at__gte=since).values("network", "key").distinct().count(),
        withheld=dropped or 0,
        forgetting=[] if brand.paused else of_brand(brand, now),
    )


def _at_most(brand: Brand) -> dict[str, str]:
    """Of the networks that limit it: those that are read for the brand, or of which a file brought something."""
    read = {load(kind).network for kind in brand.sources.filter(kind__in=CATALOGUE).values_list("kind", flat=True)}
    held = (one for one in KEPT if one in read or Mention.objects.filter(brand=brand, network=one).exists())
    return {network: KEPT[network].in_words for network in sorted(held)}


def _accounts(brand: Brand) -> list[str]:
    return [f"@{one.handle} on {NETWORKS.get(one.network, one.network)}" for one in brand.handles.all()]


def _networks(brand: Brand) -> list[str]:
    """Names of the networks that are read for this brand right now."""
    kinds = brand.sources.filter(state=Source.State.ON, kind__in=CATALOGUE).values_list("kind", flat=True)
    return sorted({load(kind).label for kind in kinds})
