"""A code in the profile proves who asks; what is done leaves no name behind."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from ingest.sources import load
from ingest.sources.base import Config
from ingest.stepping_out import check, settle_all
from listening.models import Mention, OptOut, OptOutRequest
from listening.secrets import person_key, seal
from tests.builders import a_brand, a_mention, a_source, an_author
from tests.sources.loopback import Loopback, reply

NOW = timezone.now()


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as net:
        yield net


def asks(network: str = "hackernews", scope: str = "listen", **told: str) -> OptOutRequest:
    sealed = seal(told or {"handle": "Rosa"})
    return OptOutRequest.objects.create(network=network, scope=scope, sealed=sealed, origin="the public page")


def a_person(net: Loopback, posts: int = 2) -> None:
    brand = a_brand()
    a_source(brand, kind="hackernews", settings={"items_url": net.url, "api_url": net.url})
    version, key = person_key("hackernews", "rosa")
    author = an_author(network="hackernews", key=key, key_version=version, handle="Rosa")
    for _ in range(posts):
        a_mention(brand, author=author, network="hackernews")
    a_mention(brand, author=an_author())


@pytest.mark.django_db
def test_the_code_in_the_profile_proves_it_and_everything_goes(net: Loopback) -> None:
    a_person(net)
    request = asks()
    net.script("GET", "/v0/user/Rosa.json", reply(200, {"id": "Rosa", "about": "hi"}),
               reply(200, {"id": "Rosa", "about": f"hi &#x2F; {request.code.upper()}"}))  # fmt: skip
    check(request.pk, NOW)
    request.refresh_from_db()
    assert request.state == "open" and "not in the profile yet" in request.sentence
    assert Mention.objects.count() == 3
    check(request.pk, NOW)
    check(request.pk, NOW)
    request.refresh_from_db()
    assert (request.state, request.sealed, request.mentions, request.proven) == ("done", "", 2, True)
    assert Mention.objects.count() == 1
    assert OptOut.objects.filter(key=person_key("hackernews", "rosa")[1], scope="listen").exists()


@pytest.mark.django_db
def test_a_wrong_name_and_a_network_that_is_down_are_told(net: Loopback) -> None:
    a_person(net)
    request = asks()
    net.script("GET", "/v0/user/Rosa.json", reply(200, "null"), reply(403, "no"))
    check(request.pk, NOW)
    request.refresh_from_db()
    assert "no such account" in request.sentence
    check(request.pk, NOW)
    request.refresh_from_db()
    assert "could not be asked" in request.sentence and request.state == "open"
    assert not OptOut.objects.exists()


@pytest.mark.django_db
def test_nothing_happens_before_somebody_agreed() -> None:
    open_ = asks()
    waiting = asks("x", handle="rosa")
    OptOutRequest.objects.filter(pk=waiting.pk).update(state="asked")
    assert settle_all(NOW) == 0
    OptOutRequest.objects.filter(pk=waiting.pk).update(state="agreed")
    assert settle_all(NOW) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sealed) == ("done", "")
    assert OptOutRequest.objects.get(pk=open_.pk).state == "open"


@pytest.mark.django_db
def test_what_nobody_proves_is_dropped_after_a_week() -> None:
    request = asks()
    settle_all(NOW + timedelta(days=6))
    assert OptOutRequest.objects.filter(pk=request.pk).exists()
    settle_all(NOW + timedelta(days=8))
    assert not OptOutRequest.objects.exists()


def test_sources_read_the_profile_that_proves_an_account(net: Loopback) -> None:
    net.script("GET", "/xrpc/app.bsky.actor.getProfile",
               reply(200, {"did": "did:plc:rosa", "handle": "rosa.test", "description": "earshot-1"}),
               reply(400, {"error": "InvalidRequest", "message": "Profile not found"}))  # fmt: skip
    net.script("GET", "/api/v1/accounts/lookup", reply(200, {
        "uri": "https://one.example/users/rosa", "url": "https://one.example/@rosa", "note": "<p>hello</p>",
        "fields": [{"name": "code", "value": "earshot-2"}]}), reply(404, {"error": "Record not found"}))  # fmt: skip

    def config(**settings: object) -> Config:
        return Config(settings=settings, credentials={}, now=lambda: NOW)

    bluesky = load("bluesky")(config(appview_url=net.url)).shown
    mastodon = load("mastodon")(config(api_url=[net.url])).shown
    shown = bluesky("rosa.test")
    assert shown and (shown.id, shown.texts) == ("did:plc:rosa", ("earshot-1",))
    assert bluesky("nobody.test") is None
    shown = mastodon(f"rosa@127.0.0.1:{net.port}")
    assert shown and shown.id == "https://one.example/users/rosa" and "earshot-2" in shown.texts
    assert mastodon(f"nobody@127.0.0.1:{net.port}") is None


@pytest.mark.django_db
def test_a_request_that_no_key_opens_holds_up_no_other() -> None:
    lost, fine = asks(), asks(network="x")
    lost_code = asks()
    OptOutRequest.objects.filter(pk__in=[lost.pk, fine.pk]).update(state="agreed")
    OptOutRequest.objects.filter(pk__in=[lost.pk, lost_code.pk]).update(sealed="gAAAAA")
    assert settle_all(NOW) == 1
    assert [OptOutRequest.objects.get(pk=one.pk).state for one in (lost, fine)] == ["agreed", "done"]
    check(lost_code.pk, NOW)
    lost_code.refresh_from_db()
    assert lost_code.state == "open" and "Please begin again" in lost_code.sentence
