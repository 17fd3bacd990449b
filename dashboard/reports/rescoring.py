"""Rescoring: which engines read a brand's stored mentions, what reading them again would take, and how far it is."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum

from listening import engines
from listening.models import Brand, Rescore, TallyDay

GUESS = 300.0
"""Mentions a second, before anything was measured here: an engine with a model on one slow core."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the brand's mentions stand to the engine that it chose.

    `counts` is (version, mentions), the most first; the brand's own and hidden posts are not among them. `old` were
    read by another version; `last` is the last time that they were read again, running or over.
    """

    engine: str
    version: str
    counts: tuple[tuple[str, int], ...]
    per_second: float
    measured: bool
    last: Rescore | None

    @property
    def total(self) -> int:
        return sum(n for _, n in self.counts)

    @property
    def old(self) -> int:
        return sum(n for version, n in self.counts if version != self.version)

    @property
    def takes(self) -> str:
        return lasting(self.old / self.per_second)

    @property
    def running(self) -> Rescore | None:
        return self.last if self.last and self.last.state == Rescore.State.RUNNING else None

    @property
    def left(self) -> str:
        """How long the running one will take, "" before anything can be said."""
        row = self.running
        if row is None or not row.done or not row.seconds:
            return ""
        return lasting((row.total - row.done) * row.seconds / row.done)


def standing(brand: Brand) -> Standing:
    name = engines.chosen(brand)
    cells = TallyDay.objects.filter(brand=brand).exclude(engine="").values_list("engine")
    measured = _measured(name)
    return Standing(
        engine=name,
        version=engines.version_of(name),
        counts=tuple((engine, n) for engine, n in cells.annotate(n=Sum("n")).filter(n__gt=0).order_by("-n", "engine")),
        per_second=measured or GUESS,
        measured=measured is not None,
        last=Rescore.objects.filter(brand=brand).first(),
    )


def _measured(engine: str) -> float | None:
    """Mentions a second at the last time that this engine read any again here."""
    rows = Rescore.objects.filter(engine=engine, changed__gt=0, seconds__gt=0)
    row = rows.order_by("-created_at").first()
    return row.changed / row.seconds if row else None


def lasting(seconds: float) -> str:
    """ "less than a minute", "about 4 minutes", "about 3 hours"."""
    minutes = timedelta(seconds=seconds) / timedelta(minutes=1)
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes:.0f} minute{'s' if round(minutes) > 1 else ''}"
    return f"about {minutes / 60:.0f} hours"
