"""The embedded servers: their own addresses, data that stays, nothing left behind."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import psutil
import psycopg2
import pytest
import redis

from listening.embedded import Places, process, urls
from listening.embedded.places import port_taken, recorded
from listening.embedded.process import ChildFailed
from listening.embedded.servers import ensure, needs_servers, start

STARTER = """
import sys, time
from pathlib import Path
from listening.embedded.servers import start
servers = start(Path(sys.argv[1]))
print(*[child.process.pid for child in servers.children], flush=True)
time.sleep(300)
"""


@pytest.fixture(autouse=True)
def _embedded_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    link = psycopg2.connect(url)
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        link.close()


def test_it_keeps_what_was_written_over_a_stop_and_a_start(tmp_path: Path) -> None:
    first = start(tmp_path)
    ask(first.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
    redis.Redis.from_url(first.redis_url).set("kept", 7)
    first.stop()
    second = start(tmp_path)
    try:
        assert (second.database_url, second.redis_url) == (first.database_url, first.redis_url) == urls(tmp_path)
        assert ask(second.database_url, "SELECT n FROM kept") == [(7,)]
        assert redis.Redis.from_url(second.redis_url).get("kept") == b"7"
    finally:
        second.stop()


def test_it_is_postgres_18_and_valkey_9_without_a_postgres_port(tmp_path: Path) -> None:
    servers = start(tmp_path, durable=False)
    try:
        rows = ask(servers.database_url, "SELECT current_setting('server_version_num')::int / 10000")
        assert rows == [(18,)]
        assert ask(servers.database_url, "SELECT current_setting('listen_addresses')") == [("",)]
        assert ask(servers.database_url, "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'") == [
            (1,)
        ]
        info = cast("dict[str, str]", redis.Redis.from_url(servers.redis_url).info("server"))
        assert info["valkey_version"].startswith("9.")
    finally:
        servers.stop()


def test_it_lets_nobody_into_valkey_without_the_password(tmp_path: Path) -> None:
    servers = start(tmp_path, durable=False)
    try:
        port = recorded(Places(tmp_path)).port  # type: ignore[union-attr]
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
        assert Places(tmp_path).record.stat().st_mode & 0o077 == 0
    finally:
        servers.stop()


def test_it_runs_two_copies_side_by_side(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = start(tmp_path / "a", durable=False), start(tmp_path / "b", durable=False)
    try:
        ask(one.database_url, "CREATE TABLE mine (n int)")
        assert ask(two.database_url, "SELECT to_regclass('mine')") == [(None,)]
        assert one.redis_url != two.redis_url
    finally:
        one.stop()
        two.stop()


def test_it_takes_another_port_when_a_stranger_has_its_own(tmp_path: Path) -> None:
    before = urls(tmp_path)[1]
    with socket.create_server(("127.0.0.1", int(before.rsplit(":", 1)[1].split("/")[0]))):
        servers = start(tmp_path, durable=False)
        try:
            assert servers.redis_url != before
            assert servers.redis_url == urls(tmp_path)[1]
            assert redis.Redis.from_url(servers.redis_url).ping()
        finally:
            servers.stop()


def test_it_reaches_postgres_in_a_folder_too_deep_for_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20) / ("er" * 30)
    deep.mkdir(parents=True)
    servers = start(deep, durable=False)
    try:
        assert ask(servers.database_url, "SELECT 1") == [(1,)]
    finally:
        servers.stop()
        shutil.rmtree(Places(deep).socket_folder, ignore_errors=True)


def test_it_gives_a_moved_folder_addresses_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    before = urls(tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new")
    assert urls(tmp_path / "new")[0] != before[0]


def test_it_leaves_nothing_running_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    again = start(tmp_path)  # at once: what still stops is waited for
    try:
        assert ask(again.database_url, "SELECT 1") == [(1,)]
    finally:
        again.stop()
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_it_stops_servers_that_a_killed_parent_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LIBC", None)  # as on a system whose kernel does not stop the children
    left = start(tmp_path)
    ask(left.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
    again = start(tmp_path)
    try:
        assert not any(child.running() for child in left.children)
        assert again.redis_url == left.redis_url
        assert ask(again.database_url, "SELECT n FROM kept") == [(7,)]
    finally:
        again.stop()
        left.stop()


def busy_query(url: str) -> int:
    """Begins a query that goes on for hours without ever waiting, and returns the pid of its backend."""
    link = psycopg2.connect(url)
    pid = link.info.backend_pid
    threading.Thread(target=_ask_for_ever, args=(link,), daemon=True).start()
    until = time.monotonic() + 60
    while ask(url, f"SELECT pid FROM pg_stat_activity WHERE pid = {int(pid)} AND query LIKE '%for_ever%'") == []:  # noqa: S608
        assert time.monotonic() < until, "it did not begin"
    return int(pid)


def _ask_for_ever(link: "psycopg2.extensions.connection") -> None:
    with contextlib.suppress(psycopg2.Error), link.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, 100000000000) AS for_ever")


def test_it_starts_although_a_killed_server_left_a_busy_process(tmp_path: Path) -> None:
    first = start(tmp_path)
    ask(first.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
    busy = busy_query(first.database_url)
    first.children[0].process.kill()
    first.children[0].process.wait()
    assert psutil.pid_exists(busy), "else this tests nothing"
    try:
        second = start(tmp_path)
    except ChildFailed:
        os.kill(busy, signal.SIGKILL)
        raise
    try:
        assert ask(second.database_url, "SELECT n FROM kept") == [(7,)]
        assert not psutil.pid_exists(busy)
    finally:
        second.stop()
        first.stop()


def test_it_makes_a_cluster_again_that_was_left_half_made(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18")
    servers = start(tmp_path, durable=False)
    try:
        assert ask(servers.database_url, "SELECT 1") == [(1,)]
    finally:
        servers.stop()


def test_it_ignores_a_pid_file_that_names_another_program(tmp_path: Path) -> None:
    start(tmp_path, durable=False).stop()
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{tmp_path}/postgres\n1\n5432\n\n\n0 0\nready\n")
    servers = start(tmp_path, durable=False)
    try:
        assert ask(servers.database_url, "SELECT 1") == [(1,)]
    finally:
        servers.stop()


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Path]:
    """A folder whose servers another process has started by `ensure`, until its stdin closes."""
    code = "import sys; from pathlib import Path; from listening.embedded.servers import ensure\n"
    code += "with ensure(Path(sys.argv[1])): print('up', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "up\n"
    yield tmp_path
    other.communicate()
    assert other.returncode == 0


def test_it_uses_the_servers_of_a_command_that_already_runs(busy: Path) -> None:
    before = recorded(Places(busy))
    with ensure(busy):
        assert ask(urls(busy)[0], "SELECT 1") == [(1,)]
        assert recorded(Places(busy)) == before


def test_it_stops_the_servers_that_a_command_started(tmp_path: Path) -> None:
    with ensure(tmp_path):
        port = json.loads(Places(tmp_path).record.read_text())["port"]
        assert port_taken("127.0.0.1", port)
    assert not port_taken("127.0.0.1", port)


def test_it_starts_nothing_when_both_addresses_are_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/earshot")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with ensure(tmp_path):
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("manage.py pull", True),
        ("manage.py recount --check", True),
        ("manage.py analyze posts.csv", False),
        ("manage.py analyze posts.csv --brand acme", True),
        ("manage.py match --queries q.json -", False),
        ("manage.py pull --help", False),
        ("manage.py", False),
        ("manage.py up", False),
    ],
)
def test_it_knows_which_commands_need_the_servers(line: str, needed: bool) -> None:
    assert needs_servers(line.split()) is needed


def test_it_asks_postgres_to_end_fast_and_not_to_wait_for_clients(tmp_path: Path) -> None:
    servers = start(tmp_path, durable=False)
    link = psycopg2.connect(servers.database_url)
    servers.stop()
    link.close()
    codes = [child.process.returncode for child in servers.children]
    assert codes == [0, 0]
    assert "fast shutdown request" in (tmp_path / "log" / "postgres.log").read_text()
    assert signal.SIGINT in [sig for sig, _ in servers.children[0].spec.stop]
