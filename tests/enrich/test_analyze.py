"""`manage.py analyze`: one JSON line per row, in order, whatever the rows are."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ingest.enrich import sentiment
from tests import keywords
from tests.builders import a_brand

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ["I love it", "Still no reply, day 6. This is awful!", "Das Paket kam leider schon wieder nicht an"]


def analyze(path: Path | str, *args: str) -> tuple[list[dict[str, Any]], str, int]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("analyze", str(path), *args, stdout=out, stderr=err)
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), code


def a_file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, "utf-8", newline="")
    return path


FILES = {
    "a.jsonl": "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(TEXTS)),
    "a.tsv": "id\ttext\n" + "".join(f"{n}\t{text}\n" for n, text in enumerate(TEXTS)),
    "a.csv": "id,text\r\n" + "".join(f'{n},"{text}"\r\n' for n, text in enumerate(TEXTS)),
    "unnamed": "\ufeffid,text\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate(TEXTS)),
}


@pytest.mark.parametrize("name", FILES)
def test_it_answers_row_by_row_in_every_format(tmp_path: Path, name: str) -> None:
    found, err, code = analyze(a_file(tmp_path, name, FILES[name]))
    assert [str(row["id"]) for row in found] == ["0", "1", "2"]
    assert [row["sentiment"]["label"] for row in found] == ["positive", "negative", "negative"]
    assert [row["complaint"]["flagged"] for row in found] == [False, True, False]
    assert found[2]["language"] == "de"
    assert (err, code) == ("", 0)


def test_its_lines_say_what_a_scorer_needs(tmp_path: Path) -> None:
    found, _, _ = analyze(a_file(tmp_path, "a.jsonl", FILES["a.jsonl"]))
    for row in found:
        assert 0 <= row["complaint"]["p"] <= 1
        probabilities = [row["sentiment"][f"p_{one}"] for one in ("negative", "neutral", "positive")]
        assert None in probabilities or sum(probabilities) == pytest.approx(1)
    reasons = {reason["words"]: reason["why"] for reason in found[1]["complaint"]["reasons"]}
    assert reasons["no reply"] == "got no answer"
    assert found[2]["complaint"] == {
        "flagged": False,
        "p": 0.0,
        "scored": False,
        "reasons": [],
        "engine": "complaint-1",
        "kind": "",
        "strength": None,
        "asks": "",
        "waiting_days": None,
        "details_engine": "kind-1 strength-1 asks-1 waiting-1",
    }


def test_it_analyzes_with_the_engine_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sentiment.ENGINES, "keywords", keywords.KNOWN)
    path = a_file(tmp_path, "a.jsonl", '{"text": "good and bad, and it broke"}\n{"text": "I love it"}\n')
    (close, other), _, _ = analyze(path, "--engine", "keywords")
    assert (close["sentiment"]["label"], close["sentiment"]["unsure"]) == ("positive", True)
    assert close["sentiment"]["engine"] == close["complaint"]["engine"] == "keywords-7"
    assert close["complaint"]["flagged"] and close["complaint"]["p"] > 0.5
    assert (other["sentiment"]["label"], other["sentiment"]["unsure"]) == ("neutral", False)
    (_, by_default), _, _ = analyze(path)
    assert by_default["sentiment"]["engine"].startswith("earshot-") and by_default["sentiment"]["label"] == "positive"
    with pytest.raises(CommandError, match="vader"):
        analyze(path, "--engine", "crystal ball")


def test_a_backslash_escapes_in_tsv_and_quotes_are_quotes(tmp_path: Path) -> None:
    found, _, _ = analyze(a_file(tmp_path, "a.tsv", 'text\nsaid "no\\\tnever\\\nagain"\nfine\n'))
    assert len(found) == 2


def test_a_quoted_newline_is_one_row_in_csv(tmp_path: Path) -> None:
    found, _, _ = analyze(a_file(tmp_path, "a.csv", 'text,id\n"one\ntwo, ""three""",7\n'))
    assert [row["id"] for row in found] == ["7"]


def test_bad_rows_keep_their_place_are_named_and_fail_the_run(tmp_path: Path) -> None:
    lines = ['{"text": "fine"}', "{broken", '["text"]', '{"id": 4, "text": 5}', '{"id": 5, "text": "good"}']
    found, err, code = analyze(a_file(tmp_path, "a.jsonl", "\n".join(lines) + "\n"))
    assert ["error" in row for row in found] == [False, True, True, True, False]
    assert found[3]["id"] == 4 and found[4]["id"] == 5
    assert "Line 2:" in err and "Line 4:" in err and "3 rows could not be read" in err
    assert code == 1


def test_a_row_with_too_few_fields_is_a_bad_row(tmp_path: Path) -> None:
    found, err, code = analyze(a_file(tmp_path, "a.csv", "id,text,more\n1,a,b\n2,a\n3,c,d\n"))
    assert ["error" in row for row in found] == [False, True, False]
    assert "Line 3: This row has 2 fields, the header has 3." in err
    assert code == 1


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud83d"])
def test_a_text_of_nothing_is_a_row_like_any_other(tmp_path: Path, text: str) -> None:
    found, _, code = analyze(a_file(tmp_path, "a.jsonl", json.dumps({"text": text}) + "\n"))
    assert (found[0]["language"], found[0]["sentiment"]["label"], code) == ("unknown", "unscored", 0)


def test_an_empty_file_gives_nothing(tmp_path: Path) -> None:
    assert analyze(a_file(tmp_path, "a.jsonl", "")) == ([], "", 0)


def test_it_uses_the_language_that_a_row_tells(tmp_path: Path) -> None:
    found, _, _ = analyze(a_file(tmp_path, "a.jsonl", '{"text": "I love it so much", "lang": "en"}\n'))
    assert found[0]["language"] == "en"


def test_names_given_are_masked_before_scoring(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a.jsonl", '{"text": "United never answers my emails at all"}\n')
    seen, _, _ = analyze(path)
    masked, _, _ = analyze(path, "--names", "united, delta")
    assert seen[0]["sentiment"]["compound"] != masked[0]["sentiment"]["compound"]


@pytest.mark.django_db
def test_a_brands_names_and_accounts_are_masked(tmp_path: Path) -> None:
    brand = a_brand("United", slug="united")
    brand.handles.create(network="x", handle="lovelyflights")
    path = a_file(tmp_path, "a.jsonl", '{"text": "lovelyflights and United, where is my bag?"}\n')
    found, _, _ = analyze(path, "--brand", "united")
    assert found[0]["sentiment"]["compound"] == 0
    with pytest.raises(CommandError, match="united"):
        analyze(path, "--brand", "nobody")


def test_a_column_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a.csv", "id,body\n1,hello there\n")
    with pytest.raises(CommandError, match="id, body"):
        analyze(path)
    found, _, code = analyze(path, "--text", "body")
    assert (len(found), code) == (1, 0)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        analyze(tmp_path / "none.csv")


def test_a_reader_that_has_seen_enough_is_no_error_to_shout_about(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a.jsonl", FILES["a.jsonl"] * 3000)
    command = [sys.executable, "manage.py", "analyze", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""


def test_the_same_file_gives_the_same_bytes_from_a_pipe_without_a_database(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "analyze", "-"]
    environment = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    runs = [
        subprocess.run(command, input=FILES["a.jsonl"].encode(), capture_output=True, cwd=ROOT, env=environment)
        for _ in range(2)
    ]
    assert runs[0].returncode == 0, runs[0].stderr
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.count(b"\n") == 3
