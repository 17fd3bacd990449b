"""Hacker News: Algolia wants all words of a search and takes the last as a beginning; no OR, no phrases, no NEAR.

https://hn.algolia.com/api
"""

from listening.query.coarse.answer import Coarse
from listening.query.coarse.notes import dropped, unsure
from listening.query.coarse.tree import ALL, NONE, Coarser, Has, alternatives, weaken
from listening.query.coarse.words import whole_words
from listening.query.fields import canonical_source
from listening.query.grammar import Query
from listening.query.nodes import Field, Node, Term

MOST = 30


def coarse(query: Query, most: int = MOST) -> Coarse:
    """Searches, each to be sent as `query` with typoTolerance off; at most `most` of them."""
    found = alternatives(weaken(query.root, _leaf), most)
    notes = tuple(dropped(query.root, "Hacker News", lambda node: isinstance(node, Field) and node.name == "source"))
    doubts = tuple(unsure(query.root, "Hacker News"))
    if found is None:
        lost = "Hacker News' search can't look for this: give the query a word beside it, or fewer alternatives."
        return Coarse((), False, (*notes, lost))
    return Coarse(tuple(dict.fromkeys(" ".join(one) for one in found)), not doubts, (*notes, *doubts))


def _leaf(node: Node) -> Coarser:
    if isinstance(node, Field) and node.name == "source":
        return ALL if any(canonical_source(value) == "hackernews" for value in node.values) else NONE
    if isinstance(node, Field) and node.name in ("subreddit", "instance"):
        return NONE
    if not isinstance(node, Term):
        return ALL
    words = whole_words(node)
    return Has(" ".join(dict.fromkeys(words))) if words else ALL
