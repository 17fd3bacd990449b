"""Everywhere: all that Earshot holds or says, as text, by the place where it stands."""

import os
import subprocess
from collections.abc import Iterable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import redis
from django.db import connection
from django.test import Client

from listening.embedded.postgres import binaries


class Ear:
    """Listens to Valkey's commands while it is open: what goes through a queue is heard though nobody keeps it."""

    def __init__(self, valkey: "redis.Redis", caplog: pytest.LogCaptureFixture, folders: Path) -> None:
        self.valkey, self.caplog, self.folders = valkey, caplog, folders
        self._heard = valkey.pubsub()  # type: ignore[no-untyped-call]
        self._heard.psubscribe("*")
        self.asked: list[str] = []

    def close(self) -> None:
        self._heard.close()

    def everywhere(self, pages: Iterable[tuple[Client, str]] = ()) -> dict[str, str]:
        """{place: text}. `pages` are read with these clients."""
        told = _tables() | {"a dump by pg_dump": _dump(), "the log": self._log(), "Valkey": self._kept()}
        told |= {f"the file {path.relative_to(self.folders)}": _file(path) for path in _files(self.folders)}
        return told | {f"the page {url}": _page(client, url) for client, url in pages}

    def _log(self) -> str:
        """As the console shows it, tracebacks included."""
        return self.caplog.text

    def _kept(self) -> str:
        while message := self._heard.get_message(timeout=0.05):
            self.asked.append(repr(message))
        kept = [f"{key!r} {self.valkey.dump(key)!r} {self._items(key)}" for key in self.valkey.scan_iter()]
        return "\n".join([*kept, *self.asked])

    def _items(self, key: bytes) -> str:
        kind = self.valkey.type(key)
        return repr(self.valkey.lrange(key, 0, -1)) if kind == b"list" else ""


def places(everywhere: dict[str, str], *words: str) -> list[str]:
    """Where one of these words stands, whatever the case."""
    return [place for place, told in everywhere.items() if any(word.lower() in told.lower() for word in words)]


def _tables() -> dict[str, str]:
    told = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 (names of our tables)
            told[f"the table {table}"] = "\n".join(row for (row,) in cursor.fetchall())
    return told


def _dump() -> str:
    """What a backup would hold."""
    known = connection.settings_dict
    command = [str(binaries() / "pg_dump"), "--data-only", "--inserts", "-h", known["HOST"], "-U", known["USER"]]
    command += ["-p", str(known["PORT"] or 5432), known["NAME"]]
    environment = {**os.environ, "PGPASSWORD": known["PASSWORD"] or ""}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _file(path: Path) -> str:
    """A mail as its reader sees it; anything else as it is."""
    written = path.read_bytes()
    if path.suffix != ".log":
        return written.decode("utf-8", "replace")
    parts = message_from_bytes(written, policy=policy.default).walk()
    return "\n".join(part.get_content() for part in parts if part.get_content_maintype() == "text")


def _page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    body = b"".join(getattr(answer, "streaming_content", None) or [answer.content])
    return body.decode("utf-8", "replace")
