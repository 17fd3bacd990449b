"""Assign: give mentions their theme, batch by batch, apart from the pipeline, so that taking posts in stays quick.

A batch locks its mentions, sorts them and writes members, counts and how far it came in one transaction: a worker that
is killed loses nothing, and the same batch twice changes nothing. Three ways lead to a mention: it was collected since
the last run, its text was edited, or the themes changed and the walk from the newest to the oldest comes by.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from ingest.themes.corpus import names
from ingest.themes.sorting import Rule, Sorter
from listening.models import Brand, Mention, Theme, ThemeMember, ThemeState
from listening.models.mention import MentionQuerySet
from listening.models.theme_tally import COPIED
from listening.stored import post_of

BATCH = 2000
SORTED_BACK = timedelta(days=190)
"""How old mentions are sorted: a period of 90 days and the one before it."""
OVERLAP = timedelta(minutes=5)
"""Longer than a page takes from its time of collection to its commit."""
SECONDS = 40.0
UNREAD = ("raw", "spans", "complaint_reasons", "query_versions", "addressed_evidence")

INSERT = f"""
    INSERT INTO listening_thememember AS kept
      (mention_id, brand_id, theme_id, stale, {", ".join(COPIED)}, counted)
    SELECT m.id, m.brand_id, told.theme, false, {", ".join(f"m.{name}" for name in COPIED)}, NOT m.own AND m.hidden = ''
    FROM unnest(%s::bigint[], %s::bigint[]) AS told(id, theme) JOIN listening_mention AS m ON m.id = told.id
    ON CONFLICT (mention_id) DO UPDATE SET
"""
WRITE = f"""{INSERT} theme_id = excluded.theme_id, stale = false
    WHERE kept.stale OR kept.theme_id IS DISTINCT FROM excluded.theme_id
"""
KEEP = f"{INSERT} stale = false WHERE kept.stale"


def assign_due(now: datetime, seconds: float = SECONDS) -> int:
    """Sort what waits, brand by brand, until all is done or the time is over. Returns how many mentions were read."""
    until = monotonic() + seconds
    return sum(assign(brand, now, until) for brand in Brand.objects.exclude(theme_state=None).order_by("pk"))


def assign(brand: Brand, now: datetime, until: float | None = None) -> int:
    """Sort this brand's waiting mentions. Returns how many were read."""
    if not brand.themes.exists():
        return 0
    sorter = sorter_for(brand)
    # Once a run, not once a batch: what was committed late is found again, and a large import is not read twice.
    ThemeState.objects.filter(pk=brand.pk).update(sorted_to=F("sorted_to") - OVERLAP)
    read = 0
    for step in (_new, _edited, _walk):
        while (until is None or monotonic() < until) and (n := step(brand, sorter, now)):
            read += n
    return read


def sorter_for(brand: Brand) -> Sorter:
    return Sorter([_rule(theme) for theme in brand.themes.live().order_by("pk")], names(brand))


def _rule(theme: Theme) -> Rule:
    return Rule(theme.pk, theme.merged_into_id or theme.pk, theme.query, tuple(theme.phrases))


def _step(pick: Callable[[ThemeState, Brand, datetime], Sequence[Mention]]) -> Callable[[Brand, Sorter, datetime], int]:
    """A batch under the lock of the brand's state; 0 also where another worker holds it."""

    def step(brand: Brand, sorter: Sorter, now: datetime) -> int:
        with transaction.atomic():
            state = ThemeState.objects.select_for_update(skip_locked=True).filter(brand=brand).first()
            if state is None:
                return 0
            mentions = pick(state, brand, now)
            sort(mentions, sorter)
            state.save()
            return len(mentions)

    return step


@_step
def _new(state: ThemeState, brand: Brand, now: datetime) -> Sequence[Mention]:
    """Mentions that nobody sorted yet, in the order of their collection; those of before are the walk's."""
    since = state.sorted_to or now - OVERLAP
    sorted_already = Exists(ThemeMember.objects.filter(mention=OuterRef("pk")))
    waiting = Mention.objects.filter(brand=brand, collected_at__gte=since, published_at__gte=now - SORTED_BACK)
    ids = waiting.filter(~sorted_already).order_by("collected_at", "pk").values_list("pk", "collected_at")[:BATCH]
    found = list(ids)
    state.sorted_to = max(since, found[-1][1]) if len(found) == BATCH else max(since, now)
    return _locked([pk for pk, _ in found])


@_step
def _edited(state: ThemeState, brand: Brand, now: datetime) -> Sequence[Mention]:
    stale = ThemeMember.objects.filter(brand=brand, stale=True).order_by("pk")
    return _locked(list(stale.values_list("mention_id", flat=True)[:BATCH]))


@_step
def _walk(state: ThemeState, brand: Brand, now: datetime) -> Sequence[Mention]:
    if not state.walking:
        return []
    mentions = Mention.objects.filter(brand=brand, published_at__gte=now - SORTED_BACK)
    if state.walk_published_at is not None:
        at, last = state.walk_published_at, state.walk_id
        mentions = mentions.filter(published_at__lte=at).exclude(published_at=at, pk__gte=last)
    found = list(mentions.order_by("-published_at", "-pk").values_list("pk", "published_at")[:BATCH])
    state.walking = len(found) == BATCH
    state.walk_id, state.walk_published_at = found[-1] if state.walking else (None, None)
    return _locked([pk for pk, _ in found])


def _locked(ids: Sequence[int]) -> Sequence[Mention]:
    """These mentions, locked against changes in the order in which writers lock them."""
    if not ids:
        return []
    rows: MentionQuerySet = Mention.objects.filter(pk__in=ids).select_related("author").defer(*UNREAD)
    return list(rows.order_by("brand_id", "network", "external_id").select_for_update(no_key=True, of=("self",)))


def sort(mentions: Sequence[Mention], sorter: Sorter) -> None:
    """Write the members of these mentions; rows that would not change are not touched. Call in a transaction.

    A mention whose text is gone keeps the theme that it had.
    """
    readable = [mention for mention in mentions if mention.text_gone_at is None]
    gone = [mention.pk for mention in mentions if mention.text_gone_at is not None]
    themes = [_theme(mention, sorter) for mention in readable]
    with connection.cursor() as cursor:
        if readable:
            cursor.execute(WRITE, [[mention.pk for mention in readable], themes])
        if gone:
            cursor.execute(KEEP, [gone, [None] * len(gone)])


def _theme(mention: Mention, sorter: Sorter) -> int | None:
    return sorter.theme_of(mention.folded, mention.language, mention.text, lambda: post_of(mention), mention.title)
