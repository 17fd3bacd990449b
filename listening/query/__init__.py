"""The query language: one language for tracking, searching, previews and history."""

from listening.query.errors import QueryError
from listening.query.explain import Explained, explain
from listening.query.fold import fold
from listening.query.golden import Broken, check_golden
from listening.query.grammar import MAX_CHARACTERS, MAX_TERMS, Query, parse
from listening.query.lint import Advice, lint
from listening.query.matcher import Match, Matcher
from listening.query.post import Post
from listening.query.write import write

__all__ = [
    "MAX_CHARACTERS",
    "MAX_TERMS",
    "Broken",
    "Explained",
    "Match",
    "Matcher",
    "Post",
    "Query",
    "QueryError",
    "Advice",
    "check_golden",
    "explain",
    "fold",
    "lint",
    "parse",
    "write",
]
