"""Look at the start of a file and propose how to read it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from ingest.importing import jsonrows, tables, xpages
from ingest.importing.cells import as_text
from ingest.importing.columns import guess_columns
from ingest.importing.encoding import detect, repaired
from ingest.importing.networks import network_by_url, network_name
from ingest.importing.plan import FIELDS, Format, Plan, Question, RowError, Unusable
from ingest.importing.reading import rows_of
from ingest.importing.times import names_zone, order_of_days, parse_time

HEAD = 1_000_000
SAMPLED = 200
MOST_ABOVE = 20
SHOWN = 5
LONGEST_SHOWN = 300

_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.I)
_TAGS = re.compile(r"</?(?:p|br|a|span|div|b|i|em|strong)\b[^<>]*>", re.I)


def guess(
    source: str | Path | BinaryIO,
    *,
    columns: Mapping[str, str] | None = None,
    network: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Plan:
    """A plan from the first million bytes; what is given is not guessed. A stream is left at its start.

    Raises Unusable for an empty file, one that is no text, or a column that is not there.
    """
    head, whole = _head(source)
    if not head.strip():
        raise Unusable("The file is empty.")
    _refuse_binary(head)
    detected, note = (encoding, None) if encoding else detect(head)
    text = head.decode(detected, "replace")
    plan = Plan(format="csv", encoding=detected, notes=(note,) if note else ())
    first = text.lstrip("\ufeff \t\r\n")[:1]
    plan = _json(plan, text) if first in ("{", "[") else _table(plan, text, whole, delimiter)
    if plan.shape == "columns":
        plan = _columns(plan, head, columns or {}, network)
    elif network and network_name(network) != "x":
        raise Unusable("The file holds posts as X's API gives them; they cannot be from another network.")
    return plan


def _head(source: str | Path | BinaryIO) -> tuple[bytes, bool]:
    if isinstance(source, str | Path):
        with Path(source).open("rb") as stream:
            head = stream.read(HEAD)
    else:
        head = source.read(HEAD)
        source.seek(0)
    return head, len(head) < HEAD


def _refuse_binary(head: bytes) -> None:
    kinds = {
        b"PK\x03\x04": "an Excel workbook or a ZIP archive. Unpack it, or save the sheet as CSV (UTF-8)",
        b"\x1f\x8b": "compressed with gzip. Unpack it first",
        b"\xd0\xcf\x11\xe0": "an old Excel workbook. Save the sheet as CSV (UTF-8)",
        b"%PDF": "a PDF. Export the posts as CSV or JSON",
        b"SQLite format 3": "a database. Export the posts as CSV or JSON",
        b"PAR1": "a Parquet file. Export the posts as CSV or JSON",
    }
    for start, what in kinds.items():
        if head.startswith(start):
            raise Unusable(f"The file is {what}, then import that.")


def _json(plan: Plan, text: str) -> Plan:
    """Lines, an array or one document; and whether it is X's own shape."""
    start = text.lstrip("\ufeff \t\r\n")
    first_line = start.partition("\n")[0]
    lines = start.startswith("{") and (_parses(first_line) or len(first_line) == len(start))
    plan = replace(plan, format="jsonl" if lines else "json")
    return replace(plan, shape="x", network="x") if _any_x(plan, start) else plan


def _any_x(plan: Plan, start: str) -> bool:
    if plan.format == "jsonl":
        items = jsonrows.lines(StringIO(start))
    elif start.startswith("["):
        items = jsonrows.array(StringIO(start))
    else:
        return '"data"' in start[:2000] or '"edit_history_' in start or '"includes"' in start
    values = [item[1] for item in islice(items, 20) if not isinstance(item, RowError)]
    if not values and plan.format == "jsonl":  # one page longer than the head
        return start.startswith('{"data"')
    return bool(values) and all(xpages.is_x(value) for value in values)


def _parses(text: str) -> bool:
    try:
        jsonrows.loads(text)
    except ValueError:
        return False
    return True


def _table(plan: Plan, text: str, whole: bool, delimiter: str | None) -> Plan:
    text = text.lstrip("\ufeff")
    told = _SEPARATOR.match(text)
    found, quoting = tables.sniff(text[told.end() :] if told else text, whole)
    found = delimiter or (told[1] if told else found)
    sampled = islice(tables.rows(StringIO(text, newline=""), found, quoting), SAMPLED)
    rows = [row for row in sampled if not isinstance(row, RowError)]
    if not rows:
        raise Unusable("No row could be read. Save the file as CSV (UTF-8) and import it again.")
    first = _first_row([row[1] for row in rows[1:]]) + 1 if told else _first_row([row[1] for row in rows])
    body = [row[1] for row in rows[first:]] or [row[1] for row in rows]
    header = _is_header(body)
    names = _unique([repaired(name).strip() for name in body[0]] if header else [""] * max(map(len, body)))
    kind: Format = "tsv" if found == "\t" else "csv"
    skip = rows[first - 1][0] if first else 0
    return replace(plan, format=kind, delimiter=found, quoting=quoting, header=header, skip=skip, names=names)


def _first_row(rows: Sequence[Sequence[str]]) -> int:
    """Where the table begins. Some tools write a few short rows about their report above it."""
    widths = Counter(map(len, rows))
    width = max(widths, key=lambda one: (one * widths[one], one), default=0)
    for number, row in enumerate(rows[:MOST_ABOVE]):
        if len(row) >= width or len(row) * 2 > width:
            return number
    return 0


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Names are short, different, and no dates or numbers."""
    first = [cell.strip() for cell in rows[0]]
    named = [cell for cell in first if cell]
    if len(set(named)) < len(named) or len(rows) == 1 and len(first) < 2:
        return False
    return all(len(cell) <= 60 and not cell.replace(".", "").isdigit() and parse_time(cell) is None for cell in named)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Every column gets a name of its own; nameless ones are numbered."""
    taken: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        wanted = name or f"column {number}"
        while wanted in taken:
            wanted += "'"
        taken[wanted] = None
    return tuple(taken)


def _columns(plan: Plan, head: bytes, given: Mapping[str, str], network: str | None) -> Plan:
    sampled = [row[1] for row in islice(rows_of(BytesIO(head), plan), SAMPLED) if not isinstance(row, RowError)]
    if not plan.names:
        plan = replace(plan, names=tuple(dict.fromkeys(name for row in sampled for name in row)))
    sample = [{name: as_text(value) for name, value in row.items()} for row in sampled]
    _refuse_unknown(given, plan.names)
    columns = {f: c for f, c in (guess_columns(plan.names, sample) | dict(given)).items() if c}
    known = network_name(network) if network else _network(columns, sample)
    times = _told(sample, columns.get("created_at"))
    tagged = [bool(_TAGS.search(text)) for text in _told(sample, columns.get("text"))]
    plan = replace(
        plan,
        columns=columns,
        network=known or "web",
        day_first=order_of_days(times) or False,
        html=sum(tagged) * 2 > len(tagged),
    )
    shown = tuple({name: value[:LONGEST_SHOWN] for name, value in row.items()} for row in sample[:SHOWN])
    told = known is not None or "network" in columns
    questions, notes = _questions(plan, times, told), _notes(plan, sample)
    return replace(plan, sample=shown, questions=questions, notes=plan.notes + notes)


def _refuse_unknown(given: Mapping[str, str], names: Sequence[str]) -> None:
    for field, column in given.items():
        if field not in FIELDS:
            raise Unusable(f"There is no field “{field}”. Fields: {', '.join(FIELDS)}.")
        if column and column not in names:
            raise Unusable(f"The file has no column “{column}”. Its columns: {', '.join(names)}.")


def _network(columns: Mapping[str, str], sample: Sequence[Mapping[str, str]]) -> str | None:
    """What the addresses of the posts, or the names of the columns, tell about the network."""
    if found := network_by_url(_told(sample, columns.get("url"))):
        return found
    named = " ".join(columns.values()).lower()
    return "x" if "tweet" in named or "user.screen_name" in named or "retweet" in named else None


def _told(sample: Sequence[Mapping[str, str]], column: str | None) -> list[str]:
    """What stands in a column, without empty cells."""
    return [row[column] for row in sample if row.get(column)] if column is not None else []


def _questions(plan: Plan, times: Sequence[str], network_told: bool) -> tuple[Question, ...]:
    questions = []
    if "text" not in plan.columns:
        questions.append(Question("text", "Which column holds the text of the posts?", plan.names))
    if "created_at" not in plan.columns and not (plan.network == "x" and "id" in plan.columns):
        questions.append(
            Question("created_at", "Which column holds the date? Rows without one are left out.", plan.names)
        )
    if order_of_days(times) is None:
        questions.append(Question("day_first", f"Is {times[0][:10]} written with the day first?", ("yes", "no")))
    if times and not any(names_zone(time) for time in times):
        questions.append(Question("time_zone", "The times name no time zone. Which one do they mean?", ("UTC",)))
    if not network_told:
        questions.append(Question("network", "Which network are the posts from?", ("x", "bluesky", "mastodon", "web")))
    return tuple(questions)


def _notes(plan: Plan, sample: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    notes = []
    if plan.html:
        notes.append("The texts hold HTML; its tags are taken out.")
    if plan.skip:
        notes.append(f"The table begins in row {plan.skip + 1}; what stands above it is left out.")
    if not plan.header and plan.format in ("csv", "tsv"):
        notes.append("The file has no line with the names of columns; they are numbered.")
    if "id" not in plan.columns:
        notes.append("No column holds ids. A row is recognised again by its network, author, text and date.")
    long = [one for one in _told(sample, plan.columns.get("id")) if one.isdigit() and len(one) >= 16]
    if len(long) >= 5 and all(one.endswith("00") for one in long):
        notes.append("The ids look as if a spreadsheet had rounded them: all end in zeros. Check the file's origin.")
    return tuple(notes)
