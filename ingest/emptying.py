"""Emptying: a mention stays as a row that counts, without what its post said and who wrote it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ingest import letters
from listening.models import Mention

EMPTY: dict[str, Any] = {
    "text": "", "folded": "", "title": "", "url": "", "raw": None, "links": [], "spans": {}, "author": None,
    "repost_author": "", "complaint_reasons": [],
}  # fmt: skip


@transaction.atomic
def empty(ids: Sequence[int], now: datetime, **more: Any) -> int:
    """Take it out of these mentions, and the letters that quote one; `more` are columns that must go, too."""
    letters.forget(ids)
    return Mention.objects.filter(pk__in=ids).update(text_gone_at=now, **EMPTY, **more)
