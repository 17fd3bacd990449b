"""Letters in files go with the posts that they quote, and each file is read once for as long as it is as it was."""

import os
from pathlib import Path
from typing import Any

import pytest

from ingest import letters


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def a_file(folder: Path, name: str, *mentions: int) -> Path:
    quotes = "".join(f"http://127.0.0.1/b/acme/mentions/{pk}/\n" for pk in mentions)
    path = folder / name
    with path.open("a") as file:
        file.write(f"Content-Type: text/plain\n\n{quotes}{letters.BETWEEN.decode()}")
    return path


def test_a_file_that_was_read_before_is_not_read_again_until_it_grows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    quoted_in = letters.quoted_in

    def noted(written: bytes) -> set[int]:
        read.append(written)
        return quoted_in(written)

    monkeypatch.setattr(letters, "quoted_in", noted)
    one, other = a_file(folder, "one", 1), a_file(folder, "other", 2)
    assert letters.forget_files([3]) == letters.forget_files([4]) == 0
    assert len(read) == 2
    a_file(folder, "one", 4)
    assert letters.forget_files([4]) == 1
    assert len(read) == 3 and not one.exists() and other.exists()


def test_a_file_that_grew_within_one_tick_of_the_clock_is_read_again(folder: Path) -> None:
    one = a_file(folder, "one", 1)
    letters.forget_files([3])
    before = one.stat()
    a_file(folder, "one", 4)
    os.utime(one, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert letters.forget_files([4]) == 1
