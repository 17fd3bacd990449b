"""Each person is asked once a week what they declared about exports, however many posts they write."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from ingest import declared
from listening.models import Author, Brand, Source
from tests.builders import a_brand, a_mention, a_source, an_author
from tests.sources.loopback import Loopback, reply

GET_RECORD = "/xrpc/com.atproto.repo.getRecord"
FORBIDS = reply(200, {"value": {"bulkDataset": {"allow": False}}})
NOW = timezone.now()
pytestmark = pytest.mark.django_db


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as net:
        server = {"id": "#atproto_pds", "serviceEndpoint": net.url}
        net.handle("GET", "/did:plc:*", lambda request: reply(200, {"service": [server]}))
        net.script("GET", GET_RECORD, FORBIDS)
        yield net


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme")


@pytest.fixture
def source(brand: Brand, net: Loopback) -> Source:
    return a_source(brand, kind="bluesky", settings={"plc_url": net.url})


def who_writes(source: Source, name: str, posts: int = 1) -> Author:
    author = an_author(network="bluesky")
    for number in range(posts):
        where = f"at://did:plc:{name}/app.bsky.feed.post/{number}"
        a_mention(source.brands.get(), network="bluesky", source=source, external_id=where, author=author)
    return author


def said(author: Author) -> bool | None:
    author.refresh_from_db()
    return author.bulk_ok


def test_a_person_with_many_posts_is_asked_once_a_week(source: Source, net: Loopback) -> None:
    ann, bob = who_writes(source, "ann", posts=5), who_writes(source, "bob")
    assert declared.ask(NOW) == 2
    assert said(ann) is False and said(bob) is False
    assert declared.ask(NOW + timedelta(days=6)) == 0
    assert len(net.requests) == 4  # a document and a record each
    net.script("GET", GET_RECORD, reply(400, {"error": "RecordNotFound"}))
    assert declared.ask(NOW + timedelta(days=8)) == 2
    assert said(ann) is True


def test_whoever_cannot_be_asked_keeps_what_was_known_and_is_asked_again_the_next_day(
    source: Source, net: Loopback
) -> None:
    net.script("GET", GET_RECORD, reply(503, "busy"))
    new, known = who_writes(source, "ann"), who_writes(source, "bob")
    Author.objects.filter(pk=known.pk).update(bulk_ok=False)
    assert declared.ask(NOW) == 0
    assert said(new) is None and said(known) is False
    assert declared.ask(NOW + timedelta(hours=23)) == 0
    before = len(net.requests)
    net.script("GET", GET_RECORD, FORBIDS)
    assert declared.ask(NOW + timedelta(hours=25)) == 2
    assert len(net.requests) == before + 4 and said(new) is False


class Killed(BaseException):
    """As sudden as kill -9: nothing behind it runs."""


def test_a_worker_that_dies_while_it_asks_costs_a_day_and_no_week(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object, **__: object) -> None:
        raise Killed

    ann, nobodys = who_writes(source, "ann"), an_author(network="bluesky")
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(declared, "connect", dies)
        declared.ask(NOW)
    assert declared.ask(NOW + timedelta(hours=23)) == 0
    assert declared.ask(NOW + timedelta(hours=25)) == 1 and said(ann) is False
    nobodys.refresh_from_db()
    assert nobodys.asked_at == NOW + timedelta(hours=25), "without a post there is nobody to ask for a week"


def test_whom_there_was_no_time_for_stays_due(source: Source, net: Loopback) -> None:
    ann = who_writes(source, "ann")
    assert declared.ask(NOW, seconds=0) == 0
    assert not net.requests
    assert declared.ask(NOW) == 1 and said(ann) is False


def test_posts_of_other_networks_files_and_samples_are_nobodys_to_ask(brand: Brand, source: Source) -> None:
    sample = a_source(brand, kind="sample")
    one = an_author(network="bluesky")
    a_mention(brand, network="bluesky", source=sample, external_id="at://did:plc:eve/app.bsky.feed.post/1", author=one)
    a_mention(brand, author=an_author())
    assert declared.ask(NOW) == 0
    assert said(one) is None


def test_a_source_that_is_off_asks_nobody(source: Source, net: Loopback) -> None:
    who_writes(source, "ann")
    source.state = Source.State.PAUSED
    source.save()
    assert declared.ask(NOW) == 0 and not net.requests
