"""Opened: a file, or standard input as "-", as text for a command that reads lines."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.core.management.base import CommandError


@contextmanager
def opened(name: str) -> Iterator[TextIO]:
    """UTF-8 with or without a mark; bytes that are not UTF-8 become "\ufffd". Raises CommandError (exit status 2) where
    the file can't be read."""
    if name == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, "utf-8-sig", errors="replace", newline="")
        return
    try:
        file = Path(name).open(encoding="utf-8-sig", errors="replace", newline="")  # noqa: SIM115  closed below
    except OSError as error:
        raise CommandError(f"{name} can't be read: {error.strerror}.", returncode=2) from error
    with file:
        yield file
