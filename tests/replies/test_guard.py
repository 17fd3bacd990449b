"""The database lets no reply out without a decision about these very words, whoever writes the row."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dashboard.cases.replying import press, save
from dashboard.cases.seen import Seen
from ingest.opt_out import opt_out
from listening.asking import ask, override
from listening.models import Brand, Case, LineDecision, Reply, User
from listening.secrets import seal
from tests.builders import a_brand, a_case, a_mention, a_source, a_user, an_author

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WORDS = "Acme here: thank you"


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme")


@pytest.fixture
def case(brand: Brand) -> Case:
    return a_case(a_mention(brand, "hello acme", addressed="mentioned", author=an_author()))


def decided(case: Case, text: str = WORDS) -> LineDecision:
    return ask(case.mention, a_user(), NOW, text)


def refused(match: str, **fields: Any) -> None:
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        Reply.objects.create(**fields)


@pytest.mark.parametrize("state", ["approved", "sending", "sent"])
def test_it_needs_a_decision_about_these_words_and_this_mention(case: Case, brand: Brand, state: str) -> None:
    told: dict[str, Any] = {"case": case, "text": WORDS, "state": state, "sent_at": NOW}
    refused("decision", **told)
    refused("other words", **told, decision=decided(case, "Acme says another thing"))
    refused("other words", **told, decision=decided(case, ""))
    other = a_case(a_mention(brand, "hello acme", addressed="mentioned", author=an_author()))
    refused("own mention", **told, decision=decided(other))
    Reply.objects.create(**told, decision=decided(case))


def test_it_needs_the_lines_yes_or_a_persons_name(case: Case) -> None:
    case.mention.addressed = "talked_about"
    case.mention.save()
    decision = decided(case)
    told: dict[str, Any] = {"case": case, "text": WORDS, "state": "approved", "decision": decision}
    refused("does not allow", **told)
    override(decision, a_user(), "they asked by phone", NOW)
    Reply.objects.create(**told)


def test_its_words_stay_after_the_approval_and_a_decision_stays_with_it(case: Case) -> None:
    reply = Reply.objects.create(case=case, text=WORDS, state="approved", decision=decided(case))
    for changes in ({"text": "Acme lies"}, {"decision": decided(case, "Acme lies")}, {"state": "sent", "sent_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.filter(pk=reply.pk).update(**changes)
    other_verdict: list[dict[str, Any]] = [{"verdict": "refused"}, {"inputs": {}}]
    for changed in other_verdict:
        with pytest.raises(IntegrityError, match="goes by this decision"), transaction.atomic():
            LineDecision.objects.filter(replies=reply).update(**changed)
    Reply.objects.filter(pk=reply.pk).update(text="Acme lies", state="draft")
    with pytest.raises(IntegrityError, match="other words"), transaction.atomic():
        Reply.objects.filter(pk=reply.pk).update(state="approved")


def test_what_was_sent_stays_sent(case: Case) -> None:
    reply = Reply.objects.create(case=case, text=WORDS, state="sent", sent_at=NOW, decision=decided(case))
    for state in ("draft", "approved", "failed", "dropped"):
        with pytest.raises(IntegrityError, match="does not go from sent"), transaction.atomic():
            Reply.objects.filter(pk=reply.pk).update(state=state)


def test_everything_of_a_person_who_steps_out_can_still_be_erased(case: Case) -> None:
    author = case.mention.author
    assert author
    Reply.objects.create(case=case, text=WORDS, state="sent", sent_at=NOW, decision=decided(case))
    author.handle = "rosa"
    author.save()
    assert opt_out(author.network, "", "asked", NOW, handle="rosa").mentions == 1
    assert not Reply.objects.exists() and not Case.objects.exists()


def test_a_brand_goes_with_its_replies(case: Case, brand: Brand) -> None:
    Reply.objects.create(case=case, text=WORDS, state="sent", sent_at=NOW, decision=decided(case))
    brand.delete()
    assert not Reply.objects.exists()


def test_new_words_drop_the_approval(case: Case, brand: Brand) -> None:
    user: User = a_user()
    settings = {"replies": True, "identifier": "a.b"}
    a_source(brand, kind="bluesky", settings=settings, credentials=seal({"app_password": "x"}))
    case.mention.network = "bluesky"
    case.mention.save()
    reply = press(case, Seen(), WORDS, user, NOW)
    assert (reply.state, reply.approved_by) == ("approved", user)
    changed = save(case, Seen.of(reply), "Acme: thank you very much", user, NOW)
    assert (changed.state, changed.approved_by) == ("draft", None)
