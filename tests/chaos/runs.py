"""One run: a loopback network under load, real worker, beat, Postgres and Valkey, and something that gets killed.

At the end the network's ledger and the database must agree, post by post and text by text, and the tally with them.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from listening.embedded import postgres, valkey
from listening.embedded.places import Places
from listening.embedded.process import Child, stop_all
from listening.embedded.servers import addresses_for_start
from tests.sources.jetstream import Crowd, FakeJetstream, steadily

ROOT = Path(__file__).resolve().parent.parent.parent
STEPS = ("clean", "match", "opt-out", "enrich", "lease", "store", "forget", "cursor", "told")  # as in tests.chaos.crash
VICTIMS = (*STEPS, "worker", "postgres", "valkey", "all")
RATE = 150.0
LOAD_SECONDS = 6.0
PATIENCE = 75.0


@dataclass(frozen=True)
class Outcome:
    """What a run showed. `missing`, `extra` and `wrong` count posts whose row is absent, too much, or of other text."""

    seed: int
    victim: str
    events: int
    expected: int
    missing: int
    extra: int
    wrong: int
    tally: bool
    seconds: float

    @property
    def well(self) -> bool:
        return not (self.missing or self.extra or self.wrong) and self.tally


class Stage:
    """Servers on a throw-away folder that can be killed and brought back."""

    def __init__(self, base: Path) -> None:
        self.places = Places(base.resolve())
        self._addresses = addresses_for_start(self.places)
        self.env = {
            **os.environ,
            "EARSHOT_DATA": str(base),
            "DATABASE_URL": self._addresses.database_url,
            "REDIS_URL": self._addresses.redis_url,
            "EARSHOT_ALLOW_PRIVATE": "127.0.0.0/8,::1/128",
            "DJANGO_SETTINGS_MODULE": "listening.settings",
            "EARSHOT_CRASHED": str(base / "crashed"),
        }
        self.children: dict[str, Child] = {}

    def start(self, name: str) -> None:
        make = {"postgres": postgres.spec, "valkey": valkey.spec}[name]
        child = Child(make(self.places, self._addresses, True), mark=str(self.places.data))
        child.wait_ready(60)
        self.children[name] = child

    def kill(self, name: str) -> None:
        """SIGKILL to the server and all its processes, and back again a moment later."""
        self.children[name].kill_group()
        self.children[name].process.wait()
        self.start(name)

    def close(self) -> None:
        stop_all(list(self.children.values()))

    def manage(self, *arguments: str, code: str | None = None) -> int:
        command = [sys.executable, "manage.py", *arguments] if code is None else [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True)
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
        return done.returncode

    def mentions(self) -> dict[str, str]:
        with psycopg2.connect(self._addresses.database_url) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT external_id, text FROM listening_mention")
            return dict(cursor.fetchall())


@contextmanager
def stage() -> Iterator[Stage]:
    """Both servers, migrated."""
    base = Path(tempfile.mkdtemp(prefix="earshot-chaos-"))
    one = Stage(base)
    try:
        one.start("postgres")
        one.start("valkey")
        if one.manage("migrate", "--verbosity", "0"):
            raise RuntimeError("the tables could not be made")
        yield one
    finally:
        one.close()
        shutil.rmtree(base, ignore_errors=True)


def run(one: Stage, seed: int) -> Outcome:
    """One seeded run on an empty database."""
    began = time.monotonic()
    chance = random.Random(seed)
    victim = VICTIMS[seed % len(VICTIMS)]
    Path(one.env["EARSHOT_CRASHED"]).unlink(missing_ok=True)
    with ExitStack() as stack:
        jetstream = stack.enter_context(FakeJetstream())
        one.manage(code=SET_UP.format(url=jetstream.url))
        crash = f"{victim}:{chance.randint(1, 12)}" if victim in STEPS else ""
        beat = stack.enter_context(_program(one, "beat", {}))
        worker = stack.enter_context(_worker(one, crash))
        with steadily(jetstream, RATE, Crowd(jetstream, chance, "acme", 0.5).act):
            time.sleep(chance.uniform(2.0, LOAD_SECONDS - 1))
            worker = _harm(one, victim, worker, stack)
            time.sleep(LOAD_SECONDS)
        expected = standing(jetstream)
        found = _settle(one, expected)
        for process in (beat, worker):
            _end(process)
        checked = one.manage("recount", "--check") == 0
    shared = expected.keys() & found.keys()
    return Outcome(
        seed=seed,
        victim=victim,
        events=len(jetstream.events),
        expected=len(expected),
        missing=len(expected.keys() - found.keys()),
        extra=len(found.keys() - expected.keys()),
        wrong=sum(expected[uri] != found[uri] for uri in shared),
        tally=checked,
        seconds=round(time.monotonic() - began, 1),
    )


def standing(jetstream: FakeJetstream) -> dict[str, str]:
    """What the ledger says there is in the end: at:// URI -> text, of posts about the brand."""
    posts: dict[str, str] = {}
    for event in jetstream.events:
        uri = f"at://{event['did']}/{event['collection']}/{event['rkey']}"
        if event["operation"] == "delete":
            posts.pop(uri, None)
        else:
            posts[uri] = event["record"]["text"]
    return {uri: text for uri, text in posts.items() if "acme" in text}


def _harm(one: Stage, victim: str, worker: "subprocess.Popen[bytes]", stack: ExitStack) -> "subprocess.Popen[bytes]":
    if victim in ("postgres", "valkey"):
        one.kill(victim)
    elif victim in ("worker", "all"):
        _end(worker)
        if victim == "all":
            one.kill("postgres")
            one.kill("valkey")
        return stack.enter_context(_worker(one, ""))
    return worker


def _settle(one: Stage, expected: Mapping[str, str]) -> dict[str, str]:
    """The stored posts once they are what is expected, or what they are when patience ends."""
    until = time.monotonic() + PATIENCE
    while (found := one.mentions()) != expected and time.monotonic() < until:
        time.sleep(0.5)
    return found


def _worker(one: Stage, crash: str) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    return _program(one, "worker", {"EARSHOT_CRASH": crash}, "--concurrency", "2", "--without-mingle")


@contextmanager
def _program(one: Stage, name: str, extra: Mapping[str, str], *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    if name == "beat":
        options = ("--schedule", str(one.places.data / f"beat-{time.monotonic_ns()}"), "--pidfile=")
    argv = [sys.executable, "-m", "celery", "--app", "tests.chaos.app:app", name, *options, "--loglevel", "WARNING"]
    with (one.places.data / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(argv, cwd=ROOT, env={**one.env, **extra}, stdout=log, stderr=log, process_group=0)
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL to a program and its pool."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


SET_UP = """
import django, datetime
django.setup()
import redis
from django.conf import settings
from listening.interest import DRAFT, adopt
from listening.models import Author, Brand, Mention, Query, Source, Tombstone
redis.Redis.from_url(settings.REDIS_URL).flushall()
for model in (Mention, Source, Brand, Author, Tombstone):
    model.objects.all().delete()
brand = Brand.objects.create(name="Acme", slug="acme")
adopt(brand, None, DRAFT, datetime.datetime.now(datetime.UTC))
Query.objects.create(brand=brand, text="acme")
now = datetime.datetime.now(datetime.UTC)
source = Source.objects.create(kind="bluesky", name="Jetstream", next_pull_at=now,
    settings={{"jetstream_url": "{url}", "appview_url": "", "replay_hours": 1}})
source.brands.add(brand)
"""
