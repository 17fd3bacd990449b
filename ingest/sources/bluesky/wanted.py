"""Wanted: which posts of the whole network are worth a Record; may let too much through, never too little.

The judge after ingest decides. Here a post passes when a query may match it, when it speaks to one of the brands' own
accounts, when it is theirs, or when it is an edit: the old text may have been stored, the new one no longer match.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.clean import clean_text
from ingest.sources.bluesky.frames import Event
from ingest.sources.bluesky.loosen import author_handles, loosen
from ingest.sources.bluesky.posts import as_post, references
from listening.query import Matcher, Query, QueryError, parse

_HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\ufeff\u202d\u202e\ufffe\uffff\ud800-\udfff]")
"""What cleaning takes out of the middle of words. All else that it changes makes no difference to the matcher, which
composes characters and reads words itself; cleaning every post of the network would take half of the time."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The queries of some brands, ready for the stream.

    `authors` are handles that `author:` names; `complaints` sentences about queries that the stream cannot answer.
    """

    matcher: Matcher
    authors: frozenset[str]
    complaints: tuple[str, ...]


@lru_cache(maxsize=2)
def searched(queries: tuple[tuple[int, str], ...]) -> Searched:
    """Compiled once per process, and again only when a query changed."""
    parsed, complaints = _parsed(queries)
    loose = {key: weak for key, query in parsed.items() if (weak := loosen(query))}
    complaints += [
        f"Bluesky's stream cannot follow the query {parsed[key].text!r}: it needs a word to look for, or authors' "
        "whole handles (name.bsky.social)."
        for key in parsed.keys() - loose.keys()
    ]
    authors = frozenset(handle for query in parsed.values() for handle in author_handles(query))
    return Searched(Matcher(loose), authors, tuple(complaints))


class Wanted:
    """A filter over events: `own` holds DIDs of the brands' accounts, `authors` handles by DID that queries name."""

    def __init__(self, matcher: Matcher, own: Iterable[str], authors: Mapping[str, str]) -> None:
        self._matcher = matcher
        self._own = frozenset(own)
        self._authors = authors

    def __call__(self, event: Event) -> bool:
        if event.operation == "update":
            return True
        record = event.body.get("record")
        if not isinstance(record, dict):
            return False
        return self._speaks_to_us(event.did, record) or self._may_match(event, record)

    def _speaks_to_us(self, did: str, record: Mapping[str, Any]) -> bool:
        if did in self._own:
            return True
        if not self._own or record.keys().isdisjoint(("reply", "embed", "facets")):
            return False
        return not self._own.isdisjoint(references(record))

    def _may_match(self, event: Event, record: Mapping[str, Any]) -> bool:
        text = record.get("text")
        if not isinstance(text, str):
            return False
        if _HIDDEN.search(text):
            text = clean_text(text)
        author, rkey = self._authors.get(event.did), str(event.body["rkey"])
        return bool(self._matcher.match_text(text, lambda: as_post(event.did, rkey, record, author)))


def _parsed(queries: Iterable[tuple[int, str]]) -> tuple[dict[int, Query], list[str]]:
    parsed: dict[int, Query] = {}
    complaints: list[str] = []
    for key, text in queries:
        try:
            parsed[key] = parse(text)
        except QueryError as error:
            complaints.append(f"The query {text!r} cannot be read and finds nothing: {error.sentence}")
    return parsed, complaints
