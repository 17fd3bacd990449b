"""Faults: what of an unforeseen error, or of an answer of an unknown shape, may be kept and logged.

Either may quote a post, so of an error only its place is kept, and of an answer only its shape.
"""

import logging
import re
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
_QUOTED = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_WORDS = re.compile(rf"""(["']error(?:_description)?["']\s*:\s*{_QUOTED}|{_QUOTED}\s*:)|{_QUOTED}|["'][^"']*$""")


def place_of(error: BaseException) -> str:
    """ "ValueError in ingest/clean.py, line 120": the kind of error, and the last line of ours that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(HERE) and ".venv" not in frame.filename]
    if not (ours or frames):
        return type(error).__name__
    last = (ours or frames)[-1]
    file = Path(last.filename)
    return f"{type(error).__name__} in {file.relative_to(HERE) if ours else file.name}, line {last.lineno}"


def log(logger: logging.Logger, what: str, error: BaseException) -> None:
    """As `logger.exception`, with the way the error took and without its words."""
    way = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s: %s\n%s", what, place_of(error), way)


def shape_of(raw: str) -> str:
    """JSON, or a printed object, with its names and without what they hold, but for what is called an error; of
    anything else how long it is. A status in front stays."""
    status, _, body = raw.partition(" ") if raw[:3].isdigit() else ("", "", raw)
    shown = _WORDS.sub(lambda found: found[1] or "…", body)
    if body[:1] not in "{[(" or body.lstrip("[({ \n")[:1] not in ("'", '"', "]", "}", ")"):
        shown = f"{len(body):,} characters that are no JSON" if body else ""
    return f"{status} {shown}".strip()


class Unforeseen(Exception):
    """An unknown error as it may leave for the log of whoever called: its kind and place, not its words."""
