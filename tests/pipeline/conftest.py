"""A brand, a scripted source in the catalogue, and an empty network for each test."""

from collections.abc import Iterator

import pytest

from ingest.sources import CATALOGUE
from listening.models import Brand, Handle, Query, Source
from tests.builders import a_brand
from tests.pipeline import scripted
from tests.pipeline.scripted import START, Network


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    monkeypatch.setitem(CATALOGUE, "scripted", "tests.pipeline.scripted.Scripted")
    monkeypatch.setattr(scripted, "NETWORK", Network())
    yield scripted.NETWORK


@pytest.fixture
def brand(db: None) -> Brand:
    brand = a_brand("Acme", slug="acme")
    Query.objects.create(brand=brand, text="acme NOT roadrunner")
    Handle.objects.create(brand=brand, network="x", handle="acme", external_id="77")
    return brand


@pytest.fixture
def source(brand: Brand, network: Network) -> Source:
    source = Source.objects.create(kind="scripted", name="Scripted", next_pull_at=START)
    source.brands.add(brand)
    return source
