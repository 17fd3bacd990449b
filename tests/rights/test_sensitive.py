"""Nothing is named after health, politics, religion or sex life, in several languages."""

import pytest
from django.test import Client

from listening.models import Brand, Theme
from listening.sensitive import TOPICS, is_sensitive, sensitive
from tests.builders import a_brand, a_member


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("Depressed customers", "health"),
        ("Kranke Kunden", "health"),
        ("santé publique", "health"),
        ("妊娠中の人", "health"),
        ("HIV+", "health"),
        ("Gewerkschafter", "politics"),
        ("Votantes de izquierda", "politics"),
        ("选举", "politics"),
        ("Muslim families", "religion"),
        ("gay_customers", "sex"),
        ("#LGBT", "sex"),
    ],
)
def test_it_refuses_the_name_and_says_why(name: str, topic: str) -> None:
    sentence = sensitive(name)
    assert sentence and TOPICS[topic] in sentence and name in sentence


@pytest.mark.parametrize("name", ["", "Late delivery", "Sextant", "VIP", "Gastric juice", "配達", "Refunds", "Выбор"])
def test_it_lets_other_names_be(name: str) -> None:
    assert sensitive(name) is None


def test_a_word_alone_is_judged_the_same() -> None:
    assert is_sensitive("depression")
    assert not is_sensitive("delivery")


@pytest.mark.django_db
def test_an_admin_names_no_theme_after_it() -> None:
    brand = a_brand("Acme", slug="acme")
    client = _signed_in(brand)
    answer = client.post("/b/acme/themes/new/", {"name": "Pregnant customers", "query": "late"})
    assert answer.status_code == 422
    assert "what a person is" in answer.content.decode()
    assert not Theme.objects.exists()
    theme = Theme.objects.create(brand=brand, origin=Theme.Origin.MACHINE, name="late · order")
    assert client.post(f"/b/acme/themes/{theme.pk}/", {"name": "Catholic orders"}).status_code == 422


def _signed_in(brand: Brand) -> Client:
    client = Client()
    client.force_login(a_member(brand, "admin"))
    return client
