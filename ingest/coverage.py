"""Coverage: when was a source not collecting? Each stretch is a Gap row with its reason."""

from collections.abc import Sequence

from ingest.sources.base import Hole
from listening.models import Gap, Source


def note(source: Source, holes: Sequence[Hole]) -> None:
    """Keep these holes; noting one twice keeps one."""
    Gap.objects.bulk_create(
        [Gap(source=source, start=hole.start, end=max(hole.start, hole.end), reason=hole.reason) for hole in holes],
        ignore_conflicts=True,
    )
