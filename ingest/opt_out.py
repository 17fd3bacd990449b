"""Opt-out: a person steps out; from then on nothing of theirs is stored, and what is stored goes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ingest import forget
from ingest.record import Deletion
from listening import people
from listening.models import OptOut
from listening.secrets import person_key


@dataclass(frozen=True, slots=True)
class Receipt:
    """What stepping out did: `new` False when the person had stepped out before, `mentions` rows that went."""

    new: bool
    mentions: int


def opt_out(network: str, stable_id: str, reason: str, now: datetime) -> Receipt:
    """Stop listening to somebody and erase them. `stable_id` as in `Account.id`.

    The lock makes it stick: a page of posts that is being stored meanwhile is either stored before, and erased here,
    or looks at the registry after.
    """
    version, key = person_key(network, stable_id)
    with transaction.atomic():
        people.hold_alone()
        _, new = OptOut.objects.get_or_create(
            network=network, key_version=version, key=key, scope=OptOut.Scope.LISTEN, defaults={"reason": reason}
        )
        gone = forget.follow([Deletion(network, "author", stable_id)], now)
    return Receipt(new, gone)
