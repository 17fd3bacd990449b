"""Asking the line about an answer: who may, what is kept, and who may overrule it."""

from collections.abc import Callable

from django.test import Client

from listening.models import AuditEntry, Brand, Contact, Line, LineDecision
from tests.builders import a_complaint, a_mention, an_author

SignIn = Callable[[str], Client]


def test_a_marketer_asks_and_the_answer_is_kept_without_the_draft(signed_in: SignIn, brand: Brand) -> None:
    mention = a_mention(brand, "dear acme", author=an_author(), addressed="mentioned")
    client, address = signed_in("marketer"), f"/b/acme/mentions/{mention.pk}/line/"
    assert client.get(address).status_code == 200
    page = client.post(address, {"draft": "Jo here: what is your phone number?"}).content.decode()
    assert "The draft asks for private data in public." in page
    assert "The draft does not say for whom it speaks." in page
    kept = LineDecision.objects.get()
    assert kept.verdict == "refused" and "Jo" not in str(kept.inputs)
    assert "May be answered" in client.post(address, {"draft": "Jo from Acme: thank you!"}).content.decode()


def test_managers_and_strangers_do_not_ask(signed_in: SignIn, brand: Brand) -> None:
    mention = a_mention(brand, author=an_author())
    address = f"/b/acme/mentions/{mention.pk}/line/"
    assert signed_in("manager").get(address).status_code == 403
    assert signed_in("stranger").get(address).status_code == 404
    signed_in("marketer").post(address)
    override = f"{address}{LineDecision.objects.get().pk}/"
    assert signed_in("manager").post(override, {"reason": "x"}).status_code == 403
    assert signed_in("stranger").post(override, {"reason": "x"}).status_code == 404
    assert LineDecision.objects.get().overridden_by == ""


def test_an_override_is_kept_with_name_and_reason_and_noted(signed_in: SignIn, brand: Brand) -> None:
    mention = a_complaint(brand, author=an_author())
    client, address = signed_in("marketer"), f"/b/acme/mentions/{mention.pk}/line/"
    client.post(address)
    kept = LineDecision.objects.get()
    assert "Write down why" in client.post(f"{address}{kept.pk}/", {"reason": ""}, follow=True).content.decode()
    page = client.post(f"{address}{kept.pk}/", {"reason": "They phoned us."}, follow=True).content.decode()
    assert "“They phoned us.”" in page
    assert AuditEntry.objects.filter(verb="overrode the line").count() == 1
    client.post(f"{address}{kept.pk}/", {"answered": "yes"})
    client.post(f"{address}{kept.pk}/", {"answered": "yes"})
    assert Contact.objects.count() == 1
    assert "You answered this person" in client.get("/b/acme/mentions/").content.decode()


def test_what_needs_a_second_person_is_approved_by_another_one(signed_in: SignIn, brand: Brand) -> None:
    mention = a_mention(brand, "acme, my father passed away", author=an_author(), addressed="mentioned")
    asker, address = signed_in("marketer"), f"/b/acme/mentions/{mention.pk}/line/"
    asker.post(address)
    kept = LineDecision.objects.get()
    assert kept.verdict == "ask"
    page = asker.post(f"{address}{kept.pk}/", {"reason": "fine"}, follow=True).content.decode()
    assert "somebody else has to look at it" in page
    asker.post(f"{address}{kept.pk}/", {"answered": "yes"})
    assert not Contact.objects.exists()
    signed_in("admin").post(f"{address}{kept.pk}/", {"reason": "kindly written"})
    kept.refresh_from_db()
    assert kept.override_reason == "kindly written"


def test_a_decision_of_another_brand_is_not_there(signed_in: SignIn, brand: Brand) -> None:
    other = a_mention(Brand.objects.create(name="Other", slug="other"), author=an_author())
    kept = LineDecision.objects.create(
        line=Line.objects.of(other.brand), mention=other, verdict="refused", reasons=[], inputs={}
    )
    client = signed_in("marketer")
    assert client.post(f"/b/acme/mentions/{other.pk}/line/{kept.pk}/", {"reason": "x"}).status_code == 404
