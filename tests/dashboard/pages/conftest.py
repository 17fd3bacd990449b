"""Everybody who may and may not see a brand, each with a client that is signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from listening.models import Brand, User
from tests.builders import a_brand, a_member, a_user, an_administrator


@pytest.fixture
def brand(db: None) -> Brand:
    return a_brand("Acme", slug="acme")


def _make(role: str, brand: Brand) -> User | None:
    if role == "logged out":
        return None
    if role == "stranger":
        stranger = a_user()
        a_member(a_brand("Elsewhere"), "admin", stranger)
        return stranger
    return an_administrator() if role == "administrator" else a_member(brand, role)


@pytest.fixture
def signed_in(brand: Brand) -> Callable[[str], Client]:
    """`signed_in("manager")`: a client of somebody with that role, a "stranger", or somebody "logged out"."""

    def sign_in(role: str) -> Client:
        client = Client()
        user = _make(role, brand)
        if user:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def marketer(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("marketer")
