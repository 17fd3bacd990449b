"""`manage.py up` as a person runs it: ready, refused twice, stopped in time, and back after kill -9."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from urllib.error import HTTPError, URLError

import psutil
import psycopg2
import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from listening.embedded import Places, urls
from listening.embedded.orphans import orphans
from listening.embedded.places import free_port, port_taken, recorded

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow


def named(host: str) -> list[str]:
    """What runs a program on a host of this name, as a container is one."""
    return ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', host]


def may_name_hosts() -> bool:
    return bool(shutil.which("unshare")) and not subprocess.run([*named("a"), "true"], capture_output=True).returncode


class Up:
    """A running `manage.py up` and what it has said so far; `host` is the name of the host that it believes in."""

    def __init__(self, data: Path, host: str = "", **more: str) -> None:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_"))}
        self.data = data
        self.said: list[str] = []
        self.lines: Queue[str] = Queue()
        self.process = subprocess.Popen(
            [*(named(host) if host else ()), sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env={**plain, "EARSHOT_DATA": str(data), "EARSHOT_SAMPLE": "false", **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line)
        self.lines.put("")

    def wait_for(self, pattern: str, seconds: float = 180) -> re.Match[str]:
        end = time.monotonic() + seconds
        while line := self.lines.get(timeout=max(end - time.monotonic(), 0.01)):
            self.said.append(line)
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"it ended without saying {pattern!r}:\n{''.join(self.said)}")

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> float:
        """Send a signal; returns the seconds until it has ended."""
        began = time.monotonic()
        self.process.send_signal(sig)
        self.process.wait(30)
        return time.monotonic() - began


@pytest.fixture
def up(data: Path) -> Iterator[Up]:
    """A running Earshot on the module's folder; only the first of them has a first start."""
    running = Up(data, PORT=str(free_port()), EARSHOT_ADMIN_PASSWORD="given by the test")
    running.wait_for("Earshot is ready at (http://127.0.0.1:[0-9]+)")
    yield running
    if running.process.poll() is None:
        running.stop()


def health(data: Path) -> dict[str, Any]:
    url = json.loads((data / "run" / "up.json").read_text())["url"]
    with urllib.request.urlopen(f"{url}/healthz") as answer:  # noqa: S310 our own loopback address
        body: dict[str, Any] = json.load(answer)
    return body


def test_it_tells_a_one_time_password_once_and_stops_within_ten_seconds(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        first = Up(tmp_path, PORT=str(port), EARSHOT_ADMIN_EMAIL="ada@example.org")
        assert first.wait_for(f"port {port} is taken by another program, so Earshot uses ([0-9]+)")
        first.wait_for("Earshot is ready at http://127.0.0.1:")
        assert first.wait_for("Sign in as ada@example.org with the one-time password (.+) .shown once")
        assert first.stop(signal.SIGINT) < 10
    assert first.process.returncode == 0
    assert orphans(str(tmp_path)) == []
    addresses = recorded(Places(tmp_path))
    assert addresses is not None
    assert not port_taken("127.0.0.1", addresses.port)
    second = Up(tmp_path, PORT=str(port))
    second.wait_for("Earshot is ready at")
    second.stop()
    assert not any("password" in line for line in second.said)


def test_it_is_well_and_refuses_a_second_start(up: Up) -> None:
    body = health(up.data)
    assert (body["web"], body["database"], body["broker"], body["worker"]) == ("ok", "ok", "ok", "ok")
    second = Up(up.data)
    assert second.wait_for(f"already runs on {up.data} as process {up.process.pid} at http://127.0.0.1:")
    assert second.process.wait(10) == 1


def test_a_command_writes_addresses_of_the_earshot_that_runs(up: Up) -> None:
    left_out = ("DATABASE_", "REDIS_", "EARSHOT_URL", "PORT")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    command = [
        sys.executable,
        "manage.py",
        "shell",
        "-v0",
        "-c",
        "from django.conf import settings as s; print(s.PUBLIC_URL)",
    ]
    told = subprocess.run(
        command, cwd=ROOT, env={**plain, "EARSHOT_DATA": str(up.data)}, capture_output=True, text=True
    )
    assert told.stdout.strip() == json.loads((up.data / "run" / "up.json").read_text())["url"]


def test_it_starts_a_killed_worker_again(up: Up) -> None:
    workers = [each for each in orphans(str(up.data)) if "worker@%h" in each.cmdline()]
    main = min(workers, key=lambda each: each.create_time())
    main.kill()
    up.wait_for("worker ended with status -9; it starts again in 0.5 s")
    gone, alive = psutil.wait_procs(workers, timeout=10)
    assert alive == []


def test_tasks_flow_again_after_postgres_and_valkey_were_killed(up: Up) -> None:
    for name, pid in server_pids(up.data).items():
        os.kill(pid, signal.SIGKILL)
        up.wait_for(f"{name} ended with status -9; it starts again in 0.5 s")
    works_on(up.data)


@pytest.mark.skipif(not may_name_hosts(), reason="needs the right to give a process a host name of its own")
def test_it_works_on_when_the_host_or_container_is_renamed(tmp_path: Path) -> None:
    """T131: renamed while it runs, and started again on the same data under a third name."""
    first = Up(tmp_path, "first-host", PORT=str(free_port()), EARSHOT_ADMIN_PASSWORD="given by the test")
    first.wait_for("Earshot is ready at")
    remember(tmp_path, "kept")
    within = ["--target", str(first.process.pid), "--uts", "hostname", "other-host"]
    subprocess.run([shutil.which("nsenter") or "nsenter", *within], check=True)
    works_on(tmp_path)
    worker = min(
        (each for each in orphans(str(tmp_path)) if "worker@%h" in each.cmdline()), key=psutil.Process.create_time
    )
    worker.kill()
    first.wait_for("worker ended with status -9; it starts again")
    works_on(tmp_path)
    assert first.stop() < 10
    second = Up(tmp_path, "second-host", PORT=str(free_port()))
    second.wait_for("Earshot is ready at")
    works_on(tmp_path)
    assert remembered(tmp_path) == ["kept"]
    assert second.stop() < 10
    assert orphans(str(tmp_path)) == []


def works_on(data: Path) -> None:
    """Wait until a task has finished that was rung for just now, and all is well."""
    rung = time.time()
    broker = Celery(broker=urls(data)[1], set_as_current=False)  # else later tests ring the bell of a dead server
    until = time.monotonic() + 90
    while True:
        with contextlib.suppress(OperationalError, HTTPError, URLError):
            broker.send_task("listening.tasks.heartbeat", retry=False)
            body = health(data)
            if time.time() - body["ages"]["worker"] > rung:
                break
        assert time.monotonic() < until, "no task finished"
        time.sleep(0.3)
    assert {body[part] for part in ("web", "database", "broker", "worker")} == {"ok"}


def remember(data: Path, name: str) -> None:
    with contextlib.closing(psycopg2.connect(urls(data)[0])) as link, link, link.cursor() as cursor:
        cursor.execute("CREATE TABLE remembered AS SELECT %s::text AS name", [name])


def remembered(data: Path) -> list[str]:
    with contextlib.closing(psycopg2.connect(urls(data)[0])) as link, link, link.cursor() as cursor:
        cursor.execute("SELECT name FROM remembered")
        return [name for (name,) in cursor.fetchall()]


def server_pids(data: Path) -> dict[str, int]:
    files = {"postgres": data / "postgres" / "postmaster.pid", "valkey": data / "valkey" / "valkey.pid"}
    return {name: int(file.read_text().split()[0]) for name, file in files.items()}


def test_it_comes_back_after_kill_9_with_nothing_left_running(up: Up) -> None:
    before = orphans(str(up.data))
    up.process.kill()
    up.process.wait()
    again = Up(up.data, PORT=str(free_port()))
    again.wait_for("Earshot is ready at")
    assert psutil.wait_procs(before, timeout=1)[1] == []
    again.stop()


def own_database(url: str) -> str:
    """A new, empty database on the tests' server."""
    link = psycopg2.connect(url)
    link.autocommit = True
    with link.cursor() as cursor:
        cursor.execute("CREATE DATABASE up_elsewhere")
    link.close()
    return url.replace("/earshot?", "/up_elsewhere?")


def test_it_starts_no_server_that_the_environment_names(tmp_path: Path, servers: tuple[str, str]) -> None:
    external = Up(tmp_path, DATABASE_URL=own_database(servers[0]), REDIS_URL=servers[1], PORT=str(free_port()))
    external.wait_for("Earshot is ready at")
    assert not any("postgres answers" in line or "valkey answers" in line for line in external.said)
    assert not (tmp_path / "postgres").exists()
    external.stop()
    assert urls(tmp_path)[0] != servers[0]
