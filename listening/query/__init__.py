"""The query language: one language for tracking, searching, previews and history."""

from listening.query.errors import QueryError
from listening.query.fold import fold
from listening.query.grammar import MAX_CHARACTERS, MAX_TERMS, Query, parse
from listening.query.matcher import Match, Matcher
from listening.query.post import Post

__all__ = ["MAX_CHARACTERS", "MAX_TERMS", "Match", "Matcher", "Post", "Query", "QueryError", "fold", "parse"]
