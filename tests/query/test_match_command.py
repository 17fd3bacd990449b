"""`manage.py match` answers good rows, tells bad ones, and needs no database."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(tmp_path: Path, queries: object, posts: str, *, stdin: bool = False) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a database that cannot be reached."""
    (tmp_path / "queries.json").write_text(json.dumps(queries), encoding="utf-8")
    (tmp_path / "posts.jsonl").write_text(posts, encoding="utf-8")
    source = "-" if stdin else str(tmp_path / "posts.jsonl")
    return subprocess.run(
        [sys.executable, "manage.py", "match", "--queries", str(tmp_path / "queries.json"), source],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        input=posts if stdin else "",
        capture_output=True,
        text=True,
        timeout=60,
    )


def answers(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_it_prints_matching_ids_and_spans_in_order(tmp_path: Path) -> None:
    posts = '{"id": 5, "text": "café Acme", "lang": "en"}\n{"text": "acme fail", "title": "Acme"}\n'
    queries = [{"id": "a", "query": "acme NOT fail"}, {"id": 2, "query": "lang:en OR title:acme"}]
    done = run(tmp_path, queries, posts)
    assert done.returncode == 0, done.stderr
    assert answers(done) == [
        {"row": 1, "id": 5, "matches": [{"query": "a", "spans": [[5, 9]]}, {"query": 2, "spans": []}]},
        {"row": 2, "matches": [{"query": 2, "spans": [], "title_spans": [[0, 4]]}]},
    ]


def test_it_tells_each_bad_row_and_still_answers_the_good_ones(tmp_path: Path) -> None:
    posts = '\ufeff{"text": "acme"}\nnope\n\n{"text": 5}\n{"text": "x", "followers": "5"}\n[]\n{"text": "ACME"}\n'
    done = run(tmp_path, {"a": "acme"}, posts, stdin=True)
    assert done.returncode == 1
    assert [answer["row"] for answer in answers(done)] == [1, 7]
    told = done.stderr.splitlines()
    assert [line.split(":")[0] for line in told[:-1]] == ["row 2", "row 4", "row 5", "row 6"]
    assert told[-1] == "4 of 7 rows could not be read."


def test_it_reads_posts_with_the_names_of_records(tmp_path: Path) -> None:
    post = {"text": "hi", "network": "x", "author": {"handle": "jane", "id": "7", "name": "Jane", "followers": 900}}
    done = run(tmp_path, {"a": "source:x AND author:jane AND followers:[500 TO *]"}, json.dumps(post))
    assert answers(done)[0]["matches"] == [{"query": "a", "spans": []}]


def test_it_points_at_the_mistake_in_a_query(tmp_path: Path) -> None:
    done = run(tmp_path, {"a": "acme AND (fail"}, '{"text": "acme"}')
    assert done.returncode == 1
    assert "Query a: This ( is not closed." in done.stderr
    assert "acme AND (fail\n         ^" in done.stderr
    assert done.stdout == ""
