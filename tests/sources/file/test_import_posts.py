"""The command that people use: counts, exit status, and nothing new the second time."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from listening.models import Brand, Mention, Source
from tests.builders import a_brand

pytestmark = pytest.mark.django_db

CSV = (
    "id,date,author,text\n"
    "1,2026-11-20T10:00:00Z,ann,Acme lost my parcel again\n"
    "2,2026-11-20T11:00:00Z,bob,nothing about anybody\n"
    "3,2026-11-20T12:00:00Z,cid,I love acme\n"
)
BAD = CSV + "5.70306E+17,2026-11-20T12:00:00Z,dan,=cmd()\n4,soon,eve,later\n"


@pytest.fixture
def brand() -> Brand:
    return a_brand(slug="acme", name="Acme")


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str) -> str:
        path = tmp_path / "posts.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def imported(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("import_posts", *args, "--json")
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_it_imports_a_file_and_nothing_the_second_time(
    brand: Brand, write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(CSV)
    first = imported(capsys, path, "--brand", "acme")
    assert (first["rows"], first["read"], first["new"], first["already"], first["errors"]) == (3, 3, 3, 0, 0)
    assert Mention.objects.filter(brand=brand).count() == 3
    second = imported(capsys, path, "--brand", "acme")
    assert (second["new"], second["changed"], second["already"]) == (0, 0, 3)
    assert Mention.objects.count() == 3
    source = Source.objects.get(kind="file")
    assert source.state == Source.State.PAUSED
    assert list(source.brands.all()) == [brand]


def test_it_lists_bad_rows_and_keeps_the_good_ones(brand: Brand, write: Any, tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    with pytest.raises(SystemExit) as ended:
        call_command("import_posts", write(BAD), "--brand", "acme", "--errors", str(errors))
    assert ended.value.code == 1
    assert Mention.objects.count() == 3
    with errors.open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["row"], first["column"]) == ("5", "id")
    assert "spreadsheet" in first["reason"]
    assert (second["row"], second["column"]) == ("6", "date")


def test_it_tells_counts_in_words(brand: Brand, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("import_posts", write(BAD), "--brand", "acme")
    told = capsys.readouterr()
    assert told.out.strip() == "5 rows read, 3 new, 0 already there, 2 with errors."
    assert "row 5, id:" in told.err


def test_it_stores_nothing_in_a_dry_run(brand: Brand, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(CSV + CSV.partition("\n")[2])
    told = imported(capsys, path, "--brand", "acme", "--dry-run")
    assert (told["read"], told["new"], told["already"]) == (6, 3, 3)
    assert not Mention.objects.exists()
    assert not Source.objects.exists()


def test_it_keeps_only_what_matches_when_told(brand: Brand, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    brand.queries.create(name="Acme", text="acme")
    for dry in ([], ["--dry-run"]):
        Mention.objects.all().delete()
        told = imported(capsys, write(CSV), "--brand", "acme", "--match", *dry)
        assert (told["new"], told["skipped"]) == (2, {"not about a brand": 1})
    assert not Mention.objects.exists()


def test_it_marks_why_a_row_matches_also_where_all_belong(
    brand: Brand, write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    query = brand.queries.create(name="Acme", text="acme")
    imported(capsys, write(CSV), "--brand", "acme")
    spans = dict(Mention.objects.values_list("external_id", "spans"))
    assert spans == {"1": {str(query.pk): [[0, 4]]}, "2": {}, "3": {str(query.pk): [[7, 11]]}}


def test_it_reads_only_rows_where_a_column_holds_a_value(
    brand: Brand, write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert imported(capsys, write(CSV), "--brand", "acme", "--where", "author=bob")["new"] == 1


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["--brand", "nobody"], "There is no brand nobody. Brands: acme"),
        (["--brand", "acme", "--column", "text=Body"], "no column “Body”"),
        (["--brand", "acme", "--column", "text"], "NAME=VALUE"),
        (["--brand", "acme", "--where", "colour=red"], "no column “colour”"),
        (["--brand", "acme", "--time-zone", "Mars/Base"], "no time zone"),
        (["--brand", "acme", "--encoding", "klingon"], "no encoding"),
        (["--brand", "acme", "--default-time", "soon"], "not a date"),
        (["--brand", "acme", "--column", "text="], "No column holds the text"),
    ],
)
def test_it_says_what_is_of_no_use(brand: Brand, write: Any, args: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why) as caught:
        call_command("import_posts", write(CSV), *args)
    assert caught.value.returncode == 2
    assert not Source.objects.exists()


def test_it_says_that_a_file_is_not_there(brand: Brand) -> None:
    with pytest.raises(CommandError, match="There is no file") as caught:
        call_command("import_posts", "nowhere.csv", "--brand", "acme")
    assert caught.value.returncode == 2


def test_it_imports_hostile_text(brand: Brand, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f'{n},2026-11-20T10:00:00Z,ann,"👨‍👩‍👧 number {n} <script>\x00 مرحبا"\n' for n in range(100))
    assert imported(capsys, write("id,date,author,text\n" + rows), "--brand", "acme")["new"] == 100
    assert Mention.objects.filter(text__contains="👨‍👩‍👧").count() == 100
