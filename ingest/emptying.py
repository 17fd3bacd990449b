"""Emptying: a mention stays as a row that counts, without what its post said and who wrote it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from ingest import letters
from listening.models import Mention
from listening.retention import KEPT

EMPTY: dict[str, Any] = {
    "text": "", "folded": "", "title": "", "url": "", "raw": None, "links": [], "spans": {}, "author": None,
    "repost_author": "", "complaint_reasons": [],
}  # fmt: skip
TOLD: dict[str, Any] = dict.fromkeys(("replies", "likes", "shares", "views", "rating", "media"))
TOLD["addressed_evidence"] = ""
"""What may stay, but not of networks whose own terms say how long they may be kept."""


@transaction.atomic
def empty(ids: Sequence[int], now: datetime, **more: Any) -> int:
    """Take it out of these mentions, and the letters that quote one; `more` are columns that must go, too."""
    letters.forget(ids)
    rows, bound = Mention.objects.filter(pk__in=ids), Q(network__in=list(KEPT))
    gone = {"text_gone_at": now, **EMPTY, **more}
    return rows.exclude(bound).update(**gone) + rows.filter(bound).update(**gone, **TOLD)
