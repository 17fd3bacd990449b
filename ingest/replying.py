"""Replying: approved answers go out, each once, whoever is killed when.

Claim by a conditional update, ask the line once more, look for what an earlier attempt may have sent, send, note. The
row says "sending" before the network is asked, so that a killed worker leaves a question and never a silence: the next
one finds the answer at the network, or that there is none. Nothing is ever sent that a person did not approve.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from ingest.pull import clock, connect
from ingest.sources import that_write
from ingest.sources.base import Outgoing, ReplyTo, Sent, Source as Connection, SourceError
from ingest.tracked import own_accounts
from listening import faults
from listening.asking import Stands, answered, ask, replayed
from listening.line import still_holds
from listening.models import Case, LineDecision, Reply, Source
from listening.spending import bill
from listening.writers import NoWriter, writer

logger = logging.getLogger(__name__)
State = Reply.State
Clock = Callable[[], datetime]

LEASE = timedelta(minutes=3)
"""How long an attempt may take; each request at a network ends within half a minute."""
MOST_ATTEMPTS = 8
PATIENCE = timedelta(days=1)
"""How old an approval may be, and how long a network may ask to wait: an answer that comes too late is no answer."""
NOT_KNOWN = "The network did not say whether it took the answer. Earshot looks for it there in a moment, by itself."
GIVEN_UP = "The network did not say whether it took the answer, {n} times. Look there before you try again. {why}"
MADE_UP = "This is the sample brand: its people are made up, and nothing is sent."
TOO_LATE = (
    "It waited for more than a day after its approval and was not sent. Read it again, and try once more if it fits."
)
NO_WAY = (
    "No source of this network may write for this brand any more. Enter the credentials for answers in the settings "
    "of a source, or answer at the network and mark it as answered."
)


def due(now: datetime) -> list[int]:
    """Replies that should go out now, those that wait longest first."""
    return list(_due(now).order_by("approved_at", "pk").values_list("pk", flat=True))


def send(reply_id: int, now: Clock = clock) -> bool:
    """One attempt at one reply; False when somebody else has it, or it isn't due."""
    if not _claim(reply_id, now()):
        return False
    reply = Reply.objects.select_related("case__brand", "case__mention__author", "decision__line").get(pk=reply_id)
    try:
        _attempt(reply, now)
    except SourceError as error:
        _failed(reply, error, now())
    except Exception as error:
        faults.log(logger, f"an answer to case {reply.case_id} could not be sent", error)
        _failed(reply, SourceError("Something went wrong inside Earshot.", code="internal"), now())
    return True


def _due(now: datetime) -> Any:
    waits = Q(state=State.APPROVED) & (Q(retry_at=None) | Q(retry_at__lte=now))
    left = Q(state=State.SENDING, sending_at__lt=now - LEASE)
    return Reply.objects.filter(waits | left, by_hand=False)


def _claim(reply_id: int, now: datetime) -> bool:
    claimed = _due(now).filter(pk=reply_id)
    return bool(claimed.update(state=State.SENDING, sending_at=now, attempts=F("attempts") + 1, changed_at=now))


def _attempt(reply: Reply, now: Clock) -> None:
    if reply.case.brand.is_sample:
        raise SourceError(MADE_UP, code="settings", permanent=True)
    row, connection = writer_of(reply, now)
    outgoing = _outgoing(reply)
    try:
        sent = connection.find_reply(outgoing, _since(reply)) if reply.attempts > 1 else None
        if sent is None:
            decision = _still_allowed(reply, now())
            if not _hold(reply, now()):
                return
            sent = connection.reply(outgoing)
            reply.decision = decision
    finally:
        bill(row, connection.spent, now(), connection.budget_zone)
    note(reply, sent, now())


def _since(reply: Reply) -> datetime:
    return reply.approved_at or reply.created_at


def _hold(reply: Reply, now: datetime) -> bool:
    """Whether this attempt still is the one: somebody whose lease ran out must not send."""
    return bool(_mine(reply).update(sending_at=now))


def _mine(reply: Reply) -> Any:
    return Reply.objects.filter(pk=reply.pk, state=State.SENDING, attempts=reply.attempts)


def _still_allowed(reply: Reply, now: datetime) -> LineDecision:
    """Ask the line again about these very words. Raises SourceError when they may not go out any more."""
    if reply.attempts == 1 and reply.approved_at and reply.approved_at < now - PATIENCE:
        raise SourceError(TOO_LATE, code="late", permanent=True)
    agreed = reply.decision
    fresh = ask(reply.case.mention, reply.author, now, reply.text)
    said = replayed(fresh)
    if agreed is None or not still_holds(replayed(agreed), bool(agreed.overridden_by), said):
        why = " ".join(reason.sentence for reason in said.reasons if reason.verdict != "allowed")
        raise SourceError(f"Not sent: the line says no by now. {why}", code="line", permanent=True)
    return fresh if said.verdict == "allowed" else agreed


def writer_of(reply: Reply, now: Clock) -> tuple[Source, Connection]:
    """The brand's source that may answer on the mention's network. Raises SourceError where there is none."""
    try:
        row = writer(reply.case.brand, that_write(reply.case.mention.network))
    except NoWriter as error:
        raise SourceError(error.unreadable or NO_WAY, code="settings", permanent=True) from error
    return row, connect(row, now)


def _outgoing(reply: Reply) -> Outgoing:
    mention = reply.case.mention
    return Outgoing(
        to=ReplyTo(mention.external_id, mention.url),
        text=reply.text,
        key=reply.key,
        written_at=reply.created_at,
        own=own_accounts(reply.case.brand.handles.filter(network=mention.network)),
        language=mention.language if mention.language != "unknown" else "",
    )


@transaction.atomic
def note(reply: Reply, sent: Sent, now: datetime) -> bool:
    """What was sent, whom the brand answered, and that the case waits for them; all of it or nothing, and once."""
    Case.objects.hold(reply.case_id)
    done = _mine(reply).update(
        state=State.SENT,
        decision=reply.decision,
        external_id=sent.external_id,
        url=sent.url,
        sent_at=now,
        retry_at=None,
        sentence="",
        version=F("version") + 1,
        changed_at=now,
    )
    if done and reply.decision:
        with suppress(Stands):  # the author went meanwhile, and there is nobody left to remember
            answered(reply.decision, now)
        Case.objects.answered(reply.case_id, now)
    return bool(done)


def _failed(reply: Reply, error: SourceError, now: datetime) -> None:
    """A no stays a no; a pause is kept; where nobody knows, the row stays "sending" until its lease is over."""
    too_long = error.retry_at is not None and error.retry_at > now + PATIENCE
    if error.retry_at and not error.permanent and not too_long:
        told = {"state": State.APPROVED, "retry_at": error.retry_at, "sentence": error.sentence}
    elif error.permanent or too_long or reply.attempts >= MOST_ATTEMPTS:
        sentence = (
            error.sentence if error.permanent or too_long else GIVEN_UP.format(n=reply.attempts, why=error.sentence)
        )
        told = {"state": State.FAILED, "retry_at": None, "sentence": sentence}
    else:
        told = {"sentence": f"{error.sentence} {NOT_KNOWN}"}
    _mine(reply).update(**told, version=F("version") + 1, changed_at=now)
