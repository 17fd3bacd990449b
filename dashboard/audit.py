"""The audit log's pen: who changed what. Values are plain; never text of posts, never secrets."""

from typing import Any

from listening.models import AuditEntry, Brand, User


def note(user: User | None, verb: str, brand: Brand | None = None, target: object = "", **detail: Any) -> AuditEntry:
    """Write one entry. `verb` is short ("changed query"), `target` names what was changed, `detail` the new values.

    `brand=None` is for changes of the whole installation, and for brands that are gone.
    """
    return AuditEntry.objects.create(user=user, verb=verb, brand=brand, target=str(target)[:200], detail=detail)
