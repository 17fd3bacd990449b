"""Starting both servers for a command, a test or a bench, and never twice on one folder."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from listening.embedded import postgres, valkey
from listening.embedded.places import Addresses, Places, fresh, port_taken, record, recorded
from listening.embedded.process import Child, ChildFailed, Spec, stop_all

WITHOUT = {"up", "prepare", "help", "version", "check", "makemigrations", "collectstatic", "analyze", "match"}
LOGINS = ("DATABASE_URL", "REDIS_URL")


@dataclass
class Servers:
    """Running servers and their addresses."""

    database_url: str
    redis_url: str
    children: list[Child] = field(default_factory=list)

    def stop(self) -> None:
        """Stop both; safe to call twice."""
        stop_all(self.children)


def addresses_for_start(places: Places) -> Addresses:
    """The recorded addresses, with another port when a stranger took ours meanwhile."""
    valkey.stop_orphan(places)
    known = recorded(places) or record(places, fresh(places))
    if not port_taken("127.0.0.1", known.port):
        return known
    return record(places, fresh(places))


def specs(places: Places, durable: bool = True) -> list[Spec]:
    """The servers to start: those that the environment does not name."""
    addresses = addresses_for_start(places)
    wanted = []
    if not os.environ.get("DATABASE_URL"):
        wanted.append(postgres.spec(places, addresses, durable))
    if not os.environ.get("REDIS_URL"):
        wanted.append(valkey.spec(places, addresses, durable))
    return wanted


def start(data: Path, durable: bool = True) -> Servers:
    """Start both servers under `data` as children of this process, whatever the environment names.

    Returns when both answer. Raises ChildFailed with the end of the log when one does not.
    """
    places = Places(data.resolve())
    addresses = addresses_for_start(places)
    children: list[Child] = []
    try:
        for make in (postgres.spec, valkey.spec):
            children.append(Child(make(places, addresses, durable), mark=str(places.data)))
        for child in children:
            child.wait_ready(30)
    except BaseException:
        stop_all(children)
        raise
    return Servers(addresses.database_url, addresses.redis_url, children)


@contextlib.contextmanager
def lock(path: Path, shared: bool = False) -> Iterator[bool]:
    """Hold a lock on a file while the block runs; yields False, and holds nothing, when another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def needs_servers(argv: Sequence[str]) -> bool:
    """Whether a command line of manage.py needs the database: all but a few do."""
    command = next((word for word in argv[1:] if not word.startswith("-")), "help")
    return not ({"--help", "-h"} & set(argv)) and (
        command not in WITHOUT or any(word.startswith("--brand") for word in argv)
    )


@contextlib.contextmanager
def ensure(data: Path) -> Iterator[None]:
    """Have the servers running while the block runs: `up`'s when it is running, else for this block alone.

    The first of several commands at once starts them and waits at its end for the others.
    """
    places = Places(data.resolve())
    if all(os.environ.get(name) for name in LOGINS):
        yield
        return
    with lock(places.run / "servers.lock") as owner, _own(places) if owner else _shared(places):
        yield


@contextlib.contextmanager
def _own(places: Places) -> Iterator[None]:
    children: list[Child] = []
    try:
        for spec in specs(places):
            children.append(Child(spec, mark=str(places.data)))
        for child in children:
            child.wait_ready(30)
        yield
        wait_for_users(places)
    finally:
        stop_all(children)


@contextlib.contextmanager
def _shared(places: Places, patience: float = 60) -> Iterator[None]:
    """Use the servers of another process, which may be starting them at this moment."""
    with lock(places.run / "users.lock", shared=True):
        until = time.monotonic() + patience
        while not running(places):
            if time.monotonic() > until:
                raise ChildFailed(f"Another process holds {places.run}/servers.lock, but its servers do not answer.")
            time.sleep(0.05)
        yield


def running(places: Places) -> bool:
    """Whether the servers of this folder that the environment does not replace answer now."""
    addresses = recorded(places)
    return (
        addresses is not None
        and (bool(os.environ.get("DATABASE_URL")) or postgres.says_ready(places.postgres))
        and (bool(os.environ.get("REDIS_URL")) or valkey.answers(addresses))
    )


def wait_for_users(places: Places) -> None:
    """Return when no other command uses the servers that this process is about to stop."""
    while True:
        with lock(places.run / "users.lock") as alone:
            if alone:
                return
        time.sleep(0.1)
