"""Replying: what people do with an answer to a case, from the draft to the button; the ingest room sends it.

Whoever acts says which reply they saw (`Seen`), and acts with the case held: two people at one case come one after the
other, and the second one learns that the first was there. Each text has its own decision of the line.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from dashboard import audit, bells
from dashboard.cases.seen import NotNow, Seen, Stale, held, latest
from dashboard.cases.writing import may_send, way_of
from listening.asking import Stands, answered, ask, override
from listening.lengths import measure
from listening.models import Case, LineDecision, Mention, Reply, User

State = Reply.State
OPEN = (State.DRAFT, State.ASKED, State.APPROVED, State.SENDING)
AGREED = "Agreed with these words."


@transaction.atomic
def save(case: Case, seen: Seen, text: str, user: User, now: datetime) -> Reply:
    """Keep a draft, with what the line says of it. New words drop an approval. Raises Stale and NotNow."""
    reply = held(case, seen)
    if reply is None or reply.state not in OPEN:
        fresh = Reply(case=case, text=text, author=user, decision=_ask(case, user, now, text))
        fresh.save()
        audit.note(user, "wrote an answer", case.brand, f"mention {case.mention_id}", reply=fresh.pk)
        return fresh
    if reply.text == text:
        return reply
    if reply.state == State.SENDING or reply.attempts:
        raise NotNow("This answer is on its way already: its words can't be changed any more.")
    words = {"text": text, "author": user, "decision": _ask(case, user, now, text), "by_hand": False}
    audit.note(user, "changed an answer", case.brand, f"mention {case.mention_id}", reply=reply.pk)
    return _change(reply, now, state=State.DRAFT, approved_by=None, approved_at=None, **words)


@transaction.atomic
def press(case: Case, seen: Seen, text: str, user: User, now: datetime) -> Reply:
    """The button: keep the words, ask the line, and send where it allows it. Where it wants a second person the reply
    waits for one; where it refuses, it stays a draft with the reasons. Raises Stale and NotNow."""
    _fits(case, text)
    reply = save(case, seen, text, user, now)
    if reply.state != State.DRAFT:
        raise NotNow("This answer waits or goes out already.")
    decision = _ask(case, reply.author, now, reply.text)
    if decision.verdict == "ask":
        audit.note(user, "asked for approval", case.brand, f"mention {case.mention_id}", decision=decision.pk)
        return _change(reply, now, state=State.ASKED, decision=decision)
    if decision.verdict == "refused" or not may_send(case):
        return _change(reply, now, decision=decision)
    return _approve(reply, decision, user, now)


@transaction.atomic
def approve(case: Case, seen: Seen, user: User, reason: str, now: datetime) -> Reply:
    """The second person says yes to exactly these words. Raises Stale, NotNow and Stands."""
    reply = _in(held(case, seen), State.ASKED)
    if reply.author_id == user.pk:
        raise Stands("You wrote this yourself: somebody else has to look at it.")
    decision = _decided(reply)
    override(decision, user, reason or AGREED, now)
    audit.note(user, "approved an answer", case.brand, f"mention {case.mention_id}", decision=decision.pk)
    return _approve(reply, decision, user, now)


@transaction.atomic
def overrule(case: Case, seen: Seen, text: str, user: User, reason: str, now: datetime) -> Reply:
    """A named person takes a refusal on themselves, in writing; never a limit. Raises Stale, NotNow and Stands."""
    _fits(case, text)
    reply = _in(save(case, seen, text, user, now), State.DRAFT)
    decision = _ask(case, reply.author, now, reply.text)
    if decision.verdict == "ask":
        raise Stands("The line asks for a second person here: ask for approval instead.")
    if decision.verdict == "refused":
        override(decision, user, reason, now)
        audit.note(user, "overrode the line", case.brand, f"mention {case.mention_id}", decision=decision.pk)
    return _approve(reply, decision, user, now)


@transaction.atomic
def withdraw(case: Case, seen: Seen, user: User, now: datetime) -> Reply:
    """Back to a draft, before anything was tried: somebody wants to say it otherwise. Raises Stale and NotNow."""
    reply = _in(held(case, seen), State.ASKED, State.APPROVED)
    if reply.attempts:
        raise NotNow("It was tried already: drop it, or let it go out.")
    audit.note(user, "took an answer back", case.brand, f"mention {case.mention_id}", reply=reply.pk)
    return _change(reply, now, state=State.DRAFT, approved_by=None, approved_at=None, by_hand=False)


@transaction.atomic
def drop(case: Case, seen: Seen, user: User, now: datetime) -> Reply:
    """Throw it away; not while it is being sent. Raises Stale and NotNow."""
    reply = _in(held(case, seen), State.DRAFT, State.ASKED, State.APPROVED, State.FAILED)
    audit.note(user, "dropped an answer", case.brand, f"mention {case.mention_id}", reply=reply.pk)
    return _change(reply, now, state=State.DROPPED)


@transaction.atomic
def retry(case: Case, seen: Seen, user: User, now: datetime) -> Reply:
    """Once more, after somebody mended what was wrong; first it is looked for at the network. Raises as `drop`."""
    reply = _in(held(case, seen), State.FAILED)
    audit.note(user, "tried an answer again", case.brand, f"mention {case.mention_id}", reply=reply.pk)
    changed = _change(reply, now, state=State.APPROVED, attempts=1, retry_at=None, sentence="")
    bells.send_reply(reply.pk)
    return changed


@transaction.atomic
def answered_there(case: Case, seen: Seen, text: str, user: User, now: datetime) -> Reply:
    """Note that it was answered at the network, so that the line and the team know. Raises Stale, NotNow and Stands."""
    reply = held(case, seen)
    if reply and (reply.state == State.SENDING or (reply.state == State.APPROVED and not reply.by_hand)):
        raise NotNow("Earshot sends an answer at this moment: wait until that has ended.")
    agreed = reply if reply and reply.state == State.APPROVED and text in ("", reply.text) else None
    decision = _decided(agreed) if agreed else _ask(case, user, now, text)
    contact = answered(decision, now)
    noted: dict[str, Any] = {"state": State.SENT, "by_hand": True, "decision": decision, "sent_at": contact.at}
    if reply and reply.state in OPEN:
        done = _change(reply, now, text=agreed.text if agreed else text, **noted)
    else:
        done = Reply.objects.create(case=case, text=text, author=user, **noted)
    Case.objects.answered(case.pk, now)
    audit.note(user, "answered at the network", case.brand, f"mention {case.mention_id}", decision=decision.pk)
    return done


def _in(reply: Reply | None, *states: str) -> Reply:
    if reply is None or reply.state not in states:
        raise NotNow("That can't be done with this answer any more: look at where it stands.")
    return reply


def _fits(case: Case, text: str) -> None:
    """The network would only refuse it later."""
    way = way_of(case)
    length = measure(case.mention.network, text, way.longest)
    if way.source and not length.fits:
        raise NotNow(f"Too long for this network: {length.used:,} of {length.most:,}. Shorten it first.")


def _decided(reply: Reply) -> LineDecision:
    if reply.decision is None:
        raise NotNow("The line was not asked about this answer: save it again.")
    return reply.decision


def _ask(case: Case, user: User | None, now: datetime, text: str) -> LineDecision:
    mention = Mention.objects.select_related("author", "brand").get(pk=case.mention_id)
    return ask(mention, user, now, text)


def _approve(reply: Reply, decision: LineDecision, user: User, now: datetime) -> Reply:
    by_hand = not may_send(reply.case)
    agreed = {"decision": decision, "approved_by": user, "approved_at": now, "by_hand": by_hand}
    changed = _change(reply, now, state=State.APPROVED, **agreed)
    if not by_hand:
        bells.send_reply(reply.pk)
    return changed


def _change(reply: Reply, now: datetime, **changes: Any) -> Reply:
    """Change a reply that is as it was read. Raises Stale: a worker may have taken it meanwhile."""
    same = Reply.objects.filter(pk=reply.pk, version=reply.version, state=reply.state, attempts=reply.attempts)
    if not same.update(version=F("version") + 1, changed_at=now, **changes):
        raise Stale(latest(reply.case))
    return Reply.objects.select_related("case__brand", "decision__line", "author", "approved_by").get(pk=reply.pk)
