"""A brand, somebody who wrote to it, and a network that takes answers."""

from collections.abc import Iterator

import pytest

from ingest.sources.bluesky import client
from ingest.sources.x import answering as on_x
from ingest.sources.youtube import answering as on_youtube
from listening.models import Brand, Case, User
from tests.builders import a_brand, a_case, a_member
from tests.replies.networks import NETWORKS, Network
from tests.sources.loopback import Loopback


@pytest.fixture
def net() -> Iterator[Loopback]:
    client._logged_in.cache_clear()
    on_x._me.cache_clear()
    on_youtube._me.cache_clear()
    with Loopback() as net:
        yield net


@pytest.fixture(params=sorted(NETWORKS))
def network(request: pytest.FixtureRequest, net: Loopback) -> Network:
    """Each of them."""
    return NETWORKS[request.param](net)


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme")


@pytest.fixture
def user(brand: Brand) -> User:
    return a_member(brand, "marketer")


@pytest.fixture
def case(brand: Brand, network: Network) -> Case:
    network.source(brand)
    return a_case(network.mention(brand))
