"""Read what a document says about why a brand may be listened for: its record of legitimate interest."""

from dataclasses import fields
from typing import Any

from ingest.configuration.values import expect, known, needed
from listening.interest import Text

NAMES = tuple(field.name for field in fields(Text))
LONGEST = 4000


def read_interest(value: Any, path: str) -> Text:
    """All three answers; a part of a record is none. Raises Misconfigured."""
    told = expect(value, dict, path)
    known(told, NAMES, path)
    return Text(**{name: needed(told, name, path, LONGEST) for name in NAMES})
