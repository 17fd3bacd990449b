"""Theming: what an admin does to a brand's themes; every change is in the audit log and sorts mentions again."""

from django.db import transaction
from django.utils import timezone

from dashboard import audit
from listening.models import Brand, Theme, ThemeState, User


@transaction.atomic
def make(brand: Brand, user: User, name: str, query: str) -> Theme:
    """A theme by a query; it takes precedence over what the machine finds."""
    theme = Theme.objects.create(brand=brand, origin=Theme.Origin.ADMIN, name=name, query=query)
    audit.note(user, "made theme", brand, theme.title, query=query)
    sort_again(brand)
    return theme


@transaction.atomic
def change(theme: Theme, user: User, name: str, query: str) -> None:
    """Another name, or another query; the machine's own name comes back with an empty one."""
    if theme.origin == Theme.Origin.ADMIN:
        theme.name = name
        if theme.query != query:
            theme.query = query
            sort_again(theme.brand)
    else:
        theme.name_by_person = "" if name == theme.name else name
    theme.save(update_fields=["name", "name_by_person", "query"])
    audit.note(user, "changed theme", theme.brand, theme.title, query=theme.query)


@transaction.atomic
def merge(theme: Theme, into: Theme, user: User) -> None:
    """Count the theme's mentions in another one, now and in future, with all that was merged into it before."""
    theme.merged.update(merged_into=into)
    theme.merged_into = into
    theme.save(update_fields=["merged_into"])
    audit.note(user, "merged theme", theme.brand, theme.title, into=into.title)
    sort_again(theme.brand)


@transaction.atomic
def remove(theme: Theme, user: User) -> None:
    """Stop it, with what was merged into it; the machine does not find it again."""
    now = timezone.now()
    for one in (theme, *theme.merged.all()):
        one.removed, one.retired_at = True, one.retired_at or now
        one.save(update_fields=["removed", "retired_at"])
    audit.note(user, "removed theme", theme.brand, theme.title)
    sort_again(theme.brand)


def sort_again(brand: Brand) -> None:
    """The worker walks over the brand's mentions again, the newest first."""
    walk = {"walking": True, "walk_published_at": None, "walk_id": None}
    ThemeState.objects.update_or_create(brand=brand, defaults=walk, create_defaults={**walk, "find_at": timezone.now()})
