"""A brand whose inbox the tests look into, and somebody of each role who is signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from listening.models import Brand, User
from tests.builders import a_brand, a_member, a_user, an_administrator

SignIn = Callable[[str], Client]


@pytest.fixture
def acme(db: None) -> Brand:
    return a_brand("Acme", slug="acme", time_zone="Europe/Berlin")


@pytest.fixture
def maria(acme: Brand) -> User:
    return a_member(acme, "marketer", a_user("maria@example.org", name="Maria"))


@pytest.fixture
def as_maria(maria: User) -> Client:
    client = Client()
    client.force_login(maria)
    return client


@pytest.fixture
def as_role(acme: Brand) -> SignIn:
    """`as_role("manager")`: a client of somebody with that role, of a "stranger", or of somebody "logged out"."""

    def sign_in(role: str) -> Client:
        client = Client()
        if role == "administrator":
            client.force_login(an_administrator())
        elif role == "stranger":
            client.force_login(a_member(a_brand("Elsewhere"), "admin"))
        elif role != "logged out":
            client.force_login(a_member(acme, role))
        return client

    return sign_in
