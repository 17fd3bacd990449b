"""Signed-in browsers for these tests."""

from django.test import Client

from listening.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client
