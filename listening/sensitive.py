"""Sensitive: words of health, politics, religion and sex life, after which Earshot names and finds nothing.

A theme, a tag or a rule with such a name would sort people by what article 9 of the GDPR protects. The list
(sensitive.txt) is deliberately wide. Pure: no database.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from listening.query import fold
from listening.query.script import is_unspaced

_WORD = re.compile(r"[^\W\d_]+")
TOPICS = {"health": "health", "politics": "politics", "religion": "religion", "sex": "sex life"}


def sensitive(name: str) -> str | None:
    """Why this can't be a name, in a sentence; None where it can."""
    for word in _words(name):
        if topic := topic_of(word):
            return (
                f"“{name}” speaks of {TOPICS[topic]} (“{word}”): Earshot sorts nobody by health, politics, religion or "
                "sex life. Name what went wrong, not what a person is."
            )
    return None


def is_sensitive(word: str) -> bool:
    """Of one folded word."""
    return topic_of(word) is not None


@lru_cache(maxsize=65_536)
def topic_of(word: str) -> str | None:
    """The topic that a folded word belongs to. Scripts without spaces are looked through at every place."""
    whole, starts, inside = _table()
    if word in whole:
        return whole[word]
    for length in range(1, len(word) + 1):
        if topic := starts.get(word[:length]):
            return topic
    return next((topic for part, topic in inside.items() if part in word), None)


def _words(name: str) -> list[str]:
    return [word for token in fold(name).split() for word in _WORD.findall(token)]


@cache
def _table() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """(whole words, starts of words, parts of unspaced scripts), each with its topic."""
    whole: dict[str, str] = {}
    starts: dict[str, str] = {}
    inside: dict[str, str] = {}
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        topic, _, words = line.partition(":")
        for word in fold(words).split() if words and not line.startswith("#") else ():
            kind = inside if is_unspaced(word) else starts if word.endswith("*") else whole
            kind.setdefault(word.removesuffix("*"), topic)
    return whole, starts, inside
