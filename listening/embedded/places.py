"""Where the embedded servers live under the data folder, and the addresses that they are reached at."""

import hashlib
import json
import os
import secrets
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 100  # Linux takes 107 bytes, macOS 103; the lock file beside the socket adds five


@dataclass(frozen=True)
class Places:
    """The folders and files of one copy of Earshot; `data` is EARSHOT_DATA as an absolute path."""

    data: Path

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def record(self) -> Path:
        """The addresses, written once and read by every process; mode 0600, for it holds Valkey's password."""
        return self.run / "urls.json"

    @property
    def socket_folder(self) -> Path:
        """The folder of Postgres' socket: a short one under the system's temporary folder when `data` is too deep."""
        near = self.run / "postgres"
        if len(os.fsencode(near / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return near
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"earshot-{digest}"


@dataclass(frozen=True, slots=True)
class Up:
    """A running `manage.py up`: its process, and where its pages are."""

    pid: int
    url: str


def up(places: Places) -> Up | None:
    """The one that runs on these places, once it knows its address."""
    try:
        told = json.loads((places.run / "up.json").read_text(encoding="utf-8"))
        os.kill(told["pid"], 0)  # nothing is sent; it raises where there is no such process, or only a stranger's
        return Up(told["pid"], told["url"])
    except (FileNotFoundError, ValueError, KeyError, ProcessLookupError, PermissionError):
        return None


def data_folder() -> Path:
    """EARSHOT_DATA, else `var` in the checkout."""
    return Path(os.environ.get("EARSHOT_DATA") or ROOT / "var").resolve()


@dataclass(frozen=True)
class Addresses:
    """What is recorded: the folder of Postgres' socket, Valkey's loopback port and its password."""

    socket_folder: str
    port: int
    password: str

    @property
    def database_url(self) -> str:
        return f"postgresql://postgres@/earshot?host={self.socket_folder}"

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


def urls(data: Path) -> tuple[str, str]:
    """The embedded servers' DATABASE_URL and REDIS_URL, whether they run or not; starts nothing.

    The first call records them under `data`/run, so that every process agrees. In a folder that
    cannot be written the answer holds for this process only.
    """
    places = Places(data.resolve())
    try:
        addresses = recorded(places) or record(places, fresh(places))
    except OSError:
        addresses = fresh(places)
    return addresses.database_url, addresses.redis_url


def recorded(places: Places) -> Addresses | None:
    """The addresses chosen earlier; None when there are none or the folder was moved since."""
    try:
        addresses = Addresses(**json.loads(places.record.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return addresses if _still_ours(places, addresses) else None


def _still_ours(places: Places, addresses: Addresses) -> bool:
    """A copied or moved folder must not lead to the original's socket; TMPDIR may differ, the name does not."""
    return Path(addresses.socket_folder).name == places.socket_folder.name and (
        places.socket_folder.parent != places.run or addresses.socket_folder == str(places.socket_folder)
    )


def fresh(places: Places) -> Addresses:
    """New addresses with a port that is free now."""
    return Addresses(str(places.socket_folder), free_port(), secrets.token_urlsafe(24))


def record(places: Places, addresses: Addresses) -> Addresses:
    """Write the addresses for all to read; returns what is on disk in the end.

    Two first processes may come here at once: both write whole files, the later rename wins and
    both read it back.
    """
    places.run.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=places.run, prefix="urls-")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(vars(addresses), out)
    os.replace(draft, places.record)
    return recorded(places) or addresses


def free_port() -> int:
    """A loopback port that nobody listens on, outside the range that outgoing connections use on Linux."""
    for _ in range(50):
        port = 15_000 + secrets.randbelow(15_000)
        if not port_taken("127.0.0.1", port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_taken(host: str, port: int) -> bool:
    """Whether binding fails; SO_REUSEADDR so that a port that was closed a moment ago counts as free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
        return False
