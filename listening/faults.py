"""Faults: what of an unforeseen error may be kept and logged. Its message may quote the post, so only its place is."""

import logging
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


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


class Unforeseen(Exception):
    """An unknown error as it may leave for the log of whoever called: its kind and place, not its words."""
