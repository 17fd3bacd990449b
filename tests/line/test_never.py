"""What never happens, over ten thousand mentions, policies and histories drawn at random (a fixed seed)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from listening.line import Facts, History, Hours, Policy, Topic, decide, rank, terms_of
from listening.line.facts import Wish
from listening.line.policy import KINDS, SECOND_PERSON, WHO
from listening.line.terms import ANY, TERMS
from listening.line.wording import WHY

ROUNDS = 10_000
START = datetime(2026, 1, 1, tzinfo=UTC)
NETWORKS = (*TERMS, "somewhere")
LANGUAGES = ("en", "de", "unknown")
TOPICS = (Topic("Health", "hospital"), Topic("Death", "funeral"))
WISHES: tuple[Wish, ...] = ("contact", "listen")
NO_WISH: tuple[Wish, ...] = ("",) * 10
ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu")


def some(chance: Random, values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Half of the values, or none of them, which often means all."""
    return tuple(value for value in values if chance.random() < 0.5) if chance.random() < 0.4 else ()


def a_policy(chance: Random) -> Policy:
    first = chance.randrange(24)
    return Policy(
        who=chance.choice(WHO),
        networks=some(chance, NETWORKS),
        kinds=some(chance, KINDS),
        languages=some(chance, LANGUAGES),
        second_person=chance.choice(SECOND_PERSON),
        topics=some(chance, TOPICS),
        hours=chance.choice(
            (None, Hours(first, chance.randrange(first + 1, 25), some(chance, tuple(range(7))) or (0,)))
        ),
        repeat_days=chance.choice((0, 1, 30, 365)),
        account_days=chance.choice((0, 0, 30, 365)),
        disclose=chance.random() < 0.5,
        no_private_data=chance.random() < 0.5,
    )


def a_looser(chance: Random, policy: Policy) -> Policy:
    """The policy with some of its rules loosened."""
    hours = policy.hours and replace(policy.hours, start=chance.randrange(policy.hours.start + 1))
    steps: list[dict[str, Any]] = [
        {"who": WHO[chance.randrange(WHO.index(policy.who), len(WHO))]},
        {"networks": ()},
        {"networks": tuple({*policy.networks, chance.choice(NETWORKS)}) if policy.networks else ()},
        {"kinds": ()},
        {"kinds": tuple({*policy.kinds, "question"}) if policy.kinds else ()},
        {"languages": tuple({*policy.languages, chance.choice(LANGUAGES)}) if policy.languages else ()},
        {"second_person": SECOND_PERSON[chance.randrange(SECOND_PERSON.index(policy.second_person) + 1)]},
        {"topics": policy.topics[1:]},
        {"hours": chance.choice((None, hours))},
        {"repeat_days": chance.randrange(policy.repeat_days + 1)},
        {"account_days": chance.randrange(policy.account_days + 1)},
        {"disclose": False},
        {"no_private_data": False},
    ]
    looser = policy
    for step in chance.sample(steps, chance.randrange(1, 5)):
        looser = replace(looser, **step)
    return looser


def some_facts(chance: Random, policy: Policy) -> Facts:
    """Facts with the topics that this policy's matcher would have found in a post that touches some of all."""
    wish = chance.choice((*NO_WISH, *WISHES))
    touched = some(chance, TOPICS) if chance.random() < 0.3 else ()
    return Facts(
        network=chance.choice(NETWORKS),
        standing=chance.choice(ANY),
        language=chance.choice(LANGUAGES),
        kind=chance.choice(("complaint", "praise", "other")),
        question=chance.random() < 0.2,
        own=chance.random() < 0.05,
        hidden=chance.choice((*[""] * 20, "withheld", "protected", "takendown")),
        gone=chance.random() < 0.05,
        author_known=chance.random() < 0.95,
        account_days=chance.choice((None, 0, 29, 30, 400)),
        topics=tuple(topic.name for topic in touched),
        wish=wish,
        wording=some(chance, tuple(WHY)) if chance.random() < 0.2 else (),
        zone=chance.choice(ZONES),
    )


def seen_by(policy: Policy, facts: Facts) -> Facts:
    """Only the topics that the policy has are looked for."""
    names = {topic.name for topic in policy.topics}
    return replace(facts, topics=tuple(name for name in facts.topics if name in names))


def a_history(chance: Random, now: datetime) -> History:
    if chance.random() < 0.6:
        return History()
    return History(now - timedelta(days=chance.randrange(400), hours=chance.randrange(24)), chance.random() < 0.4)


def forbidden(facts: Facts) -> bool:
    """What no policy may let through, said once more and without the decider's own words."""
    return bool(
        facts.wish
        or facts.own
        or facts.hidden
        or facts.gone
        or not facts.author_known
        or facts.standing not in terms_of(facts.network).reply_to
    )


def test_no_policy_lets_through_what_nobody_may_answer_and_no_tightening_allows_more() -> None:
    chance = Random(20261125)
    seen = {"allowed": 0, "ask": 0, "refused": 0}
    loosened = 0
    for _ in range(ROUNDS):
        now = START + timedelta(minutes=chance.randrange(60 * 24 * 365))
        policy = a_policy(chance)
        looser = a_looser(chance, policy)
        facts, history = some_facts(chance, policy), a_history(chance, now)
        strict = decide(policy, seen_by(policy, facts), history, now)
        loose = decide(looser, seen_by(looser, facts), history, now)
        seen[strict.verdict] += 1
        loosened += rank(loose.verdict) < rank(strict.verdict)
        assert rank(loose.verdict) <= rank(strict.verdict), (policy, looser, facts, history, now)
        for decision in (strict, loose):
            assert decision.limit == forbidden(facts), (facts, decision)
            assert decision.verdict == "refused" or not forbidden(facts)
    assert min(seen.values()) > ROUNDS * 0.01, seen  # else the draw says nothing
    assert loosened > ROUNDS * 0.01


def test_a_line_without_questions_says_of_a_question_what_it_said_before_there_were_any() -> None:
    chance = Random(11)
    for _ in range(ROUNDS):
        now = START + timedelta(minutes=chance.randrange(60 * 24 * 365))
        drawn = a_policy(chance)
        policy = replace(drawn, kinds=tuple(kind for kind in drawn.kinds if kind != "question"))
        facts, history = seen_by(policy, some_facts(chance, policy)), a_history(chance, now)
        told = [decide(policy, replace(facts, question=asks), history, now).verdict for asks in (True, False)]
        assert told[0] == told[1], (policy, facts)


def test_a_decision_is_the_same_from_what_was_stored_of_it() -> None:
    chance = Random(7)
    for _ in range(ROUNDS):
        now = START + timedelta(minutes=chance.randrange(60 * 24 * 365))
        policy = a_policy(chance)
        facts, history = seen_by(policy, some_facts(chance, policy)), a_history(chance, now)
        again = decide(
            Policy.read(policy.as_json(), 4),
            Facts.read(facts.as_json()),
            History.read(history.as_json()),
            datetime.fromisoformat(now.isoformat()),
        )
        first = decide(replace(policy, version=4), facts, history, now)
        assert again == first
