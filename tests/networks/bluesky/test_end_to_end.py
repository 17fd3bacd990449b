"""A real Bluesky, `manage.py pull` and the tables: what people wrote is what is stored, whoever kills the puller."""

import os
import random
import secrets
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from django.db import connection
from django.utils import timezone

from dashboard.opting_out import request_of
from ingest.stepping_out import check
from listening.models import Brand, Handle, Mention, OptOut, OptOutRequest, Source
from listening.secrets import seal
from tests.builders import a_brand, a_query, a_source
from tests.networks.bluesky.bridge import Bridge
from tests.networks.bluesky.network import Bluesky
from tests.networks.bluesky.people import PASSWORD, Person, delete_account, join
from tests.networks.bluesky.test_source import wait

pytestmark = [pytest.mark.networks, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def word() -> str:
    return "acme" + secrets.token_hex(4)


@pytest.fixture
def tracked(word: str, brand: Person) -> Brand:
    row = a_brand()
    a_query(row, word)
    Handle.objects.create(brand=row, network="bluesky", handle=brand.handle)
    return row


@pytest.fixture
def source(tracked: Brand, bluesky: Bluesky, bridge: Bridge) -> Source:
    settings = {"jetstream_url": bridge.jetstream.url, "api_url": bluesky.pds, "appview_url": bluesky.appview}
    return a_source(tracked, kind="bluesky", settings={**settings, "replay_hours": 1, "backfill_days": 7})


def command(*words: str) -> "subprocess.Popen[bytes]":
    """manage.py in a process of its own, on this test's database."""
    url = os.environ["DATABASE_URL"]
    base, _, options = url.partition("?")
    own = f"{base.rpartition('/')[0]}/{quote(str(connection.settings_dict['NAME']))}?{options}"
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": own},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def pull(source: Source, seconds: float = 5) -> dict[str, object]:
    """A whole pull; its JSON line."""
    out, err = command("pull", "--source", str(source.pk), "--seconds", str(seconds)).communicate(timeout=120)
    assert out, err.decode()
    told: dict[str, object] = orjson.loads(out.splitlines()[-1])
    assert told["outcome"] in ("ok", "waiting"), told
    return told


def pull_until(source: Source, true: Callable[[], bool], tries: int = 12) -> None:
    """Pulls until it is true; a busy machine needs more than one for what the network tells only after a while."""
    for _ in range(tries):
        pull(source)
        if true():
            return
    assert true()


def stored(tracked: Brand) -> dict[str, str]:
    return dict(Mention.objects.filter(brand=tracked).values_list("external_id", "text"))


def tally_is_right() -> bool:
    check = command("recount", "--check")
    out, err = check.communicate(timeout=60)
    assert check.returncode == 0, (out + err).decode()
    return True


def test_it_stores_what_people_say_and_follows_what_they_take_back(
    source: Source, tracked: Brand, brand: Person, ann: Person, bob: Person, bluesky: Bluesky, word: str
) -> None:
    eve = join(bluesky.pds, "eve" + secrets.token_hex(3))
    own = brand.post(f"{word}: we are open")
    plain = ann.post(f"{word} is god")
    mention = ann.mention(brand, f"{word} says hello to ")
    reply, quoted = bob.reply("When exactly?", own), bob.quote("Read this", own)
    gone, left = ann.post(f"{word} was a mistake"), eve.post(f"{word} from eve")
    said = {post.uri for post in (own, plain, mention, reply, quoted, gone, left)}
    pull_until(source, lambda: said <= stored(tracked).keys())
    verdicts = dict(Mention.objects.filter(brand=tracked).values_list("external_id", "addressed"))
    assert {post.uri: verdicts[post.uri] for post in (plain, mention, reply, quoted)} == {
        plain.uri: "talked_about",
        mention.uri: "mentioned",
        reply.uri: "replied",
        quoted.uri: "quoted",
    }
    ann.edit(plain, f"{word} is good")
    ann.delete(gone)
    delete_account(bluesky.pds, eve.did)
    pull_until(source, lambda: stored(tracked).get(plain.uri) == f"{word} is good")
    pull_until(source, lambda: not {gone.uri, left.uri} & stored(tracked).keys())
    ann.edit(plain, "nothing about anybody")
    pull_until(source, lambda: plain.uri not in stored(tracked))
    assert tally_is_right()


def test_whoever_shows_the_code_is_erased_and_never_heard_again(
    source: Source, tracked: Brand, bob: Person, bluesky: Bluesky, word: str
) -> None:
    """The public page's request, proven in a real profile."""
    eve = join(bluesky.pds, "eve" + secrets.token_hex(3))
    before, other = eve.post(f"{word} lost my parcel"), bob.post(f"{word} found it")
    pull_until(source, lambda: {before.uri, other.uri} <= stored(tracked).keys())
    request = request_of("bluesky", eve.handle, OptOut.Scope.LISTEN)
    assert not settled(request) and before.uri in stored(tracked), "not proven yet"
    eve.describe(f"I mend bicycles. {request.code}")
    wait(lambda: settled(request))
    assert (request.mentions, request.sealed) == (1, "")
    after = eve.post(f"{word} once more")
    last = bob.post(f"{word}, and nobody else")
    pull_until(source, lambda: last.uri in stored(tracked))
    assert other.uri in stored(tracked) and not {before.uri, after.uri} & stored(tracked).keys()
    assert tally_is_right()


def settled(request: OptOutRequest) -> bool:
    check(request.pk, timezone.now())
    request.refresh_from_db()
    return request.state == OptOutRequest.State.DONE


def test_it_loses_and_doubles_nothing_when_the_puller_is_killed_again_and_again(
    source: Source, tracked: Brand, ann: Person, bob: Person, word: str
) -> None:
    """Two people write, edit and delete; `kill -9` hits the puller five times, each time soon after it stored."""
    chance = random.Random(1)
    enough = Event()
    with Life(word, [ann, bob], enough) as life:
        for _ in range(5):
            puller = command("pull", "--source", str(source.pk), "--seconds", "120")
            wait_until_it_stored(source, puller)
            with suppress(subprocess.TimeoutExpired):
                puller.wait(chance.uniform(0.0, 1.0))
            puller.kill()
            puller.communicate()
            Source.objects.update(lease_until=None)  # which time would have done
        enough.set()
    assert len(life.standing) > 50
    pull_until(source, lambda: life.standing == {u: text for u, text in stored(tracked).items() if word in text})
    assert tally_is_right()


class Life:
    """People who write, edit and delete until they have had enough; `standing` is what is left, text by URI."""

    def __init__(self, word: str, people: list[Person], enough: Event) -> None:
        self.standing: dict[str, str] = {}
        self._word = word
        self._people = people
        self._enough = enough
        self._posts: list[tuple[Person, Any]] = []
        self._chance = random.Random(2)
        self._thread = Thread(target=self._live)

    def __enter__(self) -> "Life":
        self._thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._enough.set()
        self._thread.join()

    def _live(self) -> None:
        for number in count():
            if self._enough.wait(0.03) and number > 150:
                return
            self._write(number)
            if number % 7 == 3:
                self._take_back()
            if number % 5 == 2:
                self._change(number)

    def _write(self, number: int) -> None:
        person, text = self._chance.choice(self._people), f"{self._word} number {number}"
        post = person.post(text)
        self._posts.append((person, post))
        self.standing[post.uri] = text

    def _take_back(self) -> None:
        person, post = self._posts.pop(self._chance.randrange(len(self._posts)))
        person.delete(post)
        del self.standing[post.uri]

    def _change(self, number: int) -> None:
        person, post = self._chance.choice(self._posts)
        self.standing[post.uri] = f"{self._word} edited {number}"
        person.edit(post, self.standing[post.uri])


def wait_until_it_stored(source: Source, puller: "subprocess.Popen[bytes]") -> None:
    before = list(source.cursors.values_list("key", "value"))
    for _ in range(600):
        with suppress(subprocess.TimeoutExpired):
            puller.wait(0.1)
            raise AssertionError(f"the puller ended by itself: {puller.communicate()}")
        if list(source.cursors.values_list("key", "value")) != before:
            return
    raise AssertionError("the puller stored nothing within a minute")


def test_it_fills_the_past_with_an_app_password(
    source: Source, tracked: Brand, brand: Person, ann: Person, bluesky: Bluesky, word: str
) -> None:
    posts = [ann.post(f"{word} long ago {number}") for number in range(5)]
    source.settings = {**source.settings, "identifier": brand.handle, "replay_hours": 0}
    source.credentials = seal({"app_password": PASSWORD})
    source.save()
    pull_until(source, lambda: {post.uri for post in posts} <= stored(tracked).keys() or start_again(source))


def start_again(source: Source) -> bool:
    """The AppView knows a post after a second or more, and a finished walk rests: let the next one be the first."""
    source.cursors.all().delete()
    return False
