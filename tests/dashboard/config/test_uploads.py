"""Files: handed in, looked at, confirmed, imported once, and their errors given back."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dashboard import bells
from ingest import importing_job
from listening.models import AuditEntry, Brand, Mention, Upload
from tests.builders import a_brand, a_member
from tests.dashboard.config.people import signed_in

pytestmark = pytest.mark.django_db
ROWS = """id,tweet,created_at
1,Acme is great,2026-01-03T10:00:00Z
2,acme broke again,2026-01-04T10:00:00Z
3,no date,never
"""


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def admin(brand: Brand) -> Client:
    return signed_in(a_member(brand))


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ids: list[int] = []
    monkeypatch.setattr(bells, "import_upload", ids.append)
    return ids


def hand_in(admin: Client, brand: Brand, content: bytes, name: str = "posts.csv") -> Any:
    return admin.post(reverse("uploads", args=[brand.slug]), {"file": SimpleUploadedFile(name, content)})


def plan_of(upload: Upload) -> dict[str, str]:
    """The form as it is shown, sent back unchanged."""
    columns = {f"column_{name}": column for name, column in upload.plan["columns"].items()}
    return {**columns, "network": upload.plan["network"], "time_zone": "UTC"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_what_excel_calls_unicode_text_goes_the_whole_way(
    admin: Client, brand: Brand, folder: Path, rung: list[int], encoding: str
) -> None:
    written = ROWS.replace(",", "\t").replace("great", "großartig").encode(encoding)
    answer = hand_in(admin, brand, written, "posts.txt")
    assert "großartig" in admin.get(answer.url).content.decode()
    admin.post(answer.url, plan_of(Upload.objects.get()) | {"network": "X"})
    importing_job.run(rung[0])
    assert set(Mention.objects.values_list("text", flat=True)) == {"Acme is großartig", "acme broke again"}


def test_a_file_goes_the_whole_way(admin: Client, brand: Brand, folder: Path, rung: list[int]) -> None:
    answer = hand_in(admin, brand, ROWS.encode())
    upload = Upload.objects.get()
    assert answer["Location"] == reverse("upload", args=[brand.slug, upload.pk])
    page = admin.get(answer.url).content.decode()
    assert "Acme is great" in page and "tweet" in page
    assert upload.plan["columns"]["text"] == "tweet"
    admin.post(answer.url, plan_of(upload) | {"network": "X"})
    assert rung == [upload.pk]
    importing_job.run(upload.pk)
    assert set(Mention.objects.values_list("text", flat=True)) == {"Acme is great", "acme broke again"}
    upload.refresh_from_db()
    assert upload.state == "done" and upload.plan["network"] == "x"
    page = admin.get(answer.url).content.decode()
    assert "3 rows" in page
    errors: Any = admin.get(reverse("upload_errors", args=[brand.slug, upload.pk]))
    assert b"never" in b"".join(errors.streaming_content)
    assert 'attachment; filename="errors of posts.csv.csv"' in errors["Content-Disposition"]
    assert AuditEntry.objects.get().verb == "imported file"


def test_an_import_is_queued_once(admin: Client, brand: Brand, folder: Path, rung: list[int]) -> None:
    hand_in(admin, brand, ROWS.encode())
    upload = Upload.objects.get()
    url = reverse("upload", args=[brand.slug, upload.pk])
    admin.post(url, plan_of(upload))
    admin.post(url, plan_of(upload))
    assert rung == [upload.pk]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a workbook"])
def test_a_file_that_is_no_table_is_refused_and_not_kept(
    admin: Client, brand: Brand, folder: Path, content: bytes
) -> None:
    answer = hand_in(admin, brand, content)
    assert answer.status_code == 422
    assert not Upload.objects.exists() and not list(folder.iterdir())


def test_a_file_of_odd_bytes_breaks_nothing(admin: Client, brand: Brand, folder: Path) -> None:
    answer = hand_in(admin, brand, b"id,text\n1,\x89\x00\xed\xa0\x80\n" + bytes(200))
    assert answer.status_code in (302, 422)


def test_a_name_of_a_file_never_becomes_a_path(admin: Client, brand: Brand, folder: Path) -> None:
    hand_in(admin, brand, ROWS.encode(), "../../etc/passwd.csv")
    upload = Upload.objects.get()
    assert upload.name == "passwd.csv"
    assert (folder / upload.path).is_file() and "/" not in upload.path


def test_the_text_needs_a_column(admin: Client, brand: Brand, folder: Path, rung: list[int]) -> None:
    hand_in(admin, brand, ROWS.encode())
    upload = Upload.objects.get()
    url = reverse("upload", args=[brand.slug, upload.pk])
    assert admin.post(url, plan_of(upload) | {"column_text": ""}).status_code == 422
    assert admin.post(url, plan_of(upload) | {"column_text": "not there"}).status_code == 422
    assert not rung


def test_it_throws_a_file_away(admin: Client, brand: Brand, folder: Path) -> None:
    hand_in(admin, brand, ROWS.encode())
    upload = Upload.objects.get()
    admin.post(reverse("upload", args=[brand.slug, upload.pk]), {"discard": "yes"})
    assert not Upload.objects.exists() and not list(folder.iterdir())


def test_a_failed_import_can_be_started_again(admin: Client, brand: Brand, folder: Path, rung: list[int]) -> None:
    hand_in(admin, brand, ROWS.encode())
    upload = Upload.objects.get()
    Upload.objects.update(state="failed", sentence="The file cannot be read.")
    url = reverse("upload", args=[brand.slug, upload.pk])
    assert "The file cannot be read." in admin.get(url).content.decode()
    admin.post(url, plan_of(upload))
    assert rung == [upload.pk]
