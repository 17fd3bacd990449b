"""Whatever is handed in, it is read or refused with a sentence; nothing else happens."""

import csv
import io
import json
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from ingest.importing import Plan, RowError, Unusable, guess, read
from ingest.record import Record

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    ["id", "text", "data", "created_at", "author_id", "entities", "referenced_tweets", "includes", "meta"]
)
posts = st.dictionaries(fields, json_values, max_size=6)


def read_all(data: bytes) -> None:
    try:
        plan = guess(io.BytesIO(data))
        rows = list(read(io.BytesIO(data), Plan.from_json(json.loads(json.dumps(plan.as_json())))))
    except Unusable as error:
        assert error.sentence
    else:
        assert all(isinstance(row, Record | RowError) for row in rows)


@QUICK
@given(st.binary(max_size=300))
def test_it_reads_any_bytes(data: bytes) -> None:
    read_all(data)


@QUICK
@given(st.text(alphabet='ab1,;\t"\\\n\r{}[]: é😀\x00', max_size=120), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_it_reads_any_text(text: str, encoding: str) -> None:
    read_all(text.encode(encoding, "replace"))
    read_all(b"sep=;\r\n" + text.encode(encoding, "replace"))


@QUICK
@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=5), min_size=1, max_size=8))
def test_it_reads_any_table(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    read_all(("id,date,text\n" + out.getvalue()).encode("utf-8", "surrogatepass"))


@QUICK
@given(st.lists(posts | json_values, min_size=1, max_size=5), st.booleans())
def test_it_reads_any_json(values: list[Any], as_lines: bool) -> None:
    text = "\n".join(map(json.dumps, values)) if as_lines else json.dumps(values)
    read_all(text.encode())
