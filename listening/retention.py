"""Retention: how long a text is kept. The brand's time, by network, counts from when a post was published; what a
network's own terms say counts from when we read it, however it came here. Whichever ends first holds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from listening.models import Brand, Retention

DAY = timedelta(days=1)
IN_HOURS = 3 * DAY


@dataclass(frozen=True, slots=True)
class Kept:
    """`text` is how long text and author are kept after they were read, None as long as the brand does; `ids`: may the
    post's id stay, so that it is not counted twice; `tombstones`: may a keyed hash of a deleted post's id stay."""

    text: timedelta | None = None
    ids: bool = True
    tombstones: bool = True

    @property
    def in_words(self) -> str:
        """ "48 hours", "30 days"; empty where the brand's time holds."""
        if self.text is None:
            return ""
        return f"{self.text // DAY} days" if self.text > IN_HOURS else f"{self.text // timedelta(hours=1)} hours"


KEPT = {
    # Non-authorized data at most 30 days: developers.google.com/youtube/terms/developer-policies III.E.4.
    "youtube": Kept(text=timedelta(days=30)),
    # Delete within 48 hours; retention "even if disassociated, de-identified or anonymized" is a violation: neither an
    # id nor a hash of one stays. support.reddithelp.com 16160319875092 (Reddit Data API Wiki).
    "reddit": Kept(text=timedelta(hours=48), ids=False, tombstones=False),
}
"""By network and not by source, because posts come by file from networks that have no source of their own."""

FOR_A_TIME = tuple(network for network, kept in KEPT.items() if kept.text)
"""Networks whose texts may not stay: nothing of them goes where nobody deletes it."""

OTHERWISE = Kept()


def kept_by(network: str) -> Kept:
    return KEPT.get(network, OTHERWISE)


def days_kept(brand: Brand) -> dict[str, int]:
    """The brand's own time by network, for those that differ from `brand.retention_days`."""
    told = Retention.objects.filter(brand=brand).exclude(days=brand.retention_days).order_by("network")
    return dict(told.values_list("network", "days"))


def text_goes(network: str, published: datetime, read: datetime, days: int) -> datetime:
    """When the text of a post goes, which a brand keeps for `days`."""
    by_brand, by_terms = published + days * DAY, kept_by(network).text
    return by_brand if by_terms is None else min(by_brand, read + by_terms)
