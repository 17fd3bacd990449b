"""The Quality page: honest when empty, honest when small, right when there is enough; own models wait for a click."""

from collections.abc import Callable

import pytest
from django.test import Client

from dashboard.removal import remove_brand
from dashboard.reports.quality import quality
from listening.models import AuditEntry, Brand, BrandModel, Label, Mention, User
from tests.builders import a_brand, a_member, a_mention

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
URL = "/b/acme/quality/"
MEASURED = {
    "n": 137,
    "tested": 61,
    "basis": "random",
    "before": {"right": 0.71, "loss": 0.7, "error": 0.12},
    "after": {"right": 0.79, "loss": 0.6, "error": 0.05},
    "gain": {"value": 0.08, "low": 0.03, "high": 0.12},
}


def a_label(brand: Brand, person: User, people: str, machine: str, why: str = "random", **fields: object) -> Label:
    """One mention that the machine scored and one person labelled."""
    values = {"sentiment": machine, "sentiment_engine": "vader-1", "complaint_engine": "complaint-1"}
    mention = fields.pop("mention", None) or a_mention(brand, "acme is <b>odd</b>", **values)
    assert isinstance(mention, Mention)
    frozen = {"machine_sentiment": machine, "p_negative": 0.8, "p_neutral": 0.1, "p_positive": 0.1}
    more = {"machine_complaint": False, "complaint_p": 0.1, "complaint": "no", "trainable": True}
    engines = {"sentiment_engine": "vader-1", "complaint_engine": "complaint-1"}
    return Label.objects.create(
        **{"mention": mention, "brand": brand, "person": person, "why": why, "sentiment": people}
        | frozen
        | more
        | engines
        | fields
    )


def a_model(brand: Brand, number: int = 1, state: str = "offered", **fields: object) -> BrandModel:
    values = {"kind": "sentiment", "engine": "vader-1", "parameters": {"words": {}}, "measured": MEASURED}
    return BrandModel.objects.create(**{"brand": brand, "number": number, "state": state} | values | fields)


def test_without_labels_it_says_what_to_do(signed_in: SignIn, brand: Brand) -> None:
    page = signed_in("marketer").get(URL).content.decode()
    assert "Nobody has checked the machine yet" in page
    assert "Label 50 mentions" in page
    assert "%</span>" not in page
    assert "Ask an admin or a marketer" in signed_in("manager").get(URL).content.decode()


def test_only_random_labels_count_in_the_figures(brand: Brand) -> None:
    person = a_member(brand)
    for _ in range(15):
        a_label(brand, person, "negative", "negative")
    for _ in range(10):
        a_label(brand, person, "neutral", "negative")
    for why in ("unsure", "disagreement"):
        for _ in range(10):
            a_label(brand, person, "positive", "negative", why)
    found = quality(brand).sentiment
    accuracy = found.confusion.accuracy
    assert (accuracy.hits, accuracy.n) == (15, 25)
    assert (found.drawn, found.n) == (25, 45)
    assert found.calibration.error == pytest.approx(0.2)


def test_few_labels_are_too_few_to_say(signed_in: SignIn, brand: Brand) -> None:
    person = a_member(brand)
    for _ in range(19):
        a_label(brand, person, "negative", "negative")
    page = signed_in("manager").get(URL).content.decode()
    assert "too few to say" in page
    assert "100%</span>" not in page
    a_label(brand, person, "negative", "negative")
    assert "100%</span>" in signed_in("manager").get(URL).content.decode()


def test_an_engines_quality_stays_known_after_the_mentions_were_scored_anew(brand: Brand) -> None:
    person = a_member(brand)
    label = a_label(brand, person, "negative", "neutral")
    Mention.objects.update(sentiment="negative", sentiment_engine="earshot-1", p_negative=0.9)
    assert label.machine_sentiment == "neutral"
    now = quality(brand).sentiment
    assert (now.engine, now.confusion.accuracy.hits) == ("earshot-1", 1)
    before = quality(brand, "vader-1").sentiment
    assert (before.engine, before.confusion.accuracy.hits) == ("vader-1", 0)
    assert [version.engine for version in now.versions] == ["earshot-1", "vader-1"]


def test_what_an_own_model_says_about_its_own_lessons_does_not_count(brand: Brand) -> None:
    a_label(brand, a_member(brand), "negative", "neutral")
    Mention.objects.update(sentiment="negative", sentiment_engine="vader-1~own1")
    assert [version.engine for version in quality(brand).sentiment.versions] == ["vader-1"]


def test_errors_lead_to_their_mentions_and_their_text_is_inert(signed_in: SignIn, brand: Brand) -> None:
    label = a_label(brand, a_member(brand), "positive", "negative")
    page = signed_in("manager").get(URL).content.decode()
    assert f'href="/b/acme/mentions/{label.mention_id}/"' in page
    assert "<b>odd" not in page


def test_two_people_are_compared_and_those_who_differ_count_in_no_figure(brand: Brand) -> None:
    one, other = a_member(brand), a_member(brand)
    for i in range(4):
        label = a_label(brand, one, "negative", "negative")
        second = "negative" if i else "positive"
        a_label(brand, other, second, "negative", "second", mention=label.mention, first=False)
    report = quality(brand)
    assert (report.agreement.same.hits, report.agreement.same.n) == (3, 4)
    assert len(report.disputed) == 1
    assert report.sentiment.drawn == 3


def test_other_brands_labels_and_hidden_mentions_are_not_seen(brand: Brand) -> None:
    elsewhere = a_brand("Elsewhere")
    a_label(elsewhere, a_member(elsewhere), "negative", "negative")
    a_label(brand, a_member(brand), "negative", "negative")
    Mention.objects.filter(brand=brand).update(hidden="takendown")
    assert quality(brand).labels == 0


def test_an_offer_says_its_gain_with_its_interval_and_waits_for_an_admin(signed_in: SignIn, brand: Brand) -> None:
    model = a_model(brand)
    a_label(brand, a_member(brand), "negative", "negative")
    page = signed_in("admin").get(URL).content.decode()
    assert "Right 71% → 79%, 95% interval of the gain +3 to +12" in page
    address = f"/b/acme/quality/models/{model.pk}/"
    assert address in page
    assert address not in signed_in("marketer").get(URL).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("marketer", 403), ("manager", 403), ("stranger", 404), ("logged out", 302)]
)
@pytest.mark.parametrize("address", ["models/{}/", "learn/"])
def test_only_an_admin_decides_on_models(signed_in: SignIn, brand: Brand, role: str, status: int, address: str) -> None:
    model = a_model(brand)
    assert signed_in(role).post(URL + address.format(model.pk), {"adopt": "yes"}).status_code == status
    model.refresh_from_db()
    assert model.state == "offered"


def test_a_model_is_adopted_by_a_click_and_can_be_undone(signed_in: SignIn, brand: Brand) -> None:
    former, model = a_model(brand, 1, "adopted"), a_model(brand, 2)
    admin = signed_in("admin")
    admin.post(f"{URL}models/{model.pk}/", {"adopt": "yes"})
    former.refresh_from_db()
    model.refresh_from_db()
    assert (former.state, model.state) == ("retired", "adopted")
    assert model.changed_by is not None
    admin.post(f"{URL}models/{model.pk}/", {"retire": "yes"})
    model.refresh_from_db()
    assert model.state == "retired"
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == ["adopted own model", "retired own model"]


def test_what_is_no_better_cannot_be_adopted(signed_in: SignIn, brand: Brand) -> None:
    model = a_model(brand, state="no_better")
    page = signed_in("admin").post(f"{URL}models/{model.pk}/", {"adopt": "yes"}, follow=True).content.decode()
    assert "Somebody else changed this" in page
    model.refresh_from_db()
    assert model.state == "no_better"


def test_another_brands_model_is_out_of_reach(signed_in: SignIn, brand: Brand) -> None:
    model = a_model(a_brand("Elsewhere"))
    assert signed_in("admin").post(f"{URL}models/{model.pk}/", {"adopt": "yes"}).status_code == 404


@pytest.mark.parametrize("address", ["", "mentions/", "complaints/"])
def test_every_page_with_findings_leads_here(marketer: Client, brand: Brand, address: str) -> None:
    a_mention(brand)
    assert f'href="{URL}"><' in marketer.get(f"/b/acme/{address}").content.decode().split('id="content"')[1]


def test_a_brand_goes_with_its_labels_and_models(brand: Brand) -> None:
    a_label(brand, a_member(brand), "negative", "negative")
    a_model(brand)
    remove_brand(brand)
    assert not Label.objects.exists()
    assert not BrandModel.objects.exists()


def test_labels_outlive_the_person_who_gave_them(brand: Brand) -> None:
    person = a_member(brand)
    a_label(brand, person, "negative", "negative")
    person.delete()
    assert quality(brand).labels == 1
