"""A brand's rules about complaints: what each threshold would have meant, and changing them."""

import pytest
from django.test import Client

from dashboard.reports.threshold import choice, wilson
from ingest.enrich.kind_cues import KINDS as SHIPPED, OTHER
from listening.models import AuditEntry, Brand, ComplaintRules, KindPhrase, User
from listening.models.complaint_rules import KINDS
from listening.priority import STRENGTH_RIGHT
from tests.builders import a_brand, a_member, a_mention
from tests.dashboard.config.people import signed_in

pytestmark = pytest.mark.django_db
URL = "/b/acme/settings/complaints/"


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme", slug="acme")


@pytest.fixture
def user(brand: Brand) -> User:
    return a_member(brand, "admin")


@pytest.fixture
def admin(user: User) -> Client:
    return signed_in(user)


def test_the_kinds_that_are_offered_are_those_that_are_found() -> None:
    assert {value for value, _ in KINDS} == {*SHIPPED, OTHER}


def test_the_measured_quality_on_the_pages_is_that_of_the_card() -> None:
    with open("docs/models/strength.md", encoding="utf-8") as card:
        assert f"| right | {STRENGTH_RIGHT / 100:.2f} |" in card.read()


def test_wilsons_interval_is_wilsons() -> None:
    found = wilson(8, 10)
    assert found is not None
    assert (round(found.low, 3), round(found.high, 3), found.n) == (0.490, 0.943, 10)
    assert wilson(0, 0) is None


def test_every_threshold_says_how_many_labels_it_would_flag_and_how_many_rightly(brand: Brand) -> None:
    for p, said in ((0.9, True), (0.7, False), (0.5, True), (0.2, True)):
        a_mention(brand, complaint_p=p, complaint_by_person=said)
    a_mention(brand, complaint_p=0.6)
    a_mention(brand, complaint_p=None, complaint_by_person=True)
    a_mention(a_brand("Other"), complaint_p=0.9, complaint_by_person=True)
    told = choice(brand)
    assert (told.labels, told.complaints, told.recent) == (4, 3, 5)
    half = next(step for step in told.steps if step.threshold == 0.5)
    assert (half.flagged, half.right, half.recent) == (3, 2, 0.8)
    assert half.rightly is not None and half.rightly.share == pytest.approx(2 / 3)
    assert half.found is not None and half.found.share == pytest.approx(2 / 3)


def test_the_page_says_so_where_there_are_no_labels(admin: Client) -> None:
    page = admin.get(URL).content.decode()
    assert "Nobody of your team has said" in page
    assert "none flagged" in page


def test_a_threshold_is_saved_with_who_and_when_in_the_audit_log(admin: Client, brand: Brand, user: User) -> None:
    admin.post(URL, {"threshold": "0.35"})
    admin.post(URL, {"threshold": "0.35"})  # twice is once
    rules = ComplaintRules.objects.get(brand=brand)
    assert (rules.threshold, rules.number, rules.set_by) == (0.35, 2, user)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.detail) == ("changed complaint threshold", {"before": None, "now": 0.35})
    page = admin.get(URL).content.decode()
    assert 'value="0.35" checked' in page
    assert "being brought up to these rules" in page
    admin.post(URL, {"threshold": "engine"})
    assert ComplaintRules.objects.get(brand=brand).threshold is None


@pytest.mark.parametrize("value", ["", "0", "1", "0.351", "x"])
def test_another_threshold_changes_nothing(admin: Client, value: str) -> None:
    admin.post(URL, {"threshold": value})
    assert not ComplaintRules.objects.exclude(threshold=None).exists()


def test_phrases_are_added_and_taken_away_and_stored_mentions_follow(admin: Client, brand: Brand) -> None:
    admin.post(f"{URL}phrases/", {"phrase": "  pickup   point ", "kind": "Delivery"})
    admin.post(f"{URL}phrases/", {"phrase": "loyalty card", "kind": "Loyalty"})
    assert list(brand.kind_phrases.values_list("kind", "phrase")) == [
        ("Loyalty", "loyalty card"),
        ("delivery", "pickup point"),
    ]
    assert ComplaintRules.objects.get().number == 3
    page = admin.get("/b/acme/complaints/").content.decode()
    assert 'value="Loyalty"' in page
    admin.post(f"{URL}phrases/", {"remove": KindPhrase.objects.get(kind="Loyalty").pk})
    assert KindPhrase.objects.count() == 1
    assert ComplaintRules.objects.get().number == 4


@pytest.mark.parametrize(
    ("phrase", "kind"), [("!!", "price"), ("", "price"), ("x", ""), ("x", "<b>"), ("PICKUP point", "price")]
)
def test_a_phrase_that_is_none_is_refused_with_a_sentence(admin: Client, brand: Brand, phrase: str, kind: str) -> None:
    KindPhrase.objects.create(brand=brand, kind="delivery", phrase="pickup point")
    answer = admin.post(f"{URL}phrases/", {"phrase": phrase, "kind": kind})
    assert answer.status_code == 422
    assert KindPhrase.objects.count() == 1


def test_a_phrase_of_another_brand_cannot_be_taken_away(admin: Client) -> None:
    phrase = KindPhrase.objects.create(brand=a_brand("Other"), kind="price", phrase="x y")
    assert admin.post(f"{URL}phrases/", {"remove": phrase.pk}).status_code == 404
    assert KindPhrase.objects.exists()


def test_the_progress_is_shown_alone_and_stops_asking_at_the_end(admin: Client, brand: Brand) -> None:
    ComplaintRules.objects.create(brand=brand, number=2, applying="x rules-2", done=500, total=2000)
    page = admin.get(f"{URL}progress/").content.decode()
    assert "<strong>500</strong> of 2,000" in page and "hx-trigger" in page
    ComplaintRules.objects.update(applied="x rules-2")
    page = admin.get(f"{URL}progress/").content.decode()
    assert "All stored mentions follow" in page and "hx-trigger" not in page
