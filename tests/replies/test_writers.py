"""Which source an answer goes out through: the page that offers it and the worker that sends it agree."""

from typing import Any

import pytest
from django.utils import timezone

from dashboard.cases.writing import way_of
from ingest.replying import writer_of
from ingest.sources.base import SourceError
from listening.models import Brand, Reply, Source
from listening.secrets import seal
from tests.builders import a_brand, a_case, a_member, a_mention, a_source

pytestmark = pytest.mark.django_db
SETTINGS = {"api_url": ["https://m.example"]}
CLOSED = "gAAAAA-of-another-key"


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme")


@pytest.fixture
def reply(brand: Brand) -> Reply:
    case = a_case(a_mention(brand, "acme?", network="mastodon", addressed="mentioned"))
    return Reply.objects.create(case=case, text="Acme here.", author=a_member(brand))


def a_writer(brand: Brand, credentials: str = "", **fields: Any) -> Source:
    sealed = credentials or seal({"write_token": "t"})
    return a_source(brand, kind="mastodon", settings=SETTINGS, credentials=sealed, **fields)


def test_one_whose_key_is_gone_is_passed_over_by_both(brand: Brand, reply: Reply) -> None:
    a_writer(brand, CLOSED)
    good = a_writer(brand)
    assert way_of(reply.case).source == good
    assert writer_of(reply, timezone.now)[0] == good


def test_where_that_is_the_only_one_both_say_so(brand: Brand, reply: Reply) -> None:
    a_writer(brand, CLOSED)
    way = way_of(reply.case)
    with pytest.raises(SourceError) as refused:
        writer_of(reply, timezone.now)
    assert way.source is None and way.why == refused.value.sentence and "can't be read" in way.why


def test_a_paused_one_is_used_by_neither(brand: Brand, reply: Reply) -> None:
    a_writer(brand, state=Source.State.PAUSED)
    assert way_of(reply.case).source is None
    with pytest.raises(SourceError, match="No source of this network may write"):
        writer_of(reply, timezone.now)
