"""Uploads: a file that was handed in is kept under a name of our own, and its start is looked at."""

import secrets
from pathlib import Path
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from dashboard import bells
from ingest.sources import load
from listening.models import Brand, Upload, User
from listening.naming import rows_that_may_be_shown

STARTABLE = (Upload.State.GUESSED, Upload.State.FAILED)


class Unusable(ValueError):
    """The file can't be imported; the message says why and what to do."""


class _Guesser(Protocol):
    def guess(self, source: Path) -> Any: ...


def take(brand: Brand, file: "UploadedFile[bytes]", user: User) -> Upload:
    """Keep the file and guess how to read it. Raises Unusable, and keeps nothing then."""
    name = Path(file.name or "file").name[:255]
    path = f"{brand.pk}-{secrets.token_hex(12)}"
    whole = folder() / path
    whole.parent.mkdir(parents=True, exist_ok=True)
    with whole.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    try:
        plan = cast(_Guesser, load("file")).guess(whole).as_json()
    except ValueError as error:
        whole.unlink()
        raise Unusable(str(error)) from error
    plan["sample"] = rows_that_may_be_shown(str(plan.get("network") or "web"), plan.get("sample") or [])
    return Upload.objects.create(brand=brand, user=user, name=name, path=path, plan=_storable(plan))


def _storable(value: Any) -> Any:
    """JSON that Postgres takes: the sample of a strange file may hold NUL and lone surrogates."""
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(one) for one in value]
    return value.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(value, str) else value


def folder() -> Path:
    return Path(settings.MEDIA_ROOT)


@transaction.atomic
def confirm(upload: Upload, plan: dict[str, Any]) -> bool:
    """Queue the import; False when it was queued already."""
    waiting = Upload.objects.filter(pk=upload.pk, state__in=STARTABLE)
    if not waiting.update(plan=plan, state=Upload.State.QUEUED, sentence=""):
        return False
    bells.import_upload(upload.pk)
    return True


def discard(upload: Upload) -> bool:
    """Throw away a file that was not imported; False once it was queued."""
    deleted, _ = Upload.objects.filter(pk=upload.pk, state__in=STARTABLE).delete()
    if deleted:
        (folder() / upload.path).unlink(missing_ok=True)
    return bool(deleted)


def errors_file(upload: Upload) -> Path | None:
    """The list of rows that could not be read; None when there is none."""
    path = folder() / upload.errors_path if upload.errors_path else None
    return path if path and path.is_file() else None
