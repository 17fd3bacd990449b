"""What Earshot proposes for a file, and what it asks."""

import json
from io import BytesIO
from typing import Any

import pytest

from ingest.importing import Plan, RowError, Unusable, guess, read
from ingest.record import Record

CSV = (
    "Tweet ID,Tweet Created,Screen Name,Full Text,Lang,Like Count,Permalink\n"
    '1594000000000000001,2022-11-19 16:00:00 +0000,ann,"Acme, again",en,"1,204",https://x.com/ann/status/1594000000000000001\n'
    "1594000000000000002,2022-11-19 16:05:00 +0000,bob,Bolt is better,en,12.4k,https://x.com/bob/status/1594000000000000002\n"
)


def records(data: bytes, plan: Plan | None = None) -> list[Record]:
    found = list(read(BytesIO(data), plan or guess(BytesIO(data))))
    assert [one for one in found if isinstance(one, RowError)] == []
    return [one for one in found if isinstance(one, Record)]


def test_it_knows_columns_by_their_names() -> None:
    plan = guess(BytesIO(CSV.encode()))
    assert dict(plan.columns) == {
        "text": "Full Text",
        "id": "Tweet ID",
        "created_at": "Tweet Created",
        "author": "Screen Name",
        "language": "Lang",
        "url": "Permalink",
        "likes": "Like Count",
    }
    assert (plan.format, plan.delimiter, plan.encoding, plan.network) == ("csv", ",", "utf-8", "x")
    assert plan.questions == ()
    assert plan.sample[0]["Full Text"] == "Acme, again"
    first, second = records(CSV.encode(), plan)
    assert (first.external_id, first.text, first.likes) == ("1594000000000000001", "Acme, again", 1204)
    assert second.likes == 12_400
    assert second.author is not None
    assert (second.author.id, second.author.handle) == ("bob", "bob")


def test_it_knows_columns_by_what_stands_in_them() -> None:
    rows = [
        f"{n};0.{n};2026-11-{n:02} 10:00;this one is about Acme number {n};https://example.com/{n}"
        for n in range(1, 20)
    ]
    plan = guess(BytesIO(("A;B;C;D;E\n" + "\n".join(rows)).encode()))
    assert (plan.columns["text"], plan.columns["created_at"], plan.columns["url"]) == ("D", "C", "E")
    assert [question.field for question in plan.questions] == ["time_zone", "network"]


def test_it_numbers_columns_that_have_no_names() -> None:
    rows = [f"{n},2026-11-{n:02}T10:00:00Z,this one is about Acme number {n}" for n in range(1, 20)]
    plan = guess(BytesIO("\n".join(rows).encode()))
    assert not plan.header
    assert dict(plan.columns) == {"text": "column 3", "created_at": "column 2"}
    assert len(records("\n".join(rows).encode())) == 19


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("cp1252", "cp1252"),
    ],
)
def test_it_finds_the_encoding_and_says_a_guess_aloud(encoding: str, name: str) -> None:
    data = ("id,date,text\n" + "1,2026-11-20T10:00:00Z,Café “Acme” – déjà vu\n" * 3).encode(encoding)
    plan = guess(BytesIO(data))
    assert plan.encoding == name
    assert any("Windows-1252" in note for note in plan.notes) == (encoding == "cp1252")
    assert {record.text for record in records(data, plan)} == {"Café “Acme” – déjà vu"}


def test_it_reads_single_rows_of_another_encoding() -> None:
    data = "id,date,text\n1,2026-11-20T10:00:00Z,Café one\n".encode() + "2,2026-11-20T10:00:00Z,Café two\n".encode(
        "cp1252"
    )
    plan = Plan(
        format="csv", delimiter=",", names=("id", "date", "text"), columns={"text": "text", "created_at": "date"}
    )
    assert [record.text for record in records(data, plan)] == ["Café one", "Café two"]


def test_it_asks_what_only_a_person_knows() -> None:
    data = b"n,when,message\n1,3/4/2026 10:00,the parcel came late\n2,4/4/2026 10:00,the parcel came early\n"
    asked = {question.field for question in guess(BytesIO(data)).questions}
    assert asked == {"day_first", "time_zone", "network"}


def test_it_asks_for_the_text_where_none_can_be_seen() -> None:
    plan = guess(BytesIO(b"a,b\n1,2\n3,4\n"))
    assert not plan.usable
    assert plan.questions[0].field == "text"
    assert plan.questions[0].choices == ("a", "b")
    with pytest.raises(Unusable, match="No column holds the text"):
        list(read(BytesIO(b"a,b\n1,2\n"), plan))


def test_it_takes_what_it_is_told_and_refuses_what_is_not_there() -> None:
    plan = guess(BytesIO(CSV.encode()), columns={"text": "Screen Name", "url": ""}, network="Bluesky")
    assert plan.columns["text"] == "Screen Name"
    assert "url" not in plan.columns
    assert plan.network == "bluesky"
    with pytest.raises(Unusable, match="no column “Body”"):
        guess(BytesIO(CSV.encode()), columns={"text": "Body"})
    with pytest.raises(Unusable, match="no field “mood”"):
        guess(BytesIO(CSV.encode()), columns={"mood": "Lang"})


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "empty"), (b" \n ", "empty"), (b"PK\x03\x04....", "Excel"), (b"\x1f\x8b....", "gzip"), (b"%PDF-1.7", "PDF")],
)
def test_it_says_why_a_file_is_of_no_use(data: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        guess(BytesIO(data))


def test_it_keeps_a_plan_through_json() -> None:
    plan = guess(BytesIO(CSV.encode()))
    assert Plan.from_json(json.loads(json.dumps(plan.as_json()))) == plan
    assert Plan.from_json(plan.as_json() | {"invented later": 1}) == plan


@pytest.mark.parametrize("shape", ["lines", "array", "pretty"])
def test_it_reads_objects_from_lines_and_arrays(shape: str) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": n,
            "created_at": 1_763_000_000 + n,
            "user": {"screen_name": "ann"},
            "body": f"Acme \ud83d\ude00 number {n}",
            "extra": [1],
        }
        for n in range(5)
    ]
    text = (
        "\n".join(map(json.dumps, rows))
        if shape == "lines"
        else json.dumps(rows, indent=2 if shape == "pretty" else None)
    )
    plan = guess(BytesIO(text.encode()))
    assert plan.format == ("jsonl" if shape == "lines" else "json")
    assert plan.columns["author"] == "user.screen_name"
    found = records(text.encode(), plan)
    assert [record.external_id for record in found] == ["0", "1", "2", "3", "4"]
    assert found[3].text == "Acme 😀 number 3"


def test_it_warns_of_ids_that_a_spreadsheet_rounded() -> None:
    rows = "".join(f"57030613367776{n}000,2026-11-20T10:00:00Z,hello Acme {n}\n" for n in range(8))
    plan = guess(BytesIO(f"tweet_id,date,text\n{rows}".encode()))
    assert any("rounded" in note for note in plan.notes)


def test_it_finds_the_table_below_what_a_tool_wrote_above_it() -> None:
    above = "Report:,Bulk download\nBrand:,Acme\nFrom:,Fri Nov 20 2026\n\n"
    data = (above + CSV).encode()
    plan = guess(BytesIO(data))
    assert (plan.skip, plan.names[0]) == (3, "Tweet ID")
    assert any("row 4" in note for note in plan.notes)
    assert len(records(data, plan)) == 2


def test_it_heeds_the_line_that_tells_excel_the_delimiter() -> None:
    data = ("sep=;\r\n" + "id;date;text\r\n" + "1;2026-11-20T10:00:00Z;a, b, c, d\r\n" * 3).encode()
    plan = guess(BytesIO(data))
    assert (plan.delimiter, plan.names) == (";", ("id", "date", "text"))
    assert [record.text for record in records(data, plan)] == ["a, b, c, d"] * 3


def test_it_reads_texts_with_tags_as_html() -> None:
    lines = [{"id": n, "created_at": "2026-11-20T10:00:00Z", "content": f"<p>Acme &amp; Co {n}</p>"} for n in range(3)]
    data = "\n".join(map(json.dumps, lines)).encode()
    assert all(record.html for record in records(data))
    assert not any(record.html for record in records(CSV.encode()))
