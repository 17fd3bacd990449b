"""The documentation of the language is true."""

import re
from pathlib import Path

import pytest

from listening.query import Matcher, Post, check_golden, parse
from tests.query.said import refusal

DOCS = (Path(__file__).resolve().parents[2] / "docs/query.md").read_text(encoding="utf-8")
ROWS = [line for line in DOCS.splitlines() if line.startswith("| `")]
CELLS = [code for row in ROWS for code in re.findall(r"`([^`]+)`", row.split("|")[1])]


@pytest.mark.parametrize("query", [cell for cell in CELLS if cell not in ("( )", "NOT a", "<<<why this is here>>>")])
def test_it_can_read_every_example(query: str) -> None:
    parse(query)


def test_it_shows_refusals_as_they_are() -> None:
    text = "acme AND (fail OR bad"
    error = refusal(text)
    assert f"{error.pointer(text)}\n{error.sentence}" in DOCS


def test_it_shows_python_that_works() -> None:
    query = parse('acme AND (late OR "customer service")')
    assert Matcher({1: query}).match(Post(text="Acme is late"))[0].spans == ((0, 4), (8, 12))
    assert check_golden(query, must=["Acme is late"], must_not=["acme"]) == []
