"""Rebuild: find a brand's themes anew, once a day, and keep the ids of those that go on.

A theme that is not found any more goes on for a week. When what sorts a mention has changed, the walk over the
brand's mentions begins again; when nothing has, nothing is written but the times.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from ingest.themes.corpus import names as names_for, parts as parts_for
from ingest.themes.finding import Corpus, Findings, Found, find_in
from ingest.themes.following import Known, follow, kept_name, wanted
from listening.models import Brand, Theme, ThemeState

EVERY = timedelta(hours=24)
SOON = timedelta(hours=1)
"""When to look again where too little was said to find anything."""
LINGERS = timedelta(days=7)
REMEMBERED = timedelta(days=90)
CLAIM = timedelta(minutes=15)


def rebuild_due(now: datetime) -> int:
    """Find the themes of every brand whose time has come. Returns how many brands were looked at."""
    for brand in Brand.objects.filter(theme_state=None):
        ThemeState.objects.get_or_create(brand=brand, defaults={"find_at": now})
    done = 0
    for brand in Brand.objects.filter(theme_state__find_at__lte=now):
        if ThemeState.objects.filter(pk=brand.pk, find_at__lte=now).update(find_at=now + CLAIM):  # one worker's
            rebuild(brand, now)
            done += 1
    return done


def rebuild(brand: Brand, now: datetime) -> Findings:
    """Find, follow, and write what changed."""
    names = names_for(brand)
    read = parts_for(brand, now)
    corpus = Corpus(read.ours, names)
    found = find_in(corpus, read.past, read.others, names)
    with transaction.atomic():
        ThemeState.objects.get_or_create(brand=brand, defaults={"find_at": now})
        state = ThemeState.objects.select_for_update().get(brand=brand)
        before = _rules(brand)
        _write(brand, found, corpus, now)
        state.find_at, state.found_at = now + (EVERY if found.themes else SOON), now
        state.save(update_fields=["find_at", "found_at"])
        if _rules(brand) != before:
            begin_walk(brand)
    return found


def begin_walk(brand: Brand) -> None:
    """Sort all mentions of the brand again, the newest first."""
    ThemeState.objects.filter(pk=brand.pk).update(walking=True, walk_published_at=None, walk_id=None)


def _rules(brand: Brand) -> list[tuple[object, ...]]:
    return list(brand.themes.live().order_by("pk").values_list("pk", "query", "phrases", "merged_into"))


def _write(brand: Brand, found: Findings, corpus: Corpus, now: datetime) -> None:
    kept = Q(retired_at=None) | Q(removed=True) | Q(retired_at__gte=now - REMEMBERED)
    rows = {row.pk: row for row in brand.themes.filter(kept, origin=Theme.Origin.MACHINE).select_for_update()}
    known = [Known(pk, tuple(row.phrases), corpus.held_by(row.phrases)) for pk, row in sorted(rows.items())]
    removed = [phrase for row in rows.values() if row.removed for phrase in row.phrases]
    themes = [theme for one in found.themes if (theme := wanted(one, removed))]
    ids = follow([(theme, corpus.held_by(theme.phrases)) for theme in themes], known)
    for theme, id_ in zip(themes, ids, strict=True):
        if id_ is None:
            _begin(brand, theme, now)
        elif not rows[id_].removed:
            _continue(rows[id_], theme, now)
    _retire([row for pk, row in rows.items() if pk not in ids and row.retired_at is None], themes, now)


def _begin(brand: Brand, theme: Found, now: datetime) -> None:
    Theme.objects.create(brand=brand, name=theme.name, phrases=theme.phrases, why=theme.why, found_at=now)


def _continue(row: Theme, theme: Found, now: datetime) -> None:
    row.name = kept_name(row.name, theme)
    row.phrases, row.why, row.found_at, row.retired_at = list(theme.phrases), theme.why, now, None
    row.save(update_fields=["name", "phrases", "why", "found_at", "retired_at"])


def _retire(rows: Sequence[Theme], found: Sequence[Found], now: datetime) -> None:
    """What was not found today goes on without the phrases that are another theme's now, for a week.

    A theme that others were merged into stays while one of these does.
    """
    taken = {phrase for theme in found for phrase in theme.phrases}
    for row in rows:
        left = [phrase for phrase in row.phrases if phrase not in taken]
        if row.merged.filter(retired_at=None).exists():
            continue
        if not left or (row.found_at or row.first_seen) < now - LINGERS:
            row.retired_at = now
        else:
            row.phrases = left
        row.save(update_fields=["phrases", "retired_at"])
