"""Volume: how many mentions, how they feel, how many complain and how many are addressed to the brand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import add, attrgetter

from dashboard.reports.cells import Sums, sums
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period
from listening.models import Brand, Sentiment

OF_BRANDS = ("brand_id", "mood", "is_complaint", "is_addressed")


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of mentions. Shares are between 0 and 1, `net` between -1 and 1; None where there is nothing to share."""

    positive: int = 0
    neutral: int = 0
    negative: int = 0
    unscored: int = 0
    complaints: int = 0
    addressed: int = 0

    @property
    def mentions(self) -> int:
        return self.scored + self.unscored

    @property
    def scored(self) -> int:
        return self.positive + self.neutral + self.negative

    @property
    def net(self) -> float | None:
        """(positive - negative) / scored: mentions that no engine could score are left out, not called neutral."""
        return (self.positive - self.negative) / self.scored if self.scored else None

    @property
    def complaint_share(self) -> float | None:
        return self.complaints / self.mentions if self.mentions else None

    @property
    def addressed_share(self) -> float | None:
        return self.addressed / self.mentions if self.mentions else None

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*map(add, _counts(self), _counts(other)))


_counts = attrgetter(*Totals.__slots__)


def totals(brands: Iterable[Brand], period: Period, narrow: Narrow = Narrow()) -> Totals:  # noqa: B008 (frozen)
    """The totals of these brands together."""
    return sum(per_brand(brands, period, narrow).values(), Totals())


def per_brand(brands: Iterable[Brand], period: Period, narrow: Narrow = Narrow()) -> Mapping[int, Totals]:  # noqa: B008
    """Totals by brand id; brands without a mention are there with zeros."""
    brands = list(brands)
    return of_brands(brands, sums(brands, period, narrow, *OF_BRANDS))


def of_brands(brands: Iterable[Brand], cells: Sums) -> dict[int, Totals]:
    """Totals by brand id of the sums by OF_BRANDS."""
    found = {brand.pk: Totals() for brand in brands}
    for brand_id, mood, complaint, addressed, n in cells:
        found[brand_id] += of_cell(mood, complaint, addressed, n)
    return found


def of_cell(mood: str, complaint: bool, addressed: bool, n: int) -> Totals:
    """The totals of one cell of the tally."""
    return Totals(
        positive=n * (mood == Sentiment.POSITIVE),
        neutral=n * (mood == Sentiment.NEUTRAL),
        negative=n * (mood == Sentiment.NEGATIVE),
        unscored=n * (mood == Sentiment.UNSCORED),
        complaints=n * complaint,
        addressed=n * addressed,
    )
