"""YouTube: search.list takes words, quotes and | for OR, and allows a hundred searches a day: one for each query.

https://developers.google.com/youtube/v3/docs/search/list
"""

from listening.query.coarse.answer import Coarse
from listening.query.coarse.notes import dropped, unsure
from listening.query.coarse.tree import ALL, NONE, Coarser, Has, alternatives, weaken
from listening.query.coarse.words import whole_words
from listening.query.fields import canonical_source
from listening.query.grammar import Query
from listening.query.nodes import Field, Node, Term

MOST = 40
_RANKED = "YouTube ranks by relevance and looks at titles and descriptions; comments are read from known videos."


def coarse(query: Query, most: int = MOST) -> Coarse:
    """At most one search, to be sent as `q`: alternatives joined by |, of each only its longest word or phrase."""
    found = alternatives(weaken(query.root, _leaf), most)
    notes = (*dropped(query.root, "YouTube", lambda node: isinstance(node, Field) and node.name == "source"), _RANKED)
    if found is None:
        return Coarse((), False, (*notes, "YouTube can't search for this: give the query a whole word beside it."))
    doubts = tuple(unsure(query.root, "YouTube"))
    options = dict.fromkeys(max(one, key=len) for one in found)
    return Coarse(("|".join(options),) if options else (), not doubts, (*notes, *doubts))


def _leaf(node: Node) -> Coarser:
    if isinstance(node, Field) and node.name == "source":
        return ALL if any(canonical_source(value) == "youtube" for value in node.values) else NONE
    if isinstance(node, Field) and node.name in ("subreddit", "instance"):
        return NONE
    words = whole_words(node) if isinstance(node, Term) else None
    if not words:
        return ALL
    return Has(words[0] if len(words) == 1 else f'"{" ".join(words)}"')
