"""The panel of an answer: what the component `case_reply.html` shows, and what the person may do there.

panel = reply_panel(case, user, now)          # Case with brand and mention.author joined
{% include "components/case_reply.html" with panel=panel brand=brand only %}
"""

from dataclasses import dataclass
from datetime import datetime

from dashboard.access import WORKERS, role_of
from dashboard.cases.replying import OPEN
from dashboard.cases.seen import Seen, latest
from dashboard.cases.writing import saved_for, way_of
from listening.asking import Asked, look
from listening.lengths import Measure, measure
from listening.line import Decision, Policy
from listening.models import Case, CaseRules, Line, Reply, SavedReply, User

State = Reply.State
RULES = {
    "x": "As X counts: a link is 23, a sign outside of Latin, Greek or Cyrillic is 2.",
    "bluesky": "As Bluesky counts: what looks like one sign is one.",
    "mastodon": "As Mastodon counts: a link is 23, a name counts without its server. The person is named for you.",
    "reddit": "As Reddit counts: signs that would be markup there count twice.",
    "youtube": "Who only replied to a comment is named for you, for YouTube would not tell them else.",
}
PAST = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What changes while somebody writes: the verdict on these words, and how long they are."""

    verdict: Decision
    measure: Measure
    rule: str


@dataclass(frozen=True, slots=True)
class Panel:
    """`reply` is the newest while it is open or failed; `past` the older ones. `can` names what this person may do:
    write, send, ask, override, approve, withdraw, drop, retry, there. `text` is what stands in the box."""

    case: Case
    reply: Reply | None
    past: list[Reply]
    seen: str
    text: str
    look: Look
    can: frozenset[str]
    way: str
    sends: bool
    saved: list[SavedReply]
    voice: str
    disclosure: str
    moving: bool
    trouble: str = ""

    @property
    def mention_url(self) -> str:
        return self.case.mention.url

    @property
    def answered(self) -> bool:
        """Whether somebody was answered here before."""
        return any(reply.state == State.SENT for reply in self.past)

    @property
    def folded(self) -> bool:
        """An answered post has its box folded away, until somebody wants to write once more."""
        return self.answered and self.reply is None and not self.text and not self.trouble


def reply_panel(
    case: Case,
    user: User,
    now: datetime,
    text: str | None = None,
    trouble: str = "",
    policy: Policy | None = None,
    asked: Asked | None = None,
) -> Panel:
    """`text`: what was typed and is not kept yet; `trouble`: a sentence about what just went wrong; `policy` and
    `asked`: the line, and what it says of this person without any words, where they were asked already."""
    newest = latest(case)
    current = newest if newest and newest.state in (*OPEN, State.FAILED) else None
    words = text if text is not None else current.text if current else ""
    policy, way = policy or Line.objects.of(case.brand).read(), way_of(case)
    seen = look_at(case, policy, words, now, way.longest, asked)
    past = case.replies.exclude(pk=current.pk if current else 0).select_related("author", "approved_by", "decision")
    rules = CaseRules.objects.filter(brand=case.brand).first()
    return Panel(
        case=case,
        reply=current,
        past=list(past.order_by("-pk")[:PAST]),
        seen=str(Seen.of(newest)),
        text=words,
        look=seen,
        can=_can(case, user, current, seen.verdict, way.source is not None),
        way=way.why,
        sends=way.source is not None,
        saved=saved_for(case.brand, case.mention.language),
        voice=rules.voice if rules else "",
        disclosure=(policy.disclosure or case.brand.name) if policy.disclose else "",
        moving=bool(current and current.state in (State.APPROVED, State.SENDING) and not current.by_hand),
        trouble=trouble,
    )


def look_at(
    case: Case, policy: Policy, words: str, now: datetime, longest: int | None, asked: Asked | None = None
) -> Look:
    """`asked`: what the line says without any words, where that is known."""
    network = case.mention.network
    verdict = look(case.mention, policy, now, words, asked)[0]
    return Look(verdict, measure(network, words, longest), RULES.get(network, ""))


def _can(case: Case, user: User, reply: Reply | None, verdict: Decision, sends: bool) -> frozenset[str]:
    if role_of(user, case.brand) not in WORKERS:
        return frozenset()
    state = reply.state if reply else ""
    if reply is None or state in (State.DRAFT, State.FAILED):
        return frozenset(_with_words(reply, verdict, sends))
    if state == State.ASKED:
        mine = reply.author_id == user.pk
        return frozenset({"withdraw", "drop"} if mine else {"approve", "withdraw", "drop"})
    if state == State.APPROVED and reply.by_hand:
        return frozenset({"there", "withdraw", "drop"})
    if state == State.APPROVED:
        return frozenset({"drop"} if reply.attempts else {"withdraw", "drop"})
    return frozenset()


def _with_words(reply: Reply | None, verdict: Decision, sends: bool) -> set[str]:
    """In front of a box to write in."""
    if verdict.limit:
        return {"drop"} if reply else set()
    can = {"write", {"allowed": "send" if sends else "there", "ask": "ask", "refused": "override"}[verdict.verdict]}
    if verdict.verdict == "allowed":
        can.add("there")
    if reply:
        can.add("drop")
    return can | ({"retry"} if reply and reply.state == State.FAILED else set())
