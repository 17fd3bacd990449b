"""Rows become Records or errors with a reason; good rows are kept whatever their neighbours are."""

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any, BinaryIO, cast

import pytest

from ingest.importing import FIELDS, Plan, RowError, guess, read
from ingest.record import Author, PostRef, Record

PLAN = Plan(
    format="csv",
    delimiter=",",
    names=("id", "when", "who", "words"),
    columns={"id": "id", "created_at": "when", "author": "who", "text": "words"},
)
HEADER = "id,when,who,words\n"
WHEN = "2026-11-20T10:00:00Z"


def found(text: str, plan: Plan = PLAN) -> list[Record | RowError]:
    return list(read(BytesIO(text.encode()), plan))


def error(row: str, plan: Plan = PLAN) -> RowError:
    (only,) = found(HEADER + row + "\n", plan)
    assert isinstance(only, RowError)
    return only


def record(row: str, plan: Plan = PLAN) -> Record:
    (only,) = found(HEADER + row + "\n", plan)
    assert isinstance(only, Record)
    return only


def test_it_reads_a_row() -> None:
    assert record(f"7,{WHEN},@Ann,hello Acme") == Record(
        network="web",
        external_id="7",
        text="hello Acme",
        published_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
        author=Author("ann", "Ann"),
    )


@pytest.mark.parametrize(
    "spoilt", ["5.70306E+17", "5,70306E+17", "5.70306e17", "570306133677760513.0", "570306133677760000."]
)
def test_it_refuses_ids_that_a_spreadsheet_spoilt(spoilt: str) -> None:
    told = error(f'"{spoilt}",{WHEN},ann,hello')
    assert (told.row, told.column) == (2, "id")
    assert spoilt in told.reason
    assert "as text" in told.reason


@pytest.mark.parametrize(
    ("told", "read_as"), [("7.0", "7"), ('="570306133677760513"', "570306133677760513"), ("'7", "7"), ("nan", "")]
)
def test_it_reads_ids_that_are_only_dressed_up(told: str, read_as: str) -> None:
    quoted = '"' + told.replace('"', '""') + '"'
    post_id = record(f"{quoted},{WHEN},ann,hello").external_id
    assert post_id == read_as or (read_as == "" and post_id.startswith("row-"))


def test_it_refuses_numbers_in_json_that_are_no_exact_ids() -> None:
    line = json.dumps({"id": 5.70306133677760513e17, "when": WHEN, "who": "ann", "words": "hi"})
    (only,) = found(line, replace(PLAN, format="jsonl"))
    assert isinstance(only, RowError)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (f"1,{WHEN},ann,", "words", "no text"),
        ("1,,ann,hello", "when", "no date"),
        ("1,yesterday,ann,hello", "when", "“yesterday” is not a date"),
        (f"1,{WHEN},ann,hello,there,again", None, "6 cells where the header names 4"),
        (f"1,{WHEN}", None, "2 cells where the header names 4"),
    ],
)
def test_it_says_what_is_wrong_with_a_row(row: str, column: str | None, words: str) -> None:
    told = error(row)
    assert told.column == column
    assert words in told.reason
    assert told.raw.startswith("1")


def test_it_keeps_good_rows_beside_bad_ones() -> None:
    text = HEADER + f"1,{WHEN},ann,one\n2,never,ann,two\n3,{WHEN},ann,three\n4,{WHEN}\n5,{WHEN},ann,five\n"
    assert [type(one).__name__ for one in found(text)] == ["Record", "RowError", "Record", "RowError", "Record"]
    assert [one.row for one in found(text) if isinstance(one, RowError)] == [3, 5]


def test_it_gives_rows_without_a_date_the_default_of_the_plan() -> None:
    dated = replace(PLAN, default_time="2026-01-02T00:00:00+00:00")
    assert record("1,,ann,hello", dated).published_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert record(f"1,{WHEN},ann,hello", dated).published_at.month == 11


def test_it_finds_the_date_of_a_post_of_x_in_its_id() -> None:
    post = record("570306133677760513,,ann,hello", replace(PLAN, network="x"))
    assert post.published_at.date() == datetime(2015, 2, 24).date()
    assert post.url == "https://x.com/i/web/status/570306133677760513"


def test_it_gives_rows_without_an_id_the_same_one_each_time() -> None:
    first = record(f",{WHEN},ann,hello")
    again = record(",2026-11-20T11:00:00+01:00,@Ann,hello ")
    other = record(f",{WHEN},bob,hello")
    assert first.external_id == again.external_id != other.external_id
    assert first.external_id.startswith("row-")


def test_it_reads_every_field() -> None:
    columns = tuple(FIELDS)
    cells = ["hi", "1", WHEN, "@ann", "77", "Ann", "1.5k", "German", "https://e.org/1", "T", "Twitter", "r/acme", "9"]
    cells += ["1", "2", "3", "4000", "4/5"]
    plan = Plan(format="csv", delimiter=";", names=columns, columns=dict(zip(columns, columns, strict=True)))
    (only,) = found(";".join(columns) + "\n" + ";".join(cells), plan)
    assert only == Record(
        network="x",
        external_id="1",
        text="hi",
        title="T",
        url="https://e.org/1",
        published_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
        author=Author("77", "ann", "Ann", "https://x.com/ann", 1500),
        language="de",
        in_reply_to=PostRef("9"),
        community="r/acme",
        likes=1,
        shares=2,
        replies=3,
        views=4000,
        rating=4.0,
    )


@pytest.mark.parametrize(
    ("cell", "likes"), [("", None), ("n/a", None), ("-3", None), ("0", 0), ("1 204", 1204), ("2.5M", 2_500_000)]
)
def test_it_never_takes_not_told_for_zero(cell: str, likes: int | None) -> None:
    plan = replace(PLAN, names=(*PLAN.names, "likes"), columns={**PLAN.columns, "likes": "likes"})
    (only,) = found(f"id,when,who,words,likes\n1,{WHEN},ann,hi,{cell}\n", plan)
    assert isinstance(only, Record)
    assert only.likes == likes


def test_it_reads_only_the_rows_that_are_wanted() -> None:
    text = HEADER + f"1,{WHEN},ann,one\n2,{WHEN},bob,two\n3,nonsense,cid,three\n"
    assert [type(one).__name__ for one in found(text, replace(PLAN, where={"who": "bob"}))] == ["Record"]


def test_it_says_that_a_line_is_cut_off() -> None:
    line = json.dumps({"id": "1", "when": WHEN, "who": "ann", "words": "hello"})
    first, last = found(line + "\n" + line[:30], replace(PLAN, format="jsonl"))
    assert isinstance(first, Record)
    assert isinstance(last, RowError)
    assert (last.row, "cut off" in last.reason) == (2, True)


def test_it_says_which_element_of_an_array_is_cut_off() -> None:
    one = json.dumps({"id": "1", "when": WHEN, "who": "ann", "words": "hello"})
    *good, last = found(f"[{one}, {one}, {one[:20]}", replace(PLAN, format="json"))
    assert len(good) == 2
    assert isinstance(last, RowError)
    assert "cut off" in last.reason


@pytest.mark.parametrize("text", ["[]", "[1, 2]", '["a"]', "[[]]", "[null]", '[{"words": 1}]'])
def test_it_survives_arrays_of_anything(text: str) -> None:
    assert all(isinstance(one, RowError) for one in found(text, replace(PLAN, format="json")))


def test_it_keeps_hostile_text_as_it_is_for_cleaning() -> None:
    text = "x\x00y <script>alert(1)</script> =1+1 👨‍👩‍👧 \u202eabc"
    assert record(f'1,{WHEN},ann,"{text}"').text == text


class Endless(RawIOBase):
    """A file of many rows that never stands in memory."""

    def __init__(self, header: bytes, row: bytes, number: int) -> None:
        self.rows = self._rows(header, row, number)
        self.rest = b""

    def _rows(self, header: bytes, row: bytes, number: int) -> Iterator[bytes]:
        if header:
            yield header
        for start in range(0, number, 500):
            yield b"".join(row % n for n in range(start, start + 500))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.rest = self.rest or next(self.rows, b"")
        part = self.rest[: len(buffer)]
        buffer[: len(part)] = part
        self.rest = self.rest[len(part) :]
        return len(part)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "x"])
def test_it_reads_long_files_in_little_memory(kind: str) -> None:
    line = b'{"id": "%d", "when": "2026-11-20T10:00:00Z", "who": "ann", "words": "' + b"hello " * 50 + b'"}'
    post = (
        b'{"data": [{"id": "%d", "author_id": "1", "created_at": "2026-11-20T10:00:00Z", "text": "'
        + b"hello " * 50
        + b'"}]}\n'
    )
    shapes = {
        "csv": (HEADER.encode(), b"%d,2026-11-20T10:00:00Z,ann," + b"hello " * 50 + b"\n", PLAN),
        "jsonl": (b"", line + b"\n", replace(PLAN, format="jsonl")),
        "json": (b"[", line + b",\n", replace(PLAN, format="json")),
        "x": (b"", post, Plan(format="jsonl", shape="x", network="x")),
    }
    header, row, plan = shapes[kind]
    stream = cast(BinaryIO, BufferedReader(Endless(header, row, 5_000)))
    tracemalloc.start()
    try:
        number = sum(isinstance(one, Record) for one in read(stream, plan))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert number == 5_000
    assert peak < 700_000, "the file holds 2 MB"


def test_it_reads_a_stream_from_its_start_after_a_guess() -> None:
    stream = BytesIO((HEADER + f"1,{WHEN},ann,hello dear Acme\n").encode())
    plan = guess(stream)
    assert len(list(read(stream, plan))) == 1
