"""Bluesky: searchPosts wants all words of a search, phrases in quotes; it knows neither OR nor wildcards.

Lexicon app.bsky.feed.searchPosts. The live stream needs no search: every post passes the matcher.
"""

from listening.query.coarse.answer import Coarse
from listening.query.coarse.notes import dropped, unsure
from listening.query.coarse.tree import ALL, NONE, Coarser, Has, alternatives, weaken
from listening.query.coarse.words import whole_words
from listening.query.fields import canonical_source
from listening.query.grammar import Query
from listening.query.nodes import Field, Node, Term

MOST = 100


def coarse(query: Query, most: int = MOST) -> Coarse:
    """Searches, each to be sent as `q`; at most `most` of them."""
    found = alternatives(weaken(query.root, _leaf), most)
    notes = tuple(dropped(query.root, "Bluesky", lambda node: isinstance(node, Field) and node.name == "source"))
    doubts = tuple(unsure(query.root, "Bluesky"))
    if found is None:
        return Coarse(
            (), False, (*notes, "Bluesky's search can't look for this: give the query a whole word beside it.")
        )
    return Coarse(tuple(dict.fromkeys(" ".join(one) for one in found)), not doubts, (*notes, *doubts))


def _leaf(node: Node) -> Coarser:
    if isinstance(node, Field) and node.name == "source":
        return ALL if any(canonical_source(value) == "bluesky" for value in node.values) else NONE
    if isinstance(node, Field) and node.name == "subreddit":
        return NONE
    if not isinstance(node, Term):
        return ALL
    words = whole_words(node)
    if not words or (node.kind == "hashtag" and set(node.text) & set("*?")):
        return ALL
    return Has(words[0] if len(words) == 1 else f'"{" ".join(words)}"')
