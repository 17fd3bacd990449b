"""Stepping out: requests of people who want to be left alone are proven at the network, done, and emptied.

Whoever can put the code into the profile of an account speaks for it. Networks that can't be asked wait for an
administrator.
"""

from datetime import datetime, timedelta

from ingest.opt_out import opt_out
from ingest.pull import connect
from ingest.sources import CATALOGUE, load
from ingest.sources.base import Config, Shown, Source as Connection, SourceError
from listening.models import OptOutRequest, Source
from listening.secrets import Unreadable, seal, unseal

State = OptOutRequest.State
KEPT_OPEN = timedelta(days=7)
NOT_THERE = "The code is not in the profile yet. Networks may take a minute to show a change: try again."
UNREADABLE = "Your request can't be read any more: the key of this installation changed. Please begin again."
NOBODY = "There is no such account on this network. Begin again with the right name."


def check(request_id: int, now: datetime) -> None:
    """Look for the code where the request says; found, it is done at once. Safe to run twice."""
    request = OptOutRequest.objects.filter(pk=request_id, state=State.OPEN).first()
    if request is None:
        return
    try:
        handle = unseal(request.sealed)["handle"]
    except Unreadable:
        _tell(request, UNREADABLE, now)
        return
    try:
        shown = _connection(request.network, now).shown(handle)
    except SourceError as error:
        _tell(request, f"The network could not be asked: {error.sentence}", now)
        return
    if shown is None or not _holds(shown, request.code):
        _tell(request, NOT_THERE if shown else NOBODY, now)
        return
    sealed = seal({"handle": handle, "id": shown.id})
    OptOutRequest.objects.filter(pk=request.pk, state=State.OPEN).update(
        state=State.AGREED, proven=True, sealed=sealed, checked_at=now
    )
    settle_all(now)


def settle_all(now: datetime) -> int:
    """Do everything that was agreed, and drop what nobody proved. Returns how many were done."""
    OptOutRequest.objects.filter(state=State.OPEN, created_at__lt=now - KEPT_OPEN).delete()
    return sum(_settle(request, now) for request in OptOutRequest.objects.filter(state=State.AGREED).order_by("pk"))


def _settle(request: OptOutRequest, now: datetime) -> bool:
    """False for one that nobody can read: it waits for its key, and holds up no other."""
    try:
        told = unseal(request.sealed)
    except Unreadable:
        return False
    stable_id, handle = told.get("id", ""), told.get("handle", "")
    receipt = opt_out(request.network, stable_id, request.origin, now, request.scope, handle)
    OptOutRequest.objects.filter(pk=request.pk, state=State.AGREED).update(
        state=State.DONE, sealed="", settled_at=now, mentions=receipt.mentions, sentence=""
    )
    return True


def _connection(network: str, now: datetime) -> Connection:
    """The source of this network as it is set up, else as it comes. Raises SourceError where there is none to ask."""
    for kind in CATALOGUE:
        source = load(kind)
        if source.network == network and source.shows_profiles:
            rows = Source.objects.filter(kind=kind)
            row = rows.filter(state=Source.State.ON).first() or rows.first()
            bare = Config(settings={}, credentials={}, now=lambda: now)
            return connect(row, lambda: now) if row else source(bare)
    raise SourceError("Earshot can't read profiles there.", code="settings", permanent=True)


def _holds(shown: Shown, code: str) -> bool:
    return any(code.casefold() in text.casefold() for text in shown.texts)


def _tell(request: OptOutRequest, sentence: str, now: datetime) -> None:
    OptOutRequest.objects.filter(pk=request.pk, state=State.OPEN).update(sentence=sentence, checked_at=now)
