"""Mastodon: hashtag timelines, and on instances that allow it the search of posts.

Without search Mastodon shows strangers' posts by hashtag only, so a query for words is never complete there.
https://docs.joinmastodon.org/methods/timelines/#tag
"""

import re

from listening.query.coarse.answer import Coarse
from listening.query.coarse.notes import dropped, unsure
from listening.query.coarse.tree import ALL, NONE, Coarser, Has, alternatives, weaken
from listening.query.coarse.words import is_tag, whole_words
from listening.query.fields import canonical_source
from listening.query.fold import ACCENTED
from listening.query.grammar import Query
from listening.query.nodes import Field, Node, Term, walk

MOST = 50
_TAGS_ONLY = "Mastodon shows strangers' posts by hashtag only: posts that say this without the hashtag are not seen."


def coarse(query: Query, most: int = MOST) -> Coarse:
    """Hashtags without #, one timeline each: words and phrases are taken for hashtags too."""
    found = alternatives(weaken(query.root, _tag), most)
    terms = [node for node in walk(query.root) if isinstance(node, Term)]
    notes = [*dropped(query.root, "Mastodon", _can)]
    if any(term.kind != "hashtag" for term in terms) or not terms:
        notes.append(_TAGS_ONLY)
    complete = found == [] or (found is not None and all(term.kind == "hashtag" for term in terms))
    tags = dict.fromkeys(max(one, key=len) for one in found or () if one)
    return Coarse(tuple(tags), complete, tuple(notes))


def search(query: Query, most: int = MOST) -> Coarse:
    """Searches for instances whose search reaches posts: all words of a search have to be there."""
    found = alternatives(weaken(query.root, _words), most)
    notes = tuple(dropped(query.root, "Mastodon's search", _can))
    doubts = tuple(unsure(query.root, "Mastodon's search"))
    if found is None:
        return Coarse((), False, (*notes, "Mastodon's search can't look for this: give the query a word beside it."))
    return Coarse(tuple(dict.fromkeys(" ".join(one) for one in found)), not doubts, (*notes, *doubts))


def _can(node: Node) -> bool:
    return isinstance(node, Field) and node.name == "source"


def _elsewhere(node: Node) -> Coarser:
    if isinstance(node, Field) and node.name == "source":
        return ALL if any(canonical_source(value) == "mastodon" for value in node.values) else NONE
    return NONE if isinstance(node, Field) and node.name == "subreddit" else ALL


def _tag(node: Node) -> Coarser:
    if not isinstance(node, Term):
        return _elsewhere(node)
    tag = re.sub(r"\W+", "", ACCENTED.of(node.text))
    wild = node.kind != "raw" and set(node.text) & set("*?")
    return Has(tag) if is_tag(tag) and len(tag) > 1 and not wild and node.kind != "handle" else ALL


def _words(node: Node) -> Coarser:
    if not isinstance(node, Term):
        return _elsewhere(node)
    words = whole_words(node)
    return Has(words[0] if len(words) == 1 else f'"{" ".join(words)}"') if words else ALL
