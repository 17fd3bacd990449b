"""What never happens: ten thousand drawn mentions, policies and histories by the rules alone, some hundred through the
tables, the buttons and the sender."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from dashboard.cases import replying
from dashboard.cases.seen import NotNow, Seen, Stale
from ingest import replying as sender
from listening.asking import Stands, replayed
from listening.line import Facts, History, Policy, decide, still_holds
from listening.line.terms import ANY, TERMS, terms_of
from listening.models import Brand, Case, Contact, Line, LineDecision, Mention, OptOut, Reply, User
from tests.builders import a_brand, a_case, a_member, a_mention, a_source, an_author
from tests.line.test_never import START, a_history, a_looser, a_policy, forbidden, seen_by, some_facts
from tests.replies.test_two_people import Wire

ROUNDS = 10_000
FLOW = 300
NETWORKS = ("bluesky", "mastodon", "x", "reddit", "hackernews", "youtube")
WORDS = ("Acme here: thank you", "thank you", "Acme: send us your phone number")


def test_no_answer_goes_out_that_the_line_or_a_person_did_not_allow() -> None:
    """Approved by one policy, sent under another, with whatever happened to the person in between."""
    chance = Random(20261125)
    seen = {"sent": 0, "stopped": 0, "by name": 0, "never approved": 0}
    for _ in range(ROUNDS):
        now = START + timedelta(minutes=chance.randrange(60 * 24 * 365))
        policy = a_policy(chance)
        facts = replace(some_facts(chance, policy), stop=chance.random() < 0.03)
        agreed = decide(policy, seen_by(policy, facts), a_history(chance, now), now)
        named = not agreed.limit and agreed.verdict != "allowed" and chance.random() < 0.6
        if agreed.verdict != "allowed" and not named:
            seen["never approved"] += 1
            continue
        later, moved = now + timedelta(hours=chance.randrange(72)), a_looser(chance, policy)
        facts = replace(facts, wish=chance.choice(("",) * 6 + ("contact", "listen")), stop=chance.random() < 0.05)
        fresh = decide(moved, seen_by(moved, facts), a_history(chance, later), later)
        if not still_holds(agreed, named, fresh):
            seen["stopped"] += 1
            continue
        seen["sent"] += 1
        seen["by name"] += named and fresh.verdict != "allowed"
        assert not forbidden(facts) and not facts.stop and not facts.wish
        assert fresh.verdict == "allowed" or named
        refusals = {reason.short for reason in fresh.reasons if reason.verdict == "refused"}
        assert refusals <= {reason.short for reason in agreed.reasons}
    assert min(seen.values()) > ROUNDS * 0.01, seen


def test_who_said_stop_is_left_alone_by_every_policy_and_old_decisions_stay() -> None:
    chance = Random(3)
    for _ in range(1000):
        policy = a_policy(chance)
        facts, now = some_facts(chance, policy), datetime(2026, 5, 1, tzinfo=UTC)
        decision = decide(policy, replace(facts, stop=True), History(), now)
        assert decision.verdict == "refused" and decision.limit
        told = facts.as_json()
        del told["stop"]  # as it was stored before there was such a fact
        assert decide(policy, Facts.read(told), History(), now) == decide(policy, facts, History(), now)


class Life:
    """A brand whose line moves, people who step out, and a team that presses every button."""

    def __init__(self, brand: Brand, chance: Random) -> None:
        self.brand, self.chance = brand, chance
        self.team = [a_member(brand, "marketer") for _ in range(2)]

    def move_the_line(self) -> None:
        policy: Policy = replace(a_policy(self.chance), topics=(), languages=())
        version = Line.objects.of(self.brand).version + 1
        Line.objects.create(brand=self.brand, version=version, name="Moved", policy=policy.as_json())

    def case(self) -> Case:
        chance = self.chance
        author = an_author(network=chance.choice(NETWORKS)) if chance.random() < 0.95 else None
        told: dict[str, Any] = {"network": author.network if author else "x", "author": author}
        told |= {"addressed": chance.choice(ANY), "complaint": chance.random() < 0.5, "own": chance.random() < 0.04}
        mention = a_mention(self.brand, "hello acme", **told)
        if author and chance.random() < 0.3:
            at = timezone.now() - timedelta(days=chance.randrange(60))
            Contact.objects.create(brand=self.brand, network=author.network, key_version=1, key=author.key, at=at)
        return a_case(mention)

    def step_out(self, mention: Mention) -> None:
        if mention.author:
            scope = self.chance.choice(("contact", "listen"))
            person = {"network": mention.author.network, "key": mention.author.key}
            OptOut.objects.create(key_version=1, scope=scope, **person)

    def press(self, case: Case, user: User, other: User) -> None:
        words, now = self.chance.choice(WORDS), timezone.now()
        reply = replying.press(case, Seen(), words, user, now)
        if reply.state == "asked":
            replying.approve(case, Seen.of(reply), self.chance.choice((user, other)), "", now)
        elif reply.state == "draft" and self.chance.random() < 0.7:
            replying.overrule(case, Seen.of(reply), words, user, self.chance.choice(("they phoned", "")), now)


@pytest.mark.django_db
@pytest.mark.slow
def test_some_hundred_of_them_through_the_tables_the_buttons_and_the_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    brand, wire, chance = a_brand("Acme"), Wire(), Random(11)
    source = a_source(brand)
    monkeypatch.setattr("dashboard.bells.send_reply", lambda pk: None)
    monkeypatch.setattr(replying, "may_send", lambda case: True)
    monkeypatch.setattr(sender, "writer_of", lambda reply, now: (source, wire.connection()))
    life = Life(brand, chance)
    for _ in range(FLOW):
        case = life.case()
        stepped_out = chance.random() < 0.15
        if stepped_out:
            life.step_out(case.mention)
        try:
            life.press(case, *chance.sample(life.team, 2))
        except (Stands, NotNow, Stale):
            continue
        if late := not stepped_out and chance.random() < 0.3:
            life.step_out(case.mention)
        if chance.random() < 0.4:
            life.move_the_line()
        for pk in case.replies.filter(state="approved").values_list("pk", flat=True):
            sender.send(pk)
        reached = Reply.objects.filter(case=case, state="sent").exists()
        assert not (reached and (stepped_out or late) and case.mention.author)
        assert not (reached and case.mention.addressed not in terms_of(case.mention.network).reply_to)
        assert case.mention.network in TERMS
    sent = Reply.objects.filter(state="sent").select_related("decision")
    assert sent.count() > FLOW * 0.05
    assert all(one.decision and (one.decision.verdict == "allowed" or one.decision.overridden_by) for one in sent)
    assert {words for told in wire.stands.values() for words in told} <= {one.text for one in sent}
    assert sum(map(len, wire.stands.values())) == sent.count()
    decisions = list(LineDecision.objects.select_related("line"))
    assert len(decisions) > FLOW and all(replayed(one).verdict == one.verdict for one in decisions)
    assert {one.verdict for one in decisions} == {"allowed", "ask", "refused"}
