"""Folders for servers: short, for a socket's path may be, and not under pytest's own, which other runs close to all."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def a_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="earshot-t-")).resolve()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    yield from a_folder()


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """The folder of one Earshot for all tests of a module."""
    yield from a_folder()
