"""Uploaded: files that people hand in hold posts of other people, before and after they are imported."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from mmap import ACCESS_READ, mmap
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from listening.models import Upload

FILES_KEPT = timedelta(days=7)
LISTS_KEPT = timedelta(days=30)
WAITING = (Upload.State.GUESSED, Upload.State.FAILED)
THROWN_AWAY = (
    "The file held posts of somebody who has stepped out since, so it was thrown away. Hand it in again: their posts "
    "are left out when it is imported."
)
Row = Mapping[str, str]


def _cells(row: Row) -> set[str]:
    return {str(cell).strip() for cell in row.values() if cell and len(str(cell)) <= 300}


def forget(network: str, names: Iterable[str]) -> None:
    """Take a person out of the first rows that are shown of files and out of lists of rows that were left out, and
    throw away files that name them and wait for somebody to confirm them.

    A file that is being imported goes at its end; whoever stepped out does not come in by it.
    """
    gone = {name.casefold() for name in names} | {f"@{name.casefold()}" for name in names}
    if not gone:
        return
    waiting = list(Upload.objects.filter(state__in=WAITING).values_list("pk", "path"))
    for upload in Upload.objects.exclude(plan__sample=None).exclude(plan__sample=[]).select_for_update():
        kept = [row for row in upload.plan["sample"] if gone.isdisjoint(cell.casefold() for cell in _cells(row))]
        if len(kept) < len(upload.plan["sample"]):
            Upload.objects.filter(pk=upload.pk).update(plan=upload.plan | {"sample": kept})
    lists = [path for path in Upload.objects.exclude(errors_path="").values_list("errors_path", flat=True) if path]
    transaction.on_commit(partial(_forget_files, waiting, lists, gone))


def _forget_files(waiting: Sequence[tuple[int, str]], lists: Sequence[str], gone: set[str]) -> None:
    whole = rf"(?<![\w.@-])(?:{'|'.join(map(re.escape, sorted(gone)))})(?![\w.-]*\w)"
    _throw_away(waiting, _named(gone))
    _forget_lines(lists, re.compile(whole, re.I))


def _named(gone: set[str]) -> "re.Pattern[bytes]":
    """One of these names as a whole word, in any encoding in which files are imported: a letter is one byte, or stands
    with a NUL after it or before it (Excel's "Unicode text" is UTF-16)."""
    alternatives = []
    for encoding, letter in (("utf-8", b"%b"), ("cp1252", b"%b"), ("utf-16-le", rb"%b\0"), ("utf-16-be", rb"\0%b")):
        if names := b"|".join(_written(sorted(gone), encoding)):
            before, within, last = (letter % one for one in (rb"[\w.@-]", rb"[\w.-]", rb"\w"))
            alternatives.append(rb"(?<!%b)(?:%b)(?!(?:%b)*%b)" % (before, names, within, last))
    return re.compile(b"|".join(alternatives), re.I)


def _written(names: Iterable[str], encoding: str) -> Iterator[bytes]:
    """The names, but those that this encoding has no letters for: they stand in no file that is written in it. All can
    be written in UTF-8."""
    for name in names:
        with suppress(UnicodeEncodeError):
            yield re.escape(name.encode(encoding, "surrogatepass"))


def _throw_away(waiting: Sequence[tuple[int, str]], named: "re.Pattern[bytes]") -> None:
    for pk, name in waiting:
        path = _folder() / name
        if path.is_file() and _holds(path, named):
            path.unlink(missing_ok=True)
            Upload.objects.filter(pk=pk, state__in=WAITING).update(
                state=Upload.State.FAILED, sentence=THROWN_AWAY, finished_at=Now(), plan={}
            )


def _holds(path: Path, named: "re.Pattern[bytes]") -> bool:
    with path.open("rb") as file, suppress(ValueError), mmap(file.fileno(), 0, access=ACCESS_READ) as whole:
        return named.search(whole) is not None
    return False  # an empty file can't be mapped


def _forget_lines(lists: Sequence[str], named: "re.Pattern[str]") -> None:
    for name in lists:
        path = _folder() / name
        if not path.is_file():
            continue
        with path.open(encoding="utf-8-sig", newline="") as told:
            lines = told.readlines()
        kept = [line for line in lines if not named.search(line)]
        if len(kept) < len(lines):
            path.write_text("".join(kept), encoding="utf-8-sig", newline="")


def done(upload: Upload) -> None:
    """Nothing of the rows stays with the record of an import that has ended."""
    plan = {name: value for name, value in upload.plan.items() if name != "sample"}
    Upload.objects.filter(pk=upload.pk).update(plan=plan)


def expire(now: datetime) -> int:
    """Delete files that nobody imported within a week, and old lists of rows that were left out."""
    waiting = Upload.objects.filter(state=Upload.State.GUESSED, created_at__lt=now - FILES_KEPT)
    failed = Upload.objects.filter(state=Upload.State.FAILED, finished_at__lt=now - FILES_KEPT)
    listed = Upload.objects.exclude(errors_path="").filter(finished_at__lt=now - LISTS_KEPT)
    paths = [*waiting.values_list("path", flat=True), *failed.values_list("path", flat=True)]
    paths += [path for upload in listed for path in (upload.path, upload.errors_path)]
    gone = sum(_deleted(_folder() / path) for path in paths)
    waiting.delete()
    for upload in (*failed, *listed):
        done(upload)
    listed.update(errors_path="")
    return gone


def _deleted(path: Path) -> bool:
    there = path.is_file()
    path.unlink(missing_ok=True)
    return there


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT)
