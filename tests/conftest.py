"""What all tests stand on: throw-away Postgres and Valkey for the whole run, real payloads, a real browser."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import pytest
import redis
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from listening.embedded import servers as embedded_servers, urls

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
BASE = "EARSHOT_TEST_BASE"  # the run's folder, told by the controller to its xdist workers
NEED_SERVERS = {"db", "transactional_db", "live_server", "servers", "valkey", "django_db_setup"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
RECORDED = {"EARSHOT_PAYLOADS": ROOT.parent / "shared/payloads", "EARSHOT_LABELLED": ROOT.parent / "shared/data"}


def _surroundings() -> None:
    """Set the environment before the settings are read; what the caller set is kept."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "listening.settings"
    os.environ.setdefault("EARSHOT_ALLOW_PRIVATE", "127.0.0.0/8,::1/128")
    for name, folder in RECORDED.items():
        if folder.is_dir():
            os.environ.setdefault(name, str(folder))
    if not WORKER:
        os.environ[BASE] = tempfile.mkdtemp(prefix="earshot-test-")
        database_url, redis_url = urls(Path(os.environ[BASE]))
        os.environ.setdefault("DATABASE_URL", database_url)
        os.environ.setdefault("REDIS_URL", redis_url)
    number = int(WORKER.removeprefix("gw") or 0) if WORKER else 0
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{number + 1}"
    os.environ["EARSHOT_DATA"] = str(Path(os.environ[BASE]) / (WORKER or "alone"))


_surroundings()
django.setup()  # before the folders' own conftests import tables


class Servers:
    """The run's servers, started by the controller when the first test needs them."""

    started: embedded_servers.Servers | None = None

    @classmethod
    def start(cls) -> None:
        base = Path(os.environ[BASE])
        ours = os.environ["DATABASE_URL"] == urls(base)[0]
        if not WORKER and ours and cls.started is None:
            cls.started = embedded_servers.start(base, durable=False)

    @classmethod
    def stop(cls) -> None:
        if cls.started is not None:
            cls.started.stop()
        if not WORKER:
            shutil.rmtree(os.environ[BASE], ignore_errors=True)


# In CI the same examples every time, so that a landing never hangs on a dice; elsewhere hypothesis goes on searching.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "search")


def pytest_configure(config: pytest.Config) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC}}  # no collectstatic in tests
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick sign-ins
    if not WORKER and config.getoption("numprocesses", default=None):
        del os.environ["DJANGO_SETTINGS_MODULE"]  # else xdist's workers read the settings before they come to this file
        Servers.start()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Without xdist the servers start only for tests that need them: pure tests run without a database."""
    if any(_needs_servers(item) for item in session.items) and not session.config.option.collectonly:
        Servers.start()


def _needs_servers(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool(
        NEED_SERVERS & set(getattr(item, "fixturenames", []))
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured and recorded as "printed", from xdist's workers too; and a server that ended by itself."""
    for child in Servers.started.children if Servers.started else ():
        if not child.running():
            status = child.process.returncode
            terminalreporter.write_line(
                f"\nThe run's {child.spec.name} ended with status {status}:\n{child.log_tail()}"
            )
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties if report.when == "call" else ():
            if name == "printed":
                terminalreporter.write_line(f"\n{value}")


def pytest_unconfigure(config: pytest.Config) -> None:
    Servers.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The audit log refuses to be emptied, but tests with real commits empty every table after themselves."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE listening_auditentry DISABLE TRIGGER listening_audit_kept")


@pytest.fixture(scope="session")
def servers() -> tuple[str, str]:
    """The running servers' DATABASE_URL (of the server, not of this worker's test database) and REDIS_URL."""
    return os.environ["DATABASE_URL"], os.environ["REDIS_URL"]


@pytest.fixture
def valkey(servers: tuple[str, str]) -> Iterator["redis.Redis"]:
    """This worker's own numbered Valkey database, empty. Channels of pub/sub are shared by all workers."""
    client = redis.Redis.from_url(servers[1])
    client.flushdb()
    yield client
    client.close()


@pytest.fixture(scope="session")
def payloads() -> Path:
    """Recorded answers of real networks; the tests that need them are skipped where they are not given."""
    return _recorded("EARSHOT_PAYLOADS")


@pytest.fixture(scope="session")
def labelled() -> Path:
    """Posts with sentiment labels by people."""
    return _recorded("EARSHOT_LABELLED")


def _recorded(name: str) -> Path:
    if not os.environ.get(name):
        pytest.skip(f"{name} names no folder: these recordings are not part of the repository")
    return Path(os.environ[name])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium, without a window: EARSHOT_CHROMIUM, else the system's, else Playwright's own.

    One per module, not per run: Playwright keeps an event loop running in this thread, where no asynchronous test of
    another module could run its own.
    """
    path = os.environ.get("EARSHOT_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread; the tests are not async
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="Europe/Berlin")
    yield context
    context.close()


@pytest.fixture
def page(browser_context: BrowserContext) -> Page:
    """A fresh tab with its own cookies."""
    return browser_context.new_page()
