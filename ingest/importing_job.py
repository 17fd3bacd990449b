"""An upload's import: claimed, run for a while, gone on with, and told in a sentence."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from ingest import uploaded
from ingest.importing.plan import Plan, Unusable
from ingest.importing.run import Outcome, run as import_file, source_of
from ingest.pull import clock
from listening import faults
from listening.models import Upload

logger = logging.getLogger(__name__)

SECONDS = 150.0
"""How long one task imports before it rings again; below every time limit of the workers."""
UNKNOWN = (
    "Something went wrong inside Earshot, not with your file. What was imported stays. Start it again: rows that are "
    "in already are not doubled. If it happens again, the log of the worker says what it is."
)


def run(upload_id: int, now: Callable[[], datetime] = clock, seconds: float = SECONDS) -> bool:
    """Import an upload that was confirmed. False: it is not at its end, ring again.

    A task that is told twice, or whose worker died, goes on where the last page was stored.
    """
    claimed = Upload.objects.filter(pk=upload_id, state__in=(Upload.State.QUEUED, Upload.State.RUNNING))
    if not claimed.update(state=Upload.State.RUNNING):
        return True
    upload = Upload.objects.select_related("brand").get(pk=upload_id)
    try:
        outcome = _import(upload, now, time.monotonic() + seconds)
    except Unusable as error:
        _end(upload, Upload.State.FAILED, error.sentence, now())
        return True
    except OSError as error:
        _end(upload, Upload.State.FAILED, f"The file cannot be read ({error.strerror}). Hand it in again.", now())
        return True
    except Exception as error:
        _end(upload, Upload.State.FAILED, UNKNOWN, now())
        faults.log(logger, f"the import {upload_id} failed", error)
        raise faults.Unforeseen(faults.place_of(error)) from None
    if outcome.finished:
        _done(upload, outcome, now())
    return outcome.finished


def _import(upload: Upload, now: Callable[[], datetime], until: float) -> Outcome:
    source = source_of(upload.brand, now())
    Upload.objects.filter(pk=upload.pk).update(source=source)
    return import_file(
        _folder() / upload.path,
        Plan.from_json(upload.plan),
        upload.brand,
        now,
        match=bool(upload.plan.get("match")),
        errors_path=_folder() / _errors(upload),
        key=f"upload:{upload.pk}",
        out_of_time=lambda: time.monotonic() >= until,
        progress=lambda outcome: _tell(upload, outcome),
    )


def _tell(upload: Upload, outcome: Outcome) -> None:
    Upload.objects.filter(pk=upload.pk).update(counts=outcome.as_json(), sentence=outcome.sentence())


def _done(upload: Upload, outcome: Outcome, at: datetime) -> None:
    """The file has done its duty and holds people's posts, so it goes; the list of errors stays where there is one."""
    if outcome.errors:
        Upload.objects.filter(pk=upload.pk).update(errors_path=_errors(upload))
    else:
        (_folder() / _errors(upload)).unlink(missing_ok=True)
    (_folder() / upload.path).unlink(missing_ok=True)
    uploaded.done(upload)
    _end(upload, Upload.State.DONE, outcome.sentence(), at)


def _end(upload: Upload, state: str, sentence: str, at: datetime) -> None:
    Upload.objects.filter(pk=upload.pk).update(state=state, sentence=sentence, finished_at=at)


def _errors(upload: Upload) -> str:
    return f"{upload.path}.errors.csv"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT)
