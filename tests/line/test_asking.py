"""Asking the line about real rows: what it gathers, what it keeps, and that it says the same for ever."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from listening.asking import Stands, ask, override, verdicts
from listening.line import Policy
from listening.models import Brand, Contact, Line, LineDecision, Mention, OptOut
from tests.builders import a_brand, a_complaint, a_mention, a_user, an_author

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def draw(brand: Brand, **policy: Any) -> None:
    version = Line.objects.of(brand).version + 1
    Line.objects.create(brand=brand, version=version, name="New", policy=Policy(**policy).as_json())


def to_us(brand: Brand, text: str = "hello acme", **fields: Any) -> Mention:
    return a_mention(brand, text, **{"addressed": "mentioned", "author": an_author()} | fields)


def said(mention: Mention, now: datetime = NOW) -> str:
    return verdicts(mention.brand, Line.objects.of(mention.brand).read(), [mention], now)[mention.pk].short


def contact(mention: Mention, at: datetime) -> None:
    author = mention.author
    assert author
    Contact.objects.create(
        brand=mention.brand, network=author.network, key_version=author.key_version, key=author.key, at=at
    )


def test_it_answers_who_spoke_to_the_brand_and_leaves_the_others_alone() -> None:
    brand = a_brand()
    assert said(to_us(brand)) == "May be answered: mentions your account"
    assert said(a_mention(brand, author=an_author())) == "Left alone: only talked about you"
    assert said(a_complaint(brand, author=an_author())) == "Left alone: only talked about you"
    draw(brand, who="complaints")
    assert said(a_complaint(brand, author=an_author())) == "Needs a second person: a public complaint"


@pytest.mark.parametrize("scope", ["contact", "listen"])
def test_whoever_opted_out_is_left_alone_by_every_line(scope: str) -> None:
    brand = a_brand()
    mention = to_us(brand)
    author = mention.author
    assert author
    OptOut.objects.create(network=author.network, key_version=author.key_version, key=author.key, scope=scope)
    draw(brand, who="complaints", second_person="never")
    assert said(mention) == "Left alone: asked not to be contacted"
    assert said(to_us(brand)) == "May be answered: mentions your account"


def test_a_person_answered_lately_is_left_alone_until_they_write_again() -> None:
    brand = a_brand()
    mention = to_us(brand, published_at=NOW - timedelta(days=5))
    contact(mention, NOW - timedelta(days=3))
    assert said(mention) == "Left alone: answered already"
    a_mention(brand, "of acme", author=mention.author, published_at=NOW - timedelta(days=1))
    assert said(mention) == "Left alone: answered already"
    to_us(brand, author=mention.author, published_at=NOW - timedelta(hours=1))
    assert said(mention) == "May be answered: mentions your account"


def test_another_brands_answers_are_not_this_brands() -> None:
    author, brand = an_author(), a_brand()
    contact(to_us(a_brand(), author=author), NOW)
    assert said(to_us(brand, author=author)) == "May be answered: mentions your account"


def test_quiet_topics_need_a_second_person() -> None:
    brand = a_brand()
    assert said(to_us(brand, "acme, my father passed away, cancel his order")) == (
        "Needs a second person: quiet topic “Death”"
    )


def test_it_keeps_what_it_decided_without_text_and_name() -> None:
    brand = a_brand()
    author = an_author(handle="rosa.secret", name="Rosa Secret", account_created_at=NOW - timedelta(days=12.5))
    mention = to_us(brand, "acme where is my parcel 8841", author=author)
    stored = ask(mention, a_user(), NOW, "We at nobody: what is your phone number 8842?")
    assert stored.verdict == "refused" and not stored.limit
    assert stored.inputs["facts"]["account_days"] == 12
    assert stored.inputs["facts"]["wording"] == ["no_disclosure", "private_data"]
    kept = f"{stored.inputs} {stored.reasons}"
    for private in ("rosa", "Rosa", "8841", "8842", author.key, mention.external_id):
        assert private not in kept


def test_stored_decisions_replay_after_the_line_moved_and_the_mention_went(capsys: pytest.CaptureFixture[str]) -> None:
    brand, user = a_brand(), a_user()
    mention = to_us(brand)
    ask(mention, user, NOW)
    draw(brand, who="nobody")
    ask(mention, user, NOW)
    mention.delete()
    call_command("replay_decisions")
    assert "All 2 decisions are the same." in capsys.readouterr().err
    assert LineDecision.objects.filter(mention=None).count() == 2


def test_a_decision_that_no_longer_follows_is_shown_and_fails_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    stored = ask(to_us(a_brand()), a_user(), NOW)
    LineDecision.objects.filter(pk=stored.pk).update(verdict="refused")
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("replay_decisions")
    assert '"stored": "refused", "replayed": "allowed"' in capsys.readouterr().out


def test_an_override_has_a_name_and_a_reason_and_happens_once() -> None:
    brand, user = a_brand(), a_user("ann@example.org", name="Ann")
    stored = ask(a_complaint(brand, author=an_author()), user, NOW)
    with pytest.raises(Stands, match="reason"):
        override(stored, user, "  ", NOW)
    override(stored, user, "They asked us by phone to answer here.", NOW)
    stored.refresh_from_db()
    assert (stored.verdict, stored.overridden_by) == ("refused", "Ann <ann@example.org>")
    with pytest.raises(Stands):
        override(stored, user, "again", NOW)


def test_the_limits_are_overridden_by_nobody() -> None:
    stored = ask(to_us(a_brand(), hidden="protected"), a_user(), NOW)
    with pytest.raises(Stands):
        override(stored, a_user(), "the chief said so", NOW)
    with pytest.raises(IntegrityError, match="line_limit_stands"), transaction.atomic():
        LineDecision.objects.filter(pk=stored.pk).update(overridden_by="x", override_reason="y", overridden_at=NOW)


def test_a_question_is_what_asks_something_and_is_no_complaint() -> None:
    brand = a_brand()
    draw(brand, kinds=("question",))
    asks = {"addressed": "mentioned", "asks": "question"}
    asked, grumbled = to_us(brand, asks="question"), a_complaint(brand, author=an_author(), **asks)
    wished = to_us(brand, asks="request")
    found = verdicts(brand, Line.objects.of(brand).read(), [asked, grumbled, wished], NOW)
    assert [found[one.pk].verdict for one in (asked, grumbled, wished)] == ["allowed", "refused", "refused"]


def test_many_rows_cost_as_many_questions_as_one(django_assert_num_queries: Any) -> None:
    brand = a_brand()
    policy = Line.objects.of(brand).read()
    for _ in range(20):
        to_us(brand)
    mentions = list(Mention.objects.select_related("author"))
    with django_assert_num_queries(2):
        verdicts(brand, policy, mentions, NOW)
