"""Settling: a request comes in, its person is checked, and it is done or declined; then nothing tells who it was.

Erasing and objecting go the way of all opt-outs (dashboard.opting_out), whose receipt is the proof.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from dashboard.audit import note
from dashboard.opting_out import enter as enter_opt_out
from dashboard.rights.finding import found
from listening.models import OptOut, RightsRequest, User
from listening.secrets import seal, unseal

Kind, State = RightsRequest.Kind, RightsRequest.State
DONE_BY_OPT_OUT = {
    Kind.ERASE: OptOut.Scope.LISTEN,
    Kind.OBJECT: OptOut.Scope.LISTEN,
    Kind.CONTACT: OptOut.Scope.CONTACT,
}


class NotYet(Exception):
    """Something has to come first; the message is a sentence for people."""


def a_month_after(day: date) -> date:
    """The same day of the next month, or its last (GDPR, article 12(3): "within one month")."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)


@transaction.atomic
def enter(network: str, told: Mapping[str, str], kind: str, received: date, user: User) -> RightsRequest:
    """`told` holds "handle" or "id"."""
    request = RightsRequest.objects.create(
        network=network,
        sealed=seal(told),
        kind=kind,
        received=received,
        due=a_month_after(received),
        entered_by=user,
    )
    _note(user, "entered a person's request", request)
    return request


def who(request: RightsRequest) -> dict[str, str]:
    """Who asks, while it is open. Raises listening.secrets.Unreadable."""
    return unseal(request.sealed)


@transaction.atomic
def check_identity(request: RightsRequest, how: str, user: User, now: datetime) -> bool:
    """Keep who saw that it is the person's own account, and how. False when it was settled or checked before."""
    open_ = RightsRequest.objects.filter(pk=request.pk, state=State.OPEN, identity="")
    done = bool(open_.update(identity=how, identity_by=user, identity_at=now))
    if done:
        _note(user, "checked a person's identity", request, how=how)
    return done


@transaction.atomic
def note_export(request: RightsRequest, form: str, user: User, now: datetime) -> None:
    """Call before a person's data is handed out. Raises NotYet."""
    if request.state == State.OPEN and not request.identity:
        raise NotYet("First say how you know that it is their account: the data is for them alone.")
    if not RightsRequest.objects.filter(pk=request.pk, state=State.OPEN).update(exported_at=now):
        raise NotYet("This request is settled: nothing tells any more whose it was.")
    _note(user, "exported a person's data", request, form=form)


@transaction.atomic
def settle(request: RightsRequest, user: User, now: datetime) -> bool:
    """Do it, or note that the answer to an access request was sent. False when somebody settled it before.

    Raises NotYet while the person was not checked, or nothing was exported that could have been sent.
    """
    request = RightsRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != State.OPEN:
        return False
    if request.needs_identity and not request.identity:
        raise NotYet("First say how you know that it is their account.")
    if request.kind == Kind.ACCESS and request.exported_at is None:
        raise NotYet("First export what is kept, and send it to them.")
    told = who(request)
    changes: dict[str, object] = {"found": found(request.network, told).as_json()}
    if scope := DONE_BY_OPT_OUT.get(Kind(request.kind)):
        changes["opt_out"] = enter_opt_out(request.network, dict(told), scope, "a person's request", user)
    _close(request, State.DONE, user, now, **changes)
    verb = "erased on request" if request.kind == Kind.ERASE else "settled a person's request"
    _note(user, verb, request)
    return True


@transaction.atomic
def decline(request: RightsRequest, user: User, now: datetime) -> bool:
    """Nothing is done, and the name goes. False when somebody settled it before."""
    request = RightsRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != State.OPEN:
        return False
    _close(request, State.DECLINED, user, now)
    _note(user, "declined a person's request", request)
    return True


def _close(request: RightsRequest, state: str, user: User, now: datetime, **changes: object) -> None:
    told = {"state": state, "sealed": "", "settled_by": user, "settled_at": now, **changes}
    RightsRequest.objects.filter(pk=request.pk).update(**told)


def _note(user: User, verb: str, request: RightsRequest, **detail: str) -> None:
    note(user, verb, None, f"request {request.pk}", kind=request.kind, network=request.network, **detail)
