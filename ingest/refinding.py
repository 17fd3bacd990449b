"""Refinding: stored mentions are brought up to a brand's rules about complaints and to the engines of the details.

In batches, each one transaction with the place where it ended: whoever dies in between, the next one goes on there.
What a person said is never touched, and figures follow by the tally's triggers.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection, transaction

from ingest.enrich import complaint, details
from ingest.enrich.details import Details, DetailsInput
from ingest.findings import after_title, as_stored
from ingest.grouping import Copy, groups
from ingest.repeats import AGAIN
from listening.models import Brand, ComplaintRules, KindPhrase, Mention

BATCH = 500
SECONDS = 40.0
"""How long one bell works; the next one rings within a minute."""

COLUMNS = {
    "id": "bigint", "complaint": "boolean", "complaint_reasons": "jsonb", "complaint_kind": "text",
    "complaint_strength": "smallint", "asks": "text", "waiting_days": "smallint", "details_engine": "text",
    "group_key": "bigint",
}  # fmt: skip
CHANGED = [name for name in COLUMNS if name != "id"]
UPDATE = f"""
    UPDATE listening_mention AS kept SET {", ".join(f"{name} = told.{name}" for name in CHANGED)}
    FROM json_to_recordset(%s) AS told({", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())})
    WHERE kept.id = told.id AND ({", ".join(f"kept.{name}" for name in CHANGED)})
      IS DISTINCT FROM ({", ".join(f"told.{name}" for name in CHANGED)})
    RETURNING kept.id
"""  # noqa: S608 (names of columns, from above)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a batch is judged by; `threshold` None leaves flags as they are."""

    threshold: float | None
    phrases: tuple[tuple[str, str], ...]


def refind(seconds: float = SECONDS) -> bool:
    """Work for a while. True when every brand's mentions are up to date."""
    until = time.monotonic() + seconds
    _complete()
    for brand_id in Brand.objects.order_by("pk").values_list("pk", flat=True):
        while not _batch(brand_id):
            if time.monotonic() >= until:
                return False
    return True


def stamp(rules: ComplaintRules) -> str:
    """What mentions are up to date with: the engines of the details and the number of the brand's rules."""
    return f"{details.version()} rules-{rules.number}"


def _complete() -> None:
    """A row of rules for every brand."""
    missing = Brand.objects.filter(complaint_rules=None)
    ComplaintRules.objects.bulk_create([ComplaintRules(brand=brand) for brand in missing], ignore_conflicts=True)


@transaction.atomic
def _batch(brand_id: int) -> bool:
    """One batch of a brand. True when nothing is left, or somebody else is at it."""
    rules = ComplaintRules.objects.select_for_update(skip_locked=True).filter(brand=brand_id).first()
    if rules is None or rules.applied == stamp(rules):
        return True
    if rules.applying != stamp(rules):
        rules.applying, rules.after, rules.done = stamp(rules), 0, 0
        rules.total = Mention.objects.filter(brand=brand_id).count()
    pks = list(
        Mention.objects.filter(brand=brand_id, pk__gt=rules.after).order_by("pk").values_list("pk", flat=True)[:BATCH]
    )
    if pks:
        _update(pks, _ruling(rules))
        rules.after, rules.done = pks[-1], rules.done + len(pks)
    finished = len(pks) < BATCH
    if finished:
        rules.applied, rules.total = rules.applying, rules.done
    rules.save(update_fields=["applying", "applied", "after", "done", "total"])
    return finished


def _ruling(rules: ComplaintRules) -> Ruling:
    phrases = tuple(KindPhrase.objects.filter(brand=rules.brand_id).values_list("kind", "phrase"))
    if rules.set_at is None:
        return Ruling(None, phrases)
    return Ruling(complaint.threshold() if rules.threshold is None else rules.threshold, phrases)


def _update(pks: Sequence[int], ruling: Ruling) -> None:
    """Rows are locked in the order in which writers of pages lock them."""
    rows = Mention.objects.filter(pk__in=pks, text_gone_at=None).order_by("brand_id", "network", "external_id")
    mentions = list(rows.select_for_update().defer("raw", "folded", "links"))
    found = details.find([_input(mention, ruling) for mention in mentions])
    keys = groups([_copy(mention) for mention in mentions if mention.group_key is None])
    fresh = iter(keys)
    told = [
        _row(mention, one, ruling, next(fresh) if mention.group_key is None else mention.group_key)
        for mention, one in zip(mentions, found, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [orjson.dumps(told).decode()])
        changed = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(AGAIN, [changed])


def _input(mention: Mention, ruling: Ruling) -> DetailsInput:
    return DetailsInput(_words(mention), mention.complaint_p, mention.compound, mention.published_at, ruling.phrases)


def _words(mention: Mention) -> str:
    return f"{mention.title}\n{mention.text}" if mention.title else mention.text


def _copy(mention: Mention) -> Copy:
    return Copy(mention.brand_id, mention.network, mention.external_id, mention.repost_of, _words(mention))


def _row(mention: Mention, found: Details, ruling: Ruling, group: int) -> dict[str, Any]:
    flagged = mention.complaint
    if ruling.threshold is not None and mention.complaint_p is not None and not mention.own:
        flagged = mention.complaint_p >= ruling.threshold
    return {
        "id": mention.pk,
        "complaint": flagged,
        "complaint_reasons": as_stored(mention.complaint_reasons, after_title(found.reasons, mention.title))
        if flagged
        else [],
        "complaint_kind": found.kind,
        "complaint_strength": found.strength,
        "asks": found.asks,
        "waiting_days": found.waiting_days,
        "details_engine": details.version(),
        "group_key": group,
    }
