"""Labelled posts: the folder that EARSHOT_LABELLED names, read the way their makers wrote them."""

import csv
import html
import os
from collections.abc import Iterator
from pathlib import Path

from ingest.clean import clean_text


def folder() -> Path:
    """The folder of labelled posts. Exits with a sentence when it is not there."""
    path = Path(os.environ.get("EARSHOT_LABELLED", ""))
    if "EARSHOT_LABELLED" not in os.environ or not path.is_dir():
        raise SystemExit("Set EARSHOT_LABELLED to the folder of labelled posts (docs/models/complaint.md names them).")
    return path


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of one tab-separated file with a header, text cleaned as in the product; a backslash escapes."""
    with (folder() / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\"):
            row["text"] = clean_text(html.unescape(row["text"]))
            yield row
