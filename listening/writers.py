"""Writers: through which of a brand's sources an answer goes out; who presses the button and who sends agree on it."""

from collections.abc import Mapping
from typing import Any, Protocol

from listening.models import Brand, Source
from listening.secrets import Unreadable, unseal


class Kind(Protocol):
    """What this needs to know of a class of sources."""

    def may_write(self, settings: Mapping[str, Any], credentials: Mapping[str, str]) -> bool: ...


class NoWriter(Exception):
    """None of the brand's sources may write; `unreadable` is a sentence where one can't be asked for want of a key."""

    def __init__(self, unreadable: str = "") -> None:
        super().__init__(unreadable or "No source of this brand may write there.")
        self.unreadable = unreadable


def writer(brand: Brand, kinds: Mapping[str, Kind]) -> Source:
    """The first of the brand's sources of these kinds that is on and may write. Raises NoWriter.

    One whose credentials can't be read is passed over: another may do it, and where none does that is the reason.
    """
    unreadable = ""
    for row in brand.sources.filter(kind__in=kinds).exclude(state=Source.State.PAUSED).order_by("pk"):
        try:
            if kinds[row.kind].may_write(row.settings, unseal(row.credentials)):
                return row
        except Unreadable as error:
            unreadable = unreadable or error.sentence
    raise NoWriter(unreadable)
