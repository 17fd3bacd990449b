"""Every request to X, and every body that the fake X makes up, keeps to X's own OpenAPI document."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from ingest.sources.base import Config, Target
from ingest.sources.x import X
from tests.networks.x.prism import Missing, installed, proxying
from tests.sources.x.fake_x import FakeX, serving

pytestmark = pytest.mark.networks

Violations = list[dict[str, Any]]


@pytest.fixture(scope="module")
def document(payloads: Path) -> Path:
    found = sorted((payloads / "x-openapi").glob("openapi-*.json"))
    if not found:
        pytest.skip(f"{os.environ['EARSHOT_PAYLOADS']} holds no x-openapi/openapi-*.json")
    try:
        installed()
    except Missing as error:
        pytest.skip(f"No Prism here: {error}")
    return found[-1]


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeX]:
    with serving(FakeX()) as running:
        running.names = "post"
        for n in range(130):
            running.post(f"Acme {n}", timedelta(minutes=n + 1))
        yield running


@pytest.fixture(scope="module")
def prism(document: Path, fake: FakeX) -> Iterator[str]:
    with proxying(document, fake.url) as url:
        yield url


@pytest.fixture
def seen() -> Violations:
    """Violations in the order in which Prism named them."""
    return []


@pytest.fixture
def connect(prism: str, fake: FakeX, seen: Violations) -> Callable[..., X]:
    def build(**settings: Any) -> X:
        told = {"api_url": prism, "field_names": "post", **settings}
        source = X(Config(settings=told, credentials={"bearer_token": "t"}, now=lambda: fake.now))

        def note(answer: requests.Response, *args: Any, **kwargs: Any) -> None:
            seen.extend(json.loads(answer.headers.get("sl-violations", "[]")))

        source._reader._client.session.hooks["response"].append(note)
        return source

    return build


@pytest.mark.parametrize("expand", [False, True])
def test_it_asks_only_for_what_x_documents(connect: Callable[..., X], seen: Violations, expand: bool) -> None:
    source = connect(expand_users=expand, expand_posts=expand)
    for params in ({"query": "acme -is:nullcast"}, {"handle": "Acme"}):
        pages = list(source.poll(Target("t", "t", params=params), None))
        assert sum(len(page.records) for page in pages) == 130
        list(source.poll(Target("t", "t", params=params), pages[-1].cursor))
    assert seen == []


def test_it_checks_and_reads_again_as_x_documents(connect: Callable[..., X], seen: Violations, fake: FakeX) -> None:
    source = connect()
    assert source.check().ok
    assert len(list(source.hydrate(list(fake.posts)[:3]))) == 3
    assert seen == []


def test_it_would_notice_a_request_that_x_does_not_document(connect: Callable[..., X], seen: Violations) -> None:
    connect(field_names="tweet", expand_posts=True)._reader.posts(["1"])
    assert any(violation["location"][:3] == ["request", "query", "expansions"] for violation in seen)
