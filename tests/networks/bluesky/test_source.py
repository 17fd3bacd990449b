"""Earshot's Bluesky source against a real Bluesky: posts, addresses, edits, deletions, accounts, search, limits."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from atproto_client.exceptions import BadRequestError

from ingest.enrich.addressed import Addressees
from ingest.record import Record
from ingest.sources.base import Cursor, OwnHandle, Page, Target, Tracked, TrackedQuery
from ingest.sources.bluesky import Bluesky as Source
from tests.networks.bluesky.bridge import Bridge
from tests.networks.bluesky.network import Bluesky
from tests.networks.bluesky.people import PASSWORD, Person, delete_account, join, take_down
from tests.sources.bluesky.builders import a_config

pytestmark = pytest.mark.networks
Enough = Callable[[list[Page]], bool]


class Listener:
    """A puller that remembers its cursor between pulls, as the tables would."""

    def __init__(
        self, bluesky: Bluesky, bridge: Bridge, word: str, brand: Person | None = None, **settings: Any
    ) -> None:
        self.settings = {
            "jetstream_url": bridge.jetstream.url,
            "api_url": bluesky.pds,
            "appview_url": bluesky.appview,
            **settings,
        }
        self.word = word
        handles = (OwnHandle("bluesky", brand.handle),) if brand else ()
        self.tracked = Tracked(1, "acme", "Acme", (TrackedQuery(1, word),), handles)
        self.cursors: dict[str, Cursor] = {}

    def pull(self, enough: Enough, key: str = "stream", seconds: float = 60) -> list[Page]:
        pages: list[Page] = []
        end = datetime.now(UTC) + timedelta(seconds=seconds)
        source = Source(a_config(**self.settings, out_of_time=lambda: enough(pages) or datetime.now(UTC) > end))
        for page in source.poll(self.target(source, key), self.cursors.get(key)):
            pages.append(replace(page, records=[record for record in page.records if self.concerns(record)]))
            self.cursors[key] = page.cursor
        return pages

    def concerns(self, record: Record) -> bool:
        """Edits of everybody arrive, because the source cannot know what is stored; the pipeline judges them."""
        return record.edited_at is None or self.word in record.text

    def target(self, source: Source, key: str) -> Target:
        return next(target for target in source.targets([self.tracked]) if target.key.startswith(key))


@pytest.fixture
def word() -> str:
    """A word that nobody else on this network uses."""
    return "acme" + secrets.token_hex(4)


def records(pages: list[Page]) -> list[Record]:
    return [record for page in pages for record in page.records]


def heard(count: int) -> Enough:
    return lambda pages: len(records(pages)) >= count


def deleted(what: str, id: str, mode: str) -> Enough:
    return lambda pages: any((d.what, d.id, d.mode) == (what, id, mode) for page in pages for d in page.deletions)


def test_it_hears_who_speaks_of_the_brand_and_who_speaks_to_it(
    bluesky: Bluesky, bridge: Bridge, brand: Person, ann: Person, bob: Person, word: str
) -> None:
    listener = Listener(bluesky, bridge, word, brand, replay_hours=0)
    listener.pull(lambda pages: bool(pages), seconds=1)
    own = brand.post("We are open again.")
    ann.post(f"{word} is down \N{PARTY POPPER}")
    ann.post("the weather")
    ann.mention(brand, "\N{PARTY POPPER} hello ")
    reply = bob.reply("And now?", own)
    bob.reply("Nobody answers", reply, root=own)
    bob.quote("Look at them", own)
    pages = listener.pull(heard(6))
    assert [record.text for record in records(pages)] == [
        "We are open again.",
        f"{word} is down \N{PARTY POPPER}",
        f"\N{PARTY POPPER} hello @{brand.handle}, look!",
        "And now?",
        "Nobody answers",
        "Look at them",
    ]
    judge = Addressees({1: (OwnHandle("bluesky", brand.handle, brand.did),)})
    verdicts = [addressed.verdict for r in records(pages) for addressed in judge.brands(r).values()]
    assert verdicts == ["mentioned", "replied", "in_thread", "quoted"]
    assert {record.author.handle for record in records(pages) if record.author} == {b.handle for b in (brand, ann, bob)}


def test_it_follows_edits_and_deletions(bluesky: Bluesky, bridge: Bridge, ann: Person, word: str) -> None:
    listener = Listener(bluesky, bridge, word)
    kept, gone = ann.post(f"{word} is god"), ann.post(f"{word} is bad")
    listener.pull(heard(2))
    ann.edit(kept, f"{word} is good")
    ann.delete(gone)
    pages = listener.pull(deleted("post", gone.uri, "delete"))
    (edit,) = records(pages)
    assert (edit.external_id, edit.text) == (kept.uri, f"{word} is good")
    assert edit.edited_at is not None


def test_it_follows_accounts_that_leave_are_taken_down_and_come_back(
    bluesky: Bluesky, bridge: Bridge, brand: Person, word: str
) -> None:
    listener = Listener(bluesky, bridge, word)
    eve, dan = join(bluesky.pds, "eve" + secrets.token_hex(3)), join(bluesky.pds, "dan" + secrets.token_hex(3))
    eve.post(f"{word} from eve")
    listener.pull(heard(1))
    eve.deactivate()
    listener.pull(deleted("author", eve.did, "hide"))
    eve.activate()
    assert deleted("author", eve.did, "restore")(listener.pull(deleted("author", eve.did, "restore")))
    take_down(bluesky.pds, dan.did)
    assert deleted("author", dan.did, "hide")(listener.pull(deleted("author", dan.did, "hide")))
    delete_account(bluesky.pds, eve.did)
    assert deleted("author", eve.did, "delete")(listener.pull(deleted("author", eve.did, "delete")))


def test_it_keeps_posts_off_public_pages_when_their_author_says_so(
    bluesky: Bluesky, bridge: Bridge, brand: Person, word: str
) -> None:
    listener = Listener(bluesky, bridge, word)
    shy, loud = join(bluesky.pds, "shy" + secrets.token_hex(3)), join(bluesky.pds, "loud" + secrets.token_hex(3))
    shy.hide_from_strangers()
    wait_for_profiles(shy, loud)
    shy.post(f"{word} quietly")
    loud.post(f"{word} loudly")
    public = {record.text: record.public_ok for record in records(listener.pull(heard(2)))}
    assert public == {f"{word} quietly": False, f"{word} loudly": True}


def test_it_reads_who_declared_that_posts_go_into_no_bulk_data_set(bluesky: Bluesky, word: str) -> None:
    forbids, allows, silent = (join(bluesky.pds, name + secrets.token_hex(3)) for name in ("no", "yes", "hm"))
    forbids.declare(bulk=False)
    allows.declare(bulk=True)
    posts = {name.post(word).uri: bulk for name, bulk in ((forbids, False), (allows, True), (silent, True))}
    gone = "at://did:plc:nobodyisthere/app.bsky.feed.post/1"
    source = Source(a_config(plc_url=bluesky.plc))
    assert {one.external_id: one.bulk for one in source.declared([*posts, gone])} == posts | {gone: None}


def test_it_hears_every_one_of_a_thousand_posts_although_it_is_stopped_again_and_again(
    bluesky: Bluesky, bridge: Bridge, brand: Person, ann: Person, word: str
) -> None:
    ann.many([f"{word} number {number}" for number in range(1000)])
    listener = Listener(bluesky, bridge, word)
    listener.pull(heard(0), seconds=0)
    stored: list[str] = []
    pulls = 0
    while len(stored) < 1000 and pulls < 60:
        source = Source(a_config(**listener.settings))
        for page in source.poll(listener.target(source, "stream"), listener.cursors.get("stream")):
            stored += [record.text for record in page.records if listener.concerns(record)]
            listener.cursors["stream"] = page.cursor
            if page.records:
                break  # killed: the generator is dropped with its connection
        pulls += 1
    assert sorted(stored) == sorted({f"{word} number {number}" for number in range(1000)})


def test_it_finds_the_past_with_an_app_password(
    bluesky: Bluesky, bridge: Bridge, brand: Person, ann: Person, word: str
) -> None:
    for number in range(5):
        ann.post(f"{word} yesterday {number}")
    ann.mention(brand, f"psst {word} ")
    listener = Listener(bluesky, bridge, word, brand, identifier=brand.handle, app_password=PASSWORD, backfill_days=7)

    def found() -> list[str]:
        listener.cursors.clear()
        pages = listener.pull(lambda pages: False, key="search")
        assert not [warning for page in pages for warning in page.warnings]
        return [record.text for record in records(pages)]

    wait(lambda: len(found()) >= 6, seconds=120)  # the AppView indexes within a second, on an idle machine
    assert sorted(found())[:5] == [f"{word} yesterday {number}" for number in range(5)]
    spoken = records(listener.pull(lambda pages: False, key="notifications"))
    assert f"psst {word} @{brand.handle}, look!" in [record.text for record in spoken]
    assert all(record.mentions for record in spoken if word in record.text)


def test_it_reads_stored_posts_again(bluesky: Bluesky, bridge: Bridge, brand: Person, ann: Person, word: str) -> None:
    here, gone = ann.post(f"{word} here"), ann.post(f"{word} gone")
    listener = Listener(bluesky, bridge, word)
    source = Source(a_config(**listener.settings))
    wait(lambda: {status.state for status in source.hydrate([here.uri, gone.uri])} == {"alive"})
    ann.delete(gone)
    wait(lambda: [status.state for status in source.hydrate([here.uri, gone.uri])] == ["alive", "gone"])


def test_it_survives_the_servers_real_rate_limit(
    bluesky: Bluesky, bridge: Bridge, brand: Person, ann: Person, word: str
) -> None:
    """30 logins in 5 minutes are allowed; wrong ones count. The stream goes on, search waits until the reset."""
    victim = join(bluesky.pds, "victim" + secrets.token_hex(3))
    settings: dict[str, Any] = {"identifier": victim.handle, "app_password": "wrong"}
    sentences: list[str] = []
    for _ in range(40):
        listener = Listener(bluesky, bridge, word, **settings)
        (page,) = listener.pull(lambda pages: False, key="search")
        sentences += page.warnings
        if "pause" in page.warnings[0]:
            break
    assert "refused the login" in sentences[0]
    assert "pause" in sentences[-1]
    again = datetime.fromisoformat(str(page.cursor["again"]))
    assert timedelta(0) < again - datetime.now(UTC) <= timedelta(minutes=5, seconds=5)
    (waiting,) = listener.pull(lambda pages: False, key="search")
    assert waiting.warnings == page.warnings
    ann.post(f"{word} is still heard")
    assert [record.text for record in records(listener.pull(heard(1)))] == [f"{word} is still heard"]


def test_it_checks_and_previews(bluesky: Bluesky, bridge: Bridge, brand: Person, ann: Person, word: str) -> None:
    ann.post(f"{word} in the preview")
    settings = Listener(bluesky, bridge, word).settings
    wait(lambda: [r.text for r in Source(a_config(**settings)).preview(word, limit=1)] == [f"{word} in the preview"])
    logged_in = Source(a_config(**settings, identifier=brand.handle, app_password=PASSWORD))
    assert logged_in.check().details["Account"] == brand.did
    wait(lambda: [r.text for r in logged_in.preview(word)] == [f"{word} in the preview"])


def wait_for_profiles(*people: Person) -> None:
    """The AppView knows a new account after about a second."""
    for person in people:
        wait(lambda person=person: knows(person))  # type: ignore[misc]


def knows(person: Person) -> bool:
    try:
        return bool(person.client.get_profile(person.did))
    except BadRequestError:  # "Profile not found"
        return False


def wait(true: Callable[[], bool], seconds: float = 60) -> None:
    end = datetime.now(UTC) + timedelta(seconds=seconds)
    while not true():
        assert datetime.now(UTC) < end, "it did not happen in time"
