"""The line as a table: facts, policy and history in, verdict and the decisive reason out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listening.line import Facts, History, Hours, Policy, Topic, Unfit, check_draft, decide

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)  # a Wednesday
SPOKEN_TO, COMPLAINTS, NOBODY = Policy(), Policy(who="complaints"), Policy(who="nobody")
TO_US = Facts(network="bluesky", standing="mentioned", language="en")
OF_US = Facts(network="bluesky", standing="talked_about", language="en")
GRUMBLE = replace(OF_US, kind="complaint")
ASKS_US = replace(TO_US, question=True)
FAN = replace(ASKS_US, kind="praise")
OLD, LATE = Policy(account_days=90), Policy(hours=Hours(11, 17))
FREE = Policy(no_private_data=False)
NOSY = replace(TO_US, wording=("private_data",))
BERLIN = replace(TO_US, zone="Europe/Berlin")
YESTERDAY = NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("policy", "facts", "history", "verdict", "short"),
    [
        (SPOKEN_TO, TO_US, History(), "allowed", "mentions your account"),
        (SPOKEN_TO, replace(TO_US, standing="replied"), History(), "allowed", "answers you"),
        (SPOKEN_TO, replace(TO_US, standing="quoted"), History(), "allowed", "quotes you"),
        (SPOKEN_TO, OF_US, History(), "refused", "only talked about you"),
        (SPOKEN_TO, replace(OF_US, standing="in_thread"), History(), "refused", "only talked about you"),
        (SPOKEN_TO, GRUMBLE, History(), "refused", "only talked about you"),
        (COMPLAINTS, GRUMBLE, History(), "ask", "a public complaint"),
        (replace(COMPLAINTS, second_person="never"), GRUMBLE, History(), "allowed", "a public complaint"),
        (COMPLAINTS, OF_US, History(), "refused", "only talked about you"),
        (COMPLAINTS, replace(GRUMBLE, network="x"), History(), "refused", "the network's rules"),
        (COMPLAINTS, replace(GRUMBLE, network="reddit"), History(), "refused", "the network's rules"),
        (COMPLAINTS, replace(GRUMBLE, network="youtube"), History(), "refused", "the network's rules"),
        (COMPLAINTS, replace(GRUMBLE, network="somewhere"), History(), "refused", "the network's rules"),
        (SPOKEN_TO, replace(TO_US, network="hackernews"), History(), "refused", "the network's rules"),
        (NOBODY, TO_US, History(), "refused", "you only listen"),
        (replace(SPOKEN_TO, second_person="always"), TO_US, History(), "ask", "every answer is approved"),
        (SPOKEN_TO, replace(TO_US, wish="contact"), History(), "refused", "asked not to be contacted"),
        (SPOKEN_TO, replace(TO_US, wish="listen"), History(), "refused", "asked not to be contacted"),
        (SPOKEN_TO, replace(TO_US, own=True), History(), "refused", "your own post"),
        (SPOKEN_TO, replace(TO_US, hidden="protected"), History(), "refused", "hidden at the network"),
        (SPOKEN_TO, replace(TO_US, gone=True), History(), "refused", "the post is gone"),
        (SPOKEN_TO, replace(TO_US, author_known=False), History(), "refused", "nobody knows who wrote it"),
        (replace(SPOKEN_TO, networks=("x",)), TO_US, History(), "refused", "not on this network"),
        (replace(SPOKEN_TO, kinds=("complaint",)), TO_US, History(), "refused", "not this kind"),
        (replace(SPOKEN_TO, kinds=("question",)), TO_US, History(), "refused", "not this kind"),
        (replace(SPOKEN_TO, kinds=("question",)), ASKS_US, History(), "allowed", "mentions your account"),
        (replace(SPOKEN_TO, kinds=("complaint",)), ASKS_US, History(), "refused", "not this kind"),
        (replace(SPOKEN_TO, kinds=("praise",)), FAN, History(), "allowed", "mentions your account"),
        (replace(SPOKEN_TO, kinds=("other",)), ASKS_US, History(), "allowed", "mentions your account"),
        (replace(SPOKEN_TO, languages=("de",)), TO_US, History(), "refused", "not in this language"),
        (SPOKEN_TO, replace(TO_US, topics=("Death",)), History(), "ask", "quiet topic “Death”"),
        (COMPLAINTS, replace(GRUMBLE, topics=("Death",)), History(), "refused", "quiet topic “Death”"),
        (SPOKEN_TO, TO_US, History(YESTERDAY), "refused", "answered already"),
        (SPOKEN_TO, TO_US, History(YESTERDAY, wrote_again=True), "allowed", "mentions your account"),
        (SPOKEN_TO, TO_US, History(NOW - timedelta(days=30)), "allowed", "mentions your account"),
        (replace(SPOKEN_TO, repeat_days=0), TO_US, History(YESTERDAY), "allowed", "mentions your account"),
        (OLD, TO_US, History(), "ask", "age of the account unknown"),
        (OLD, replace(TO_US, account_days=89), History(), "refused", "a new account"),
        (OLD, replace(TO_US, account_days=90), History(), "allowed", "mentions your account"),
        (replace(SPOKEN_TO, hours=Hours(9, 17)), TO_US, History(), "allowed", "mentions your account"),
        (LATE, TO_US, History(), "ask", "outside your hours"),
        (LATE, BERLIN, History(), "allowed", "mentions your account"),
        (replace(SPOKEN_TO, hours=Hours(0, 24, (5, 6))), TO_US, History(), "ask", "outside your hours"),
        (SPOKEN_TO, NOSY, History(), "refused", "the draft asks for private data"),
        (FREE, NOSY, History(), "allowed", "mentions your account"),
    ],
)  # fmt: skip
def test_the_line(policy: Policy, facts: Facts, history: History, verdict: str, short: str) -> None:
    decision = decide(policy, facts, history, NOW)
    assert (decision.verdict, decision.reasons[0].short) == (verdict, short)


def test_a_question_that_is_left_out_is_called_one() -> None:
    reasons = decide(replace(SPOKEN_TO, kinds=("complaint",)), ASKS_US, History(), NOW).reasons
    assert reasons[0].sentence == "Your line leaves questions out."


def test_what_was_stored_before_there_were_questions_is_judged_as_then() -> None:
    stored = {name: value for name, value in TO_US.as_json().items() if name != "question"}
    policy = Policy.read(replace(SPOKEN_TO, kinds=("other",)).as_json())
    assert decide(policy, Facts.read(stored), History(), NOW) == decide(policy, TO_US, History(), NOW)


def test_it_tells_every_reason_and_not_only_the_first() -> None:
    decision = decide(SPOKEN_TO, replace(OF_US, network="x", wish="contact"), History(), NOW)
    assert [reason.short for reason in decision.reasons] == [
        "asked not to be contacted",
        "only talked about you",
        "the network's rules",
    ]
    assert decision.limit and decision.short == "Left alone: asked not to be contacted"


def test_a_row_says_the_verdict_in_words() -> None:
    assert decide(SPOKEN_TO, TO_US, History(), NOW).short == "May be answered: mentions your account"
    assert decide(COMPLAINTS, GRUMBLE, History(), NOW).short == "Needs a second person: a public complaint"


@pytest.mark.parametrize(
    ("draft", "faults"),
    [
        ("Jo from Acme here. Which colour did you order?", ()),
        ("Sorry to hear that!", ("no_disclosure",)),
        ("Jo from ACME: please send us your order number.", ("private_data",)),
        ("Jo from Acme: what’s your e-mail address?", ("private_data",)),
        ("Jo from Acme: write to us privately with your order number.", ()),
        ("Jo from Acme: our phone number is on the website.", ()),
        ("Ich bin Jo von Acme. Schicken Sie uns bitte Ihre Kundennummer!", ("private_data",)),
        ("Ich bin Jo von Acme. Schicken Sie uns Ihre Kundennummer per Direktnachricht.", ()),
        ("Jo de Acme : envoyez-nous votre numéro de commande", ("private_data",)),
    ],
)
def test_a_draft_says_who_speaks_and_asks_for_nothing_private(draft: str, faults: tuple[str, ...]) -> None:
    assert check_draft(Policy(), draft, "Acme") == faults


def test_a_brand_may_ask_for_words_of_its_own() -> None:
    policy = Policy(disclosure="the Acme care team")
    assert check_draft(policy, "Jo from Acme: sorry!", "Acme") == ("no_disclosure",)
    assert check_draft(policy, "Jo from the Acme care team: sorry!", "Acme") == ()


def test_a_policy_survives_its_json() -> None:
    policy = Policy(who="complaints", networks=("x",), hours=Hours(9, 17, (0, 1)), topics=(Topic("Money", "loan*"),))
    assert Policy.read(policy.as_json(), 3) == policy
    assert Policy.read(policy.as_json(), 3).version == 3


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"who": "everybody"}, "no choice"),
        ({"colour": "red"}, "no “colour”"),
        ({"kinds": ["rant"]}, "no kind “rant”"),
        ({"repeat_days": -1}, "between 0"),
        ({"hours": {"start": 9, "end": 9, "days": [0]}}, "before they end"),
        ({"topics": [{"name": "Money", "query": "a AND ("}]}, "The quiet topic “Money”"),
        ({"topics": [{"name": "A", "query": "acme"}] * 2}, "a name of its own"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_with_a_sentence(told: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Unfit, match=sentence.replace("(", r"\(")):
        Policy.read(told)
