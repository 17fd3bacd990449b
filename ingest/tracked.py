"""Tracked: what the brands of a source want to hear, read from the tables as plain values."""

from collections.abc import Iterable

from django.db.models import Prefetch

from ingest.match import Rules
from ingest.sources.base import OwnHandle, Tracked, TrackedQuery
from listening.handles import id_of
from listening.models import Brand, Handle, Query, Source


def tracked_by(source: Source) -> list[Tracked]:
    """The brands that this source listens for, without those that are paused or have no record of why they may."""
    return tracked(source.brands.collected())


def tracked(brands: "Iterable[Brand]") -> list[Tracked]:
    """Plain values of these brands with their active queries and own accounts."""
    ids = [brand.pk for brand in brands]
    active = Prefetch("queries", Query.objects.filter(active=True))
    rows = Brand.objects.filter(pk__in=ids).select_related("complaint_rules").order_by("pk")
    rows = rows.prefetch_related(active, "handles", "kind_phrases")
    return [_plain(brand, brand.queries.all()) for brand in rows]


def _plain(brand: Brand, queries: Iterable[Query]) -> Tracked:
    return Tracked(
        brand_id=brand.pk,
        slug=brand.slug,
        name=brand.name,
        queries=tuple(TrackedQuery(query.pk, query.text, query.version) for query in queries),
        handles=own_accounts(brand.handles.all()),
        engine=brand.engine,
        threshold=brand.complaint_rules.threshold if hasattr(brand, "complaint_rules") else None,
        kind_phrases=tuple((one.kind, one.phrase) for one in brand.kind_phrases.all()),
    )


def own_accounts(handles: Iterable[Handle]) -> tuple[OwnHandle, ...]:
    """With the id, too, where somebody entered it for a handle."""
    return tuple(OwnHandle(h.network, h.handle, h.external_id or id_of(h.network, h.handle) or None) for h in handles)


def rules_of(brand: Brand) -> Rules:
    """What the brand decided about complaints."""
    (plain,) = tracked([brand])
    return Rules(plain.threshold, plain.kind_phrases)
