"""Earshot answers a real post on a real Bluesky, is killed before it noted that, and answers once."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from atproto_client import models
from django.db import connection
from django.utils import timezone

from dashboard.cases.replying import press
from dashboard.cases.seen import Seen
from ingest.replying import LEASE, send
from listening.models import Contact, Handle, Reply
from listening.secrets import seal
from tests.builders import a_brand, a_case, a_member, a_mention, a_source, an_author
from tests.networks.bluesky.network import Bluesky
from tests.networks.bluesky.people import PASSWORD, Person
from tests.networks.bluesky.test_source import wait

pytestmark = [pytest.mark.networks, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]
DIE = "import os, django; django.setup(); from ingest import replying; "
DIE += "replying.note = lambda *told: os.kill(os.getpid(), 9); replying.send({})"


def killed(pk: int) -> int:
    """A worker that sends, and is gone before it has noted it."""
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    own = f"{base.rpartition('/')[0]}/{quote(str(connection.settings_dict['NAME']))}?{options}"
    command = [sys.executable, "-c", DIE.format(pk)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": own}, timeout=120).returncode


def answers(person: Person) -> list[dict[str, object]]:
    """All posts in the account's repository that answer something."""
    params = models.ComAtprotoRepoListRecords.Params(repo=person.did, collection="app.bsky.feed.post", limit=100)
    records = person.client.com.atproto.repo.list_records(params).records
    return [record.value.model_dump() for record in records if getattr(record.value, "reply", None)]


def test_it_answers_a_real_post_once_although_it_is_killed(bluesky: Bluesky, brand: Person, ann: Person) -> None:
    acme = a_brand("Acme")
    Handle.objects.create(brand=acme, network="bluesky", handle=brand.handle)
    settings = {"api_url": bluesky.pds, "appview_url": bluesky.appview, "identifier": brand.handle, "replies": True}
    a_source(acme, kind="bluesky", settings=settings, credentials=seal({"app_password": PASSWORD}))
    post = ann.mention(brand, "where is my parcel ")
    wait(lambda: bool(ann.client.get_posts([post.uri]).posts))
    author = an_author(network="bluesky", handle=ann.handle)
    case = a_case(a_mention(acme, network="bluesky", external_id=post.uri, addressed="mentioned", author=author))
    words = f"Äcme: Acme here. See https://acme.example/ü, @{ann.handle}. \N{PARTY POPPER}"
    before = len(answers(brand))
    pk = press(case, Seen(), words, a_member(acme, "marketer"), timezone.now()).pk
    assert killed(pk) == -9
    assert Reply.objects.get().state == "sending" and len(answers(brand)) == before + 1
    assert send(pk, lambda: timezone.now() + LEASE + timedelta(seconds=1))
    sent = Reply.objects.get()
    assert (sent.state, sent.sentence) == ("sent", "")
    assert Contact.objects.count() == 1
    told = answers(brand)
    assert len(told) == before + 1
    wait(lambda: bool(ann.client.get_posts([sent.external_id]).posts))
    (view,) = ann.client.get_posts([sent.external_id]).posts
    assert (view.record.text, view.record.reply.parent.uri) == (words, post.uri)
    kinds = [facet.features[0].py_type for facet in view.record.facets]
    assert kinds == ["app.bsky.richtext.facet#link", "app.bsky.richtext.facet#mention"]


def test_the_server_itself_refuses_a_second_post_under_the_same_key(
    bluesky: Bluesky, brand: Person, ann: Person
) -> None:
    """Two workers that both find nothing: the second one meets the first one's post."""
    acme = a_brand("Acme")
    Handle.objects.create(brand=acme, network="bluesky", handle=brand.handle, external_id=brand.did)
    settings = {"api_url": bluesky.pds, "appview_url": bluesky.appview, "identifier": brand.handle, "replies": True}
    a_source(acme, kind="bluesky", settings=settings, credentials=seal({"app_password": PASSWORD}))
    post = ann.mention(brand, "and my other parcel ")
    wait(lambda: bool(ann.client.get_posts([post.uri]).posts))
    author = an_author(network="bluesky", handle=ann.handle)
    case = a_case(a_mention(acme, network="bluesky", external_id=post.uri, addressed="mentioned", author=author))
    before = len(answers(brand))
    pk = press(case, Seen(), "Acme is sorry", a_member(acme, "marketer"), timezone.now()).pk
    assert killed(pk) == -9
    Reply.objects.update(attempts=0, sending_at=timezone.now() - LEASE * 2)  # as if nobody had tried
    assert send(pk)
    assert Reply.objects.get().state == "sent" and len(answers(brand)) == before + 1
