"""Letters: archived digests, and mails written to files, that quote a mention; they go when it goes.

Each quote carries the mention's address. A mail that left by SMTP is out of reach: it lies in its reader's mailbox.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from listening.models import Issue
from listening.models.letter_quotes import letters_quoting

QUOTED = re.compile(r"/mentions/(\d+)/")
REMEMBERED = 50_000
BETWEEN = b"-" * 79 + b"\n"  # what Django's file backend writes between two mails


def forget(mentions: Collection[int]) -> None:
    """Empty the archived letters that quote one of these, and delete the files after the commit."""
    if not mentions:
        return
    Issue.objects.filter(pk__in=letters_quoting(list(mentions))).update(html="", text="")
    transaction.on_commit(partial(forget_files, frozenset(mentions)))


def forget_files(mentions: Collection[int]) -> int:
    """Delete mails in the mail folder that quote one of these. Returns how many files went."""
    wanted, gone = set(mentions), 0
    for path in _files():
        with suppress(FileNotFoundError):  # another worker may have been faster
            seen = path.stat()
            if not wanted.isdisjoint(_quoted(path, seen.st_mtime_ns, seen.st_size)):
                path.unlink()
                gone += 1
    return gone


@lru_cache(maxsize=REMEMBERED)
def _quoted(path: Path, written: int, size: int) -> frozenset[int]:
    """What a file quotes, read once for as long as it is as it was: a folder may hold thousands. Mails are added to a
    file, and two of them may be within one tick of the clock that says when it was `written`."""
    return frozenset(quoted_in(path.read_bytes()))


def quoted_in(written: bytes) -> set[int]:
    """The mentions that the mails of one file quote, whatever their transfer encoding."""
    found: set[int] = set()
    for one in written.split(BETWEEN):
        message = message_from_bytes(one, policy=policy.default)
        for part in message.walk():
            if isinstance(part, EmailMessage) and part.get_content_maintype() == "text":
                found |= set(map(int, QUOTED.findall(part.get_content())))
    return found


def _files() -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
