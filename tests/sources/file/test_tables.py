"""Tables in the four habits of quoting, and the ways in which they go wrong."""

import csv
import io
import random

import pytest

from ingest.importing.plan import Quoting, RowError
from ingest.importing.tables import rows, sniff

HARD = [
    'He said "no", twice',
    "tab\there",
    "line\nbreak",
    "back\\slash",
    "semi;colon|pipe",
    "naïve 😀",
    "",
    "@acme hi",
    "end\\",
]
DELIMITERS = [",", "\t", ";", "|"]


def parsed(text: str, delimiter: str, quoting: Quoting) -> list[list[str]]:
    return [row[1] for row in rows(io.StringIO(text, newline=""), delimiter, quoting) if not isinstance(row, RowError)]


def table(seed: int) -> list[list[str]]:
    """Rows of hard cells that all look like rows of an export."""
    chance = random.Random(seed)
    return [["id", "text", "note"]] + [
        [str(n), f"word {n} {chance.choice(HARD)} and {chance.choice(HARD)}", chance.choice(["", "a", "b"])]
        for n in range(60)
    ]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("seed", range(5))
def test_it_reads_what_a_csv_writer_wrote(delimiter: str, seed: int) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(table(seed))
    assert sniff(out.getvalue(), True) == (delimiter, "quotes")
    assert parsed(out.getvalue(), delimiter, "quotes") == table(seed)


@pytest.mark.parametrize("seed", range(5))
def test_it_reads_tabs_with_backslashes(seed: int) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\", lineterminator="\n")
    writer.writerows(table(seed))
    assert sniff(out.getvalue(), True) == ("\t", "backslash")
    assert parsed(out.getvalue(), "\t", "backslash") == table(seed)


def test_it_reads_what_postgres_copies_out() -> None:
    text = "id\ttext\tnote\n1\tone\\ttab and\\nline\\\\\t\\N\n2\tA\\N\tN\n"
    assert parsed(text, "\t", "backslash") == [
        ["id", "text", "note"],
        ["1", "one\ttab and\nline\\", ""],
        ["2", "AN", "N"],
    ]
    assert sniff(text, True) == ("\t", "backslash")


def test_it_reads_quotes_that_are_escaped_by_backslashes() -> None:
    lines = ["id,text"] + [f'{n},"He said \\"no, never\\", twice"' for n in range(20)]
    text = "\n".join(lines) + "\n"
    assert sniff(text, True) == (",", "quotes+backslash")
    assert parsed(text, ",", "quotes+backslash")[1] == ["0", 'He said "no, never", twice']


def test_it_leaves_bare_quotes_alone_in_tables_without_quoting() -> None:
    text = 'id\ttext\n1\t"Best airline\n2\tever" said nobody\n3\tok\n'
    assert sniff(text, True) == ("\t", "none")
    assert parsed(text, "\t", "none")[1] == ["1", '"Best airline']


def test_it_counts_rows_as_a_spreadsheet_does() -> None:
    text = 'id,text\n1,"two\nlines"\n\n2,after\n'
    found = list(rows(io.StringIO(text, newline=""), ",", "quotes"))
    assert found == [(1, ["id", "text"]), (2, ["1", "two\nlines"]), (4, ["2", "after"])]


def test_it_goes_on_after_a_quotation_mark_that_is_never_closed() -> None:
    csv.field_size_limit(10_000_000)  # as somebody else in the process may have left it
    text = "id,text\n" + '1,"never closed\n' + "9,filler filler filler\n" * 8000 + "2,after\n"
    found = list(rows(io.StringIO(text, newline=""), ",", "quotes"))
    errors = [row for row in found if isinstance(row, RowError)]
    assert "From line 2" in errors[0].reason
    assert found[-1] != errors[0]
    assert not isinstance(found[-1], RowError)
    assert found[-1][1] == ["2", "after"]


def test_it_sniffs_the_start_of_a_file_that_is_cut_in_a_row() -> None:
    text = "id;text\n" + "".join(f"{n};some words, and more\n" for n in range(50)) + '51;"cut'
    assert sniff(text, False)[0] == ";"
