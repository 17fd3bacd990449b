"""Settings: a wrong one stops the start with a sentence, and every one is written down."""

import ast
import re
import runpy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "listening/settings.py"
FINE = {
    "EARSHOT_PRODUCTION": "true",
    "EARSHOT_SECRET_KEY": "k" * 50,
    "EARSHOT_PEPPER": "p" * 50,
    "EARSHOT_HOSTS": "earshot.example.org",
    "EARSHOT_URL": "https://earshot.example.org",
}
INTERNAL = {"EARSHOT_SUPERVISED"}
READERS = {"text", "flag", "integer", "words", "networks", "get", "getenv", "_secret"}
NAME = re.compile(r"EARSHOT_[A-Z_]+|PORT|DATABASE_URL|REDIS_URL")


def load(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> dict[str, Any]:
    """The settings as a production server would read them, with these changes; None takes a variable away."""
    for name in [*FINE, "EARSHOT_DEBUG", "EARSHOT_CREDENTIAL_KEYS", "EARSHOT_PEPPERS"]:
        monkeypatch.delenv(name, raising=False)
    for name, value in (FINE | changes).items():
        if value is not None:
            monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


def test_it_starts_in_production_with_all_that_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert settings["DEBUG"] is False
    assert settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"] and settings["SECURE_HSTS_SECONDS"]
    assert settings["ALLOWED_HOSTS"] == ["earshot.example.org"]


@pytest.mark.parametrize(
    "changes",
    [
        {"EARSHOT_DEBUG": "true"},
        {"EARSHOT_SECRET_KEY": None},
        {"EARSHOT_SECRET_KEY": "too short"},
        {"EARSHOT_SECRET_KEY": "change-me-change-me-change-me-change-me"},
        {"EARSHOT_PEPPER": None},
        {"EARSHOT_HOSTS": None},
        {"EARSHOT_HOSTS": "*"},
        {"EARSHOT_URL": None},
        {"EARSHOT_URL": "earshot.example.org"},
        {"EARSHOT_PRODUCTION": "maybe"},
        {"PORT": "eighty"},
        {"PORT": "0"},
        {"DATABASE_URL": "mysql://localhost/earshot"},
        {"EARSHOT_ALLOW_PRIVATE": "localhost"},
        {"EARSHOT_ALLOW_PRIVATE": "10.0.0.1/8"},
        {"EARSHOT_SMTP_PORT": "smtp"},
        {"EARSHOT_SMTP_STARTTLS": "true", "EARSHOT_SMTP_TLS": "true"},
        {"EARSHOT_LOG_LEVEL": "LOUD"},
        {"EARSHOT_BEHIND_PROXY": "perhaps"},
        {"EARSHOT_ENGINE": "crystal ball"},
        {"EARSHOT_ENGINE_THREADS": "0"},
    ],
    ids=lambda changes: " ".join(f"{name}={value}" for name, value in changes.items()),
)
def test_it_refuses_to_start_in_one_sentence_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str | None]
) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        load(monkeypatch, **changes)
    said = str(caught.value)
    assert any(name in said for name in changes)
    assert said.endswith((".", ").")) and "\n" not in said and len(said) < 200


def test_no_refusal_repeats_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        load(monkeypatch, EARSHOT_SECRET_KEY="hunter2")
    assert "hunter2" not in str(caught.value)


def test_the_example_lists_every_setting_in_the_order_of_the_code() -> None:
    inside = list(dict.fromkeys(read_by(SETTINGS)))
    assert in_example()[: len(inside)] == inside
    assert set(in_example()) == set(all_read())


def test_the_docs_list_every_setting_in_the_same_order() -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert documented == in_example()


def test_the_example_changes_nothing_as_it_is() -> None:
    assert not [line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")]


def in_example() -> list[str]:
    return re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def all_read() -> set[str]:
    rooms = [path for room in ("listening", "ingest", "dashboard") for path in (ROOT / room).rglob("*.py")]
    return {name for path in rooms for name in read_by(path)} - INTERNAL


def read_by(path: Path) -> Iterator[str]:
    """The settings that a file reads from the environment, in the order of its lines."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call | ast.Subscript)]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        name = _of_call(node) if isinstance(node, ast.Call) else _of_environ(node)
        if name and NAME.fullmatch(name):
            yield name


def _of_call(node: ast.Call) -> str | None:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0] if node.args else None
    return str(first.value) if called in READERS and isinstance(first, ast.Constant) else None


def _of_environ(node: ast.Subscript) -> str | None:
    environ = isinstance(node.value, ast.Attribute) and node.value.attr == "environ"
    return str(node.slice.value) if environ and isinstance(node.slice, ast.Constant) else None


@pytest.mark.parametrize("written", ["2026-04-03", "03/04/2026", "3/4/26"])
def test_a_day_is_written_before_its_month_or_as_browsers_send_it(written: str) -> None:
    assert forms.DateField().clean(written) == date(2026, 4, 3)
