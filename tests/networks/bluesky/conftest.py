"""One real Bluesky for all tests of this folder, and a Jetstream in front of it."""

from collections.abc import Iterator

import pytest

from tests.networks.bluesky.bridge import Bridge
from tests.networks.bluesky.network import Bluesky, Missing, installed, running
from tests.networks.bluesky.people import Person, join


@pytest.fixture(scope="session")
def bluesky(servers: tuple[str, str]) -> Iterator[Bluesky]:
    try:
        installed()
    except Missing as error:
        pytest.skip(f"No real Bluesky here: {error}")
    with running(servers[0]) as network:
        yield network


@pytest.fixture(scope="session")
def bridge(bluesky: Bluesky) -> Iterator[Bridge]:
    with Bridge(bluesky.firehose) as bridge:
        yield bridge


@pytest.fixture(scope="session")
def brand(bluesky: Bluesky) -> Person:
    return join(bluesky.pds, "acme-shop")


@pytest.fixture(scope="session")
def ann(bluesky: Bluesky) -> Person:
    return join(bluesky.pds, "ann")


@pytest.fixture(scope="session")
def bob(bluesky: Bluesky) -> Person:
    return join(bluesky.pds, "bob-jones")
