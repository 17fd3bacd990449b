"""Sorting: which theme a mention belongs to. Pure, and the only judge: one theme or none.

Themes that an admin made come first, in the order in which they were made; then the machine's theme with the most
phrases in the post, and among equals the oldest.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.enrich.masking import Names
from ingest.themes.words import phrases
from listening.query import Matcher, Post, Query, QueryError, parse

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """One live theme: a query, or phrases; its mentions are counted for theme `counts_as`."""

    id: int
    counts_as: int
    query: str = ""
    phrases: tuple[str, ...] = ()


class Sorter:
    """All live themes of a brand, compiled once."""

    def __init__(self, rules: Sequence[Rule], names: Names) -> None:
        self._names = names
        self._counts_as = {rule.id: rule.counts_as for rule in rules}
        queries = _compile(rules)
        self._order = {id_: place for place, id_ in enumerate(queries)}
        self._matcher = Matcher(queries) if queries else None
        self._by_phrase: dict[str, list[int]] = {}
        for rule in rules:
            for phrase in rule.phrases:
                self._by_phrase.setdefault(phrase, []).append(rule.id)

    def theme_of(self, folded: str, language: str, text: str, post: Callable[[], Post], title: str = "") -> int | None:
        """The id of the theme that counts this mention; `text` and `title` are the post's own, `folded` both folded."""
        if self._matcher is not None and (matches := self._matcher.match_text(text, post, title)):
            return self._counts_as[min((match.query_id for match in matches), key=self._order.__getitem__)]
        if not self._by_phrase:
            return None
        found = Counter(
            id_ for phrase in phrases(folded, language, self._names) for id_ in self._by_phrase.get(phrase, ())
        )
        return self._counts_as[min(found, key=lambda id_: (-found[id_], id_))] if found else None


def _compile(rules: Sequence[Rule]) -> dict[int, Query]:
    """Parsed queries by theme, the oldest first. One that cannot be read any more is left out loudly."""
    parsed = {}
    for rule in sorted(rules, key=lambda rule: rule.id):
        if rule.query:
            try:
                parsed[rule.id] = parse(rule.query)
            except QueryError as error:
                logger.error("theme %s is left out: %s", rule.id, error.sentence)
    return parsed
