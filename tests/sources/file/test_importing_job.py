"""An upload in a worker: once, in parts, and with a sentence in the end."""

from pathlib import Path
from typing import Any

import pytest

from ingest import importing_job
from ingest.importing import guess
from listening.models import Mention, Upload
from tests.builders import a_brand, a_query

pytestmark = pytest.mark.django_db

HEADER = "id,date,author,text\n"


@pytest.fixture
def upload(settings: Any, tmp_path: Path) -> Any:
    """Hands in a file for a brand and confirms its plan as it was guessed."""
    settings.MEDIA_ROOT = tmp_path

    def hand_in(text: str, **plan: Any) -> Upload:
        path = tmp_path / "upload"
        path.write_text(text, encoding="utf-8")
        told = guess(path).as_json() | plan
        brand = a_brand(name="Acme")
        return Upload.objects.create(brand=brand, name="posts.csv", path="upload", plan=told, state=Upload.State.QUEUED)

    return hand_in


def rows(number: int) -> str:
    return "".join(f"{n},2026-11-20T10:00:00Z,ann,Acme row number {n}\n" for n in range(number))


def test_it_imports_an_upload_and_throws_the_file_away(upload: Any, tmp_path: Path) -> None:
    row = upload(HEADER + rows(3))
    assert importing_job.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.errors_path) == (Upload.State.DONE, "")
    assert row.sentence == "3 rows read, 3 new, 0 already there, 0 with errors."
    assert row.source.kind == "file"
    assert row.finished_at is not None
    assert list(tmp_path.iterdir()) == []


def test_it_keeps_the_list_of_rows_that_were_left_out(upload: Any, tmp_path: Path) -> None:
    row = upload(HEADER + rows(2) + "9,soon,eve,later\n")
    assert importing_job.run(row.pk)
    row.refresh_from_db()
    assert row.counts["errors"] == 1
    assert "not a date" in (tmp_path / row.errors_path).read_text(encoding="utf-8-sig")


def test_it_goes_on_where_its_time_ended(upload: Any) -> None:
    row = upload(HEADER + "bad,never,x,y\n" + rows(2500) + "bad,never,x,y\n")
    finished = [importing_job.run(row.pk, seconds=0) for _ in range(3)]
    assert finished == [False, False, True]
    row.refresh_from_db()
    assert Mention.objects.count() == 2500
    counts = {name: row.counts[name] for name in ("rows", "read", "new", "already", "errors")}
    assert counts == {"rows": 2502, "read": 2500, "new": 2500, "already": 0, "errors": 2}


def test_it_does_an_upload_once(upload: Any) -> None:
    row = upload(HEADER + rows(3))
    importing_job.run(row.pk)
    Mention.objects.all().delete()
    assert importing_job.run(row.pk)
    assert not Mention.objects.exists()


def test_it_keeps_only_what_matches_when_that_was_confirmed(upload: Any) -> None:
    row = upload(HEADER + rows(2) + "7,2026-11-20T10:00:00Z,bob,about nothing at all\n", match=True)
    a_query(row.brand, "acme")
    importing_job.run(row.pk)
    assert Mention.objects.count() == 2


@pytest.mark.parametrize(("plan", "words"), [({"columns": {}}, "No column holds the text"), ({}, "Hand it in again")])
def test_it_says_why_an_upload_failed(upload: Any, tmp_path: Path, plan: dict[str, Any], words: str) -> None:
    row = upload(HEADER + rows(1), **plan)
    if not plan:
        (tmp_path / "upload").unlink()
    assert importing_job.run(row.pk)
    row.refresh_from_db()
    assert row.state == Upload.State.FAILED
    assert words in row.sentence
