"""Earshot served as in production, by an ASGI server, to a real browser."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connections
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from listening.models import User


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The address of a server over this test's database."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(get_asgi_application(), lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)  # uvicorn tells nobody when it has started
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(15)
    connections.close_all()


@pytest.fixture
def enter(site: str) -> Callable[[BrowserContext, User], None]:
    """Bring a session along instead of typing a password."""

    def bring(context: BrowserContext, user: User) -> None:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])

    return bring


@pytest.fixture
def refused(page: Page) -> list[str]:
    """What the browser complained about: what the policy forbids, requests that failed, errors of scripts."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
