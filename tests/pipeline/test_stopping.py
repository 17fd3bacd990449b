"""Who says in a post to the brand that they want to be left alone: proposed once, answered by nobody until decided."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dashboard.opting_out import decide
from ingest.match import Judge
from ingest.pipeline import Place, take
from ingest.record import Account, PostRef, Record
from ingest.sources.base import Page
from ingest.stepping_out import settle_all
from ingest.tracked import tracked_by
from listening.asking import verdicts
from listening.models import Brand, Line, Mention, OptOut, OptOutRequest, Source
from listening.secrets import unseal
from tests.builders import an_administrator
from tests.pipeline.scripted import START, a_record

NOW = START + timedelta(days=1)
STOP = "@acme stop contacting me"


def take_in(source: Source, *records: Record) -> None:
    take(Place(source, "all"), Page(records=records, cursor={}), Judge(tuple(tracked_by(source))), NOW)


def to_us(number: int, text: str = STOP, **more: Any) -> Record:
    return a_record(number, text=text, mentions=(Account("77", "acme"),), **more)


def said(brand: Brand, mention: Mention) -> str:
    return verdicts(brand, Line.objects.of(brand).read(), [mention], NOW)[mention.pk].short


def test_it_is_proposed_once_and_shown_and_nobody_answers_until_it_is_decided(source: Source, brand: Brand) -> None:
    earlier = to_us(8, "@acme where is it?")  # the same author as post 1
    take_in(source, to_us(1), earlier)
    take_in(source, to_us(1), to_us(15))
    request = OptOutRequest.objects.get()
    assert (request.state, request.scope, request.origin) == ("asked", "contact", "a post that says stop")
    assert unseal(request.sealed) == {"handle": "user1", "id": "author-1"}
    mentions = {one.external_id: one for one in Mention.objects.select_related("author")}
    assert request.mention == mentions["post-1"]
    assert {said(brand, one) for one in mentions.values()} == {"Left alone: said stop"}
    administrator = an_administrator()
    client = Client()
    client.force_login(administrator)
    page = client.get("/people/opt-outs/").content.decode()
    assert "said it in" in page and f"/b/acme/mentions/{mentions['post-1'].pk}/" in page
    decide(request, True, administrator)
    assert said(brand, mentions["post-8"]) == "Left alone: said stop"
    settle_all(NOW)
    assert OptOut.objects.filter(scope="contact").exists()
    assert said(brand, mentions["post-8"]) == "Left alone: asked not to be contacted"
    take_in(source, to_us(22))
    assert OptOutRequest.objects.count() == 1


def test_what_was_declined_is_asked_again_only_for_a_newer_post(source: Source, brand: Brand) -> None:
    take_in(source, to_us(1))
    request = OptOutRequest.objects.get()
    decide(request, False, an_administrator())
    mention = Mention.objects.select_related("author").get()
    assert said(brand, mention) == "May be answered: mentions your account"
    take_in(source, to_us(1, f"{STOP}!", edited_at=START + timedelta(hours=1)))
    assert OptOutRequest.objects.count() == 1
    OptOutRequest.objects.update(created_at=START + timedelta(minutes=5))
    take_in(source, to_us(8))
    assert OptOutRequest.objects.filter(state="asked").count() == 1


@pytest.mark.parametrize(
    "record",
    [
        a_record(1, text="acme should stop contacting me"),
        to_us(1, "@acme stop selling this"),
        to_us(1, STOP, author=None),
        to_us(1, STOP, reposts=PostRef("post-2", Account("9", "ann"))),
    ],
    ids=["not to the brand", "another wish", "nobody", "a repost"],
)
def test_it_takes_nothing_else_for_it(source: Source, brand: Brand, record: Record) -> None:
    take_in(source, record)
    assert not OptOutRequest.objects.exists()
