"""Reading files of posts: look at the start of one, guess a plan, have it confirmed, then read row by row."""

from ingest.importing.guessing import guess
from ingest.importing.plan import FIELDS, Plan, Question, RowError, Unusable
from ingest.importing.reading import read

__all__ = ["FIELDS", "Plan", "Question", "RowError", "Unusable", "guess", "read"]
