"""One improvement that is done and measured, and how its pages are asked for and answered."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from listening.models import Brand, Improvement
from tests.builders import a_brand, a_source
from tests.dashboard.pages.conftest import marketer, signed_in
from tests.improvements.made import DONE, a_theme, an_improvement, halved, noon, steady, talk

__all__ = ["marketer", "signed_in"]
SignIn = Callable[[str], Client]
BOARD = "/b/acme/improvements/"
ABOUT = "/about/acme/improvements/"
PUBLIC = {"public": "on", "said": "The form is too long.", "did": "It has five fields now."}


def page_of(client: Client, address: str = BOARD, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def values(row: Improvement, **changes: object) -> dict[str, object]:
    """What the form of an improvement sends, as it stands."""
    sent = {
        "title": row.title,
        "what": row.what,
        "status": row.status,
        "version": row.version,
        "owner": "",
        "theme": "",
    }
    return sent | changes


@pytest.fixture
def brand(db: None) -> Brand:
    return a_brand("Acme", slug="acme")


@pytest.fixture
def measured(brand: Brand) -> Improvement:
    """One that is done, with a theme whose complaints halved, and a case behind it."""
    a_source(brand, collecting_since=noon(DONE) - timedelta(days=300))
    theme = a_theme(brand, "refund · form")
    talk(brand, theme, halved(12), complaint=True)
    talk(brand, None, steady(40), complaint=False)
    return an_improvement(brand, theme, what="Ask Mara about the fields")
