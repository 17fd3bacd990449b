"""What a letter quotes and where its lines lead."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.digests.content import Written, write
from listening.models import Brand, Line, LineDecision, Subscription
from tests.builders import a_brand, a_complaint, a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme", slug="acme")


def letter(brand: Brand) -> Written:
    reader = Subscription.objects.create(brand=brand, user=a_member(brand, "manager"))
    now = timezone.now()
    written = write(reader, now - timedelta(days=7), now + timedelta(minutes=1))
    assert written
    return written


def test_it_quotes_nobody_who_asks_not_to_be_shown_without_signing_in_and_says_so(brand: Brand) -> None:
    a_complaint(brand, "acme broke loudly")
    quiet = a_complaint(brand, "acme broke quietly", public_ok=False)
    written = letter(brand)
    for text in (written.text, written.html):
        assert "broke loudly" in text and "quietly" not in text
        assert f"/b/acme/mentions/{quiet.pk}/" in text, "the figure opens what is behind it"
        assert "1 complaint waits in Earshot" in text and "its author asks not to be shown" in " ".join(text.split())


@pytest.mark.parametrize("network", ["reddit", "youtube"])
def test_it_quotes_no_text_that_may_be_kept_for_a_time_only(brand: Brand, network: str) -> None:
    a_complaint(brand, "acme broke for hours", network=network)
    written = letter(brand)
    for text in (written.text, written.html):
        assert "for hours" not in text and "1 complaint waits in Earshot" in text
        assert "the network limits how long texts are kept" in " ".join(text.split())


def test_it_does_not_say_that_nothing_waits_where_it_may_quote_nothing(brand: Brand) -> None:
    a_complaint(brand, "acme broke quietly", public_ok=False)
    a_complaint(brand, "acme broke softly", public_ok=False)
    written = letter(brand)
    assert "No complaint waits" not in written.text and "None. Every" not in written.html
    assert "2 complaints wait in Earshot and are not quoted here" in written.text


def test_it_opens_the_first_of_many_that_it_may_not_quote_and_counts_the_others(brand: Brand) -> None:
    for _ in range(7):
        a_complaint(brand, "acme broke quietly", public_ok=False)
    written = letter(brand)
    assert len(set(re.findall(r"/b/acme/mentions/\d+/", written.text))) == 5
    assert "2 more among all of the week" in written.text and "2 more are among" in written.html


def test_it_says_that_nothing_waits_where_that_is_so(brand: Brand) -> None:
    written = letter(brand)
    assert "No complaint waits" in written.text and "in Earshot and" not in written.text


def test_the_count_of_a_day_opens_the_mentions_of_that_day(brand: Brand) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    a_complaint(brand, published_at=yesterday)
    day = f"{yesterday:%Y-%m-%d}"
    assert f"/b/acme/mentions/?from={day}&amp;to={day}" in letter(brand).html


def test_an_override_leads_to_its_post_while_that_is_there(brand: Brand) -> None:
    post = a_complaint(brand)
    told = {
        "verdict": "refused",
        "reasons": [],
        "inputs": {},
        "overridden_at": timezone.now(),
        "override_reason": "She called.",
    }
    line = Line.objects.of(brand)
    LineDecision.objects.create(line=line, mention=post, overridden_by="Ann", **told)
    LineDecision.objects.create(line=line, mention=None, overridden_by="Bob", **told)
    written = letter(brand)
    address = f"/b/acme/mentions/{post.pk}/"
    after = written.text.partition("The line was overridden")[2]
    assert "Ann: She called.\n" in after and after.count(address) == 1 and "Bob: She called." in after
    assert written.html.partition("The line was overridden")[2].count(address) == 1
