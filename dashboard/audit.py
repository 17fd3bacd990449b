"""The audit log's pen: who changed what. Values are plain; never text of posts, never secrets."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from listening.models import AuditEntry, Brand, User

GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "line": ("The line and why", ("moved the line", "overrode the line", "adopted legitimate")),
    "names": ("Names", ("saw a name", "checked a person")),
    "answers": (
        "Answers",
        (
            "answered",
            "asked for approval",
            "approved an answer",
            "wrote an answer",
            "changed an answer",
            "dropped an answer",
            "took an answer",
            "tried an answer",
        ),
    ),
    "exports": ("Exports", ("exported",)),
    "erasures": (
        "Erasures and people’s requests",
        ("erased", "entered ", "settled ", "declined a", "agreed to an opt-out", "imported opt", "deleted brand"),
    ),
    "cases": ("Cases", ("changed case", "changed the same cases", "opened ", "added a note", "undid ", "woke ")),
}
"""Groups of entries by how their verbs begin: a label for people, and the beginnings. All others are settings."""
SETTINGS = "settings"


def in_group(group: str) -> Q:
    """The entries of a group; of an unknown one all of them."""
    if group == SETTINGS:
        return ~reduce(or_, map(in_group, GROUPS))
    return reduce(or_, (Q(verb__startswith=one) for one in GROUPS[group][1])) if group in GROUPS else Q()


def note(user: User | None, verb: str, brand: Brand | None = None, target: object = "", **detail: Any) -> AuditEntry:
    """Write one entry. `verb` is short ("changed query"), `target` names what was changed, `detail` the new values.

    `brand=None` is for changes of the whole installation, and for brands that are gone.
    """
    return AuditEntry.objects.create(user=user, verb=verb, brand=brand, target=str(target)[:200], detail=detail)
