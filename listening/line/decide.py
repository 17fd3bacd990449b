"""Decide: one mention, one policy, one history, one moment -> allowed, ask or refused, with every reason.

`ask` means that a second person must approve. Limits can't be loosened by any policy; the rest is the brand's choice.
Every rule only ever takes away, so the verdict is the strictest of them and a stricter policy never allows more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from listening.line.facts import Facts, History
from listening.line.policy import Hours, Policy
from listening.line.terms import terms_of
from listening.line.wording import WHY

Verdict = Literal["allowed", "ask", "refused"]
VERDICTS: tuple[Verdict, ...] = ("allowed", "ask", "refused")
SPOKE_TO = {
    "mentioned": "mentions your account",
    "replied": "answers you",
    "quoted": "quotes you",
    "own_page": "wrote on your page",
}
KIND_NAMES = {"complaint": "complaints", "question": "questions", "praise": "praise", "other": "other mentions"}
LEAD = {"allowed": "May be answered", "ask": "Needs a second person", "refused": "Left alone"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: `short` for a row ("only talked about you"), `sentence` for the page; `limit`: no policy loosens it."""

    verdict: Verdict
    short: str
    sentence: str
    limit: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, its reasons (the decisive ones first) and the version of the policy."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    version: int

    @property
    def limit(self) -> bool:
        """True where not even a named person with a written reason may override it."""
        return any(reason.limit for reason in self.reasons)

    @property
    def lead(self) -> str:
        return LEAD[self.verdict]

    @property
    def short(self) -> str:
        """ "May be answered: mentions your account"."""
        return f"{self.lead}: {self.reasons[0].short}"


def rank(verdict: Verdict) -> int:
    """0 allowed, 1 ask, 2 refused."""
    return VERDICTS.index(verdict)


def decide(policy: Policy, facts: Facts, history: History, now: datetime) -> Decision:
    """The same values give the same answer for ever; `now` is aware."""
    reasons = [*_limits(facts), *_standing(policy, facts), *_terms(facts), *_scope(policy, facts), *_topics(facts)]
    reasons += [*_account(policy, facts), *_again(policy, history, now), *_hours(policy, facts, now)]
    reasons += [*_second(policy), *_wording(policy, facts)]
    reasons.sort(key=lambda reason: -rank(reason.verdict))
    return Decision(reasons[0].verdict, tuple(reasons), policy.version)


def _limit(short: str, sentence: str) -> Reason:
    return Reason("refused", short, sentence, limit=True)


def _limits(facts: Facts) -> Iterator[Reason]:
    if facts.wish:
        yield _limit("asked not to be contacted", "This person asked not to be contacted. Nobody overrides that.")
    if facts.stop and not facts.wish:
        yield _limit(
            "said stop", "They asked in a post to be left alone. Until an administrator has decided, nobody writes."
        )
    if facts.own:
        yield _limit("your own post", "The brand wrote this itself.")
    if facts.hidden:
        yield _limit("hidden at the network", f"The network hides this post ({facts.hidden}).")
    if facts.gone:
        yield _limit("the post is gone", "The post was deleted, or its text was kept long enough.")
    if not facts.author_known and not facts.own:
        yield _limit(
            "nobody knows who wrote it", "It is not known who wrote this, so nobody can tell whether they opted out."
        )


def _terms(facts: Facts) -> Iterator[Reason]:
    """The network's own rules: told after what the person did, which says more to people."""
    terms = terms_of(facts.network)
    if facts.standing not in terms.reply_to:
        yield _limit("the network's rules", terms.why)


def _standing(policy: Policy, facts: Facts) -> Iterator[Reason]:
    spoke = SPOKE_TO.get(facts.standing)
    if policy.who == "nobody":
        yield Reason("refused", "you only listen", "Your line is to listen only: nobody is answered.")
    elif spoke:
        yield Reason("allowed", spoke, f"They spoke to you: the post {spoke}.")
    elif policy.who == "complaints" and facts.kind == "complaint":
        verdict: Verdict = "allowed" if policy.second_person == "never" else "ask"
        yield Reason(verdict, "a public complaint", "They did not speak to you, but complain of you in public.")
    else:
        yield Reason("refused", "only talked about you", "They talked about you, not to you.")


def _scope(policy: Policy, facts: Facts) -> Iterator[Reason]:
    if policy.networks and facts.network not in policy.networks:
        yield Reason("refused", "not on this network", "Your line leaves this network out.")
    if policy.kinds and not set(facts.kinds) & set(policy.kinds):
        name = KIND_NAMES.get(facts.kinds[0], facts.kinds[0])
        yield Reason("refused", "not this kind", f"Your line leaves {name} out.")
    if policy.languages and facts.language not in policy.languages:
        yield Reason("refused", "not in this language", "Your line leaves this language out.")


def _topics(facts: Facts) -> Iterator[Reason]:
    for topic in facts.topics:
        if facts.standing in SPOKE_TO:
            sentence = f"It touches the quiet topic “{topic}”: a second person must approve an answer."
            yield Reason("ask", f"quiet topic “{topic}”", sentence)
        else:
            sentence = f"It touches the quiet topic “{topic}”, and they did not speak to you."
            yield Reason("refused", f"quiet topic “{topic}”", sentence)


def _account(policy: Policy, facts: Facts) -> Iterator[Reason]:
    if not policy.account_days:
        return
    if facts.account_days is None:
        sentence = f"The age of the account is not told; your line asks for {policy.account_days} days."
        yield Reason("ask", "age of the account unknown", sentence)
    elif facts.account_days < policy.account_days:
        sentence = f"The account is {facts.account_days} days old; your line asks for {policy.account_days}."
        yield Reason("refused", "a new account", sentence)


def _again(policy: Policy, history: History, now: datetime) -> Iterator[Reason]:
    if history.answered_at is None or history.wrote_again or not policy.repeat_days:
        return
    passed = now - history.answered_at
    if passed < timedelta(days=policy.repeat_days):
        sentence = f"You answered this person {_days(passed)} ago and they have not written since; your line is once "
        yield Reason("refused", "answered already", f"{sentence}in {policy.repeat_days} days.")


def _days(passed: timedelta) -> str:
    return "a day" if passed.days == 1 else f"{passed.days} days" if passed.days > 1 else "less than a day"


def _hours(policy: Policy, facts: Facts, now: datetime) -> Iterator[Reason]:
    if policy.hours is None:
        return
    local = now.astimezone(ZoneInfo(facts.zone))
    if local.weekday() not in policy.hours.days or not policy.hours.start <= local.hour < policy.hours.end:
        sentence = f"It is {local:%H:%M} in {facts.zone}; you answer {hours_in_words(policy.hours)}."
        yield Reason("ask", "outside your hours", sentence)


def hours_in_words(hours: Hours) -> str:
    """ "from 9 to 18 on Monday, Tuesday"."""
    return f"from {hours.start} to {hours.end} on {', '.join(DAYS[day] for day in hours.days)}"


def _second(policy: Policy) -> Iterator[Reason]:
    if policy.second_person == "always":
        yield Reason("ask", "every answer is approved", "Your line has a second person approve every answer.")


def _wording(policy: Policy, facts: Facts) -> Iterator[Reason]:
    for code in facts.wording:
        if (code == "no_disclosure" and policy.disclose) or (code == "private_data" and policy.no_private_data):
            yield Reason("refused", WHY[code].short, WHY[code].sentence)
