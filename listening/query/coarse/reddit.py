"""Reddit: search knows AND, OR, brackets, quotes and subreddit:, at most 512 characters; it finds submissions only.

https://support.reddithelp.com/hc/en-us/articles/19696541895316
"""

from collections.abc import Iterator

from listening.query.coarse.answer import Coarse
from listening.query.coarse.notes import dropped, unsure
from listening.query.coarse.tree import ALL, NONE, Coarser, Every, Has, Some, every, some, weaken
from listening.query.coarse.words import whole_words
from listening.query.fields import canonical_source
from listening.query.grammar import Query
from listening.query.nodes import Field, Node, Term

LONGEST = 512
_COMMENTS = "Reddit's search finds submissions; comments come from the subreddits that the source follows."


def coarse(query: Query, longest: int = LONGEST) -> Coarse:
    """Searches of at most `longest` characters each."""
    tree = weaken(query.root, _leaf)
    notes = [*dropped(query.root, "Reddit", _can), _COMMENTS]
    if tree == ALL:
        return Coarse((), False, (*notes, "Reddit can't search for this: give the query a whole word beside it."))
    doubts = tuple(unsure(query.root, "Reddit"))
    return Coarse(tuple(_split(tree, longest)) if tree != NONE else (), not doubts, (*notes, *doubts))


def _can(node: Node) -> bool:
    return isinstance(node, Field) and node.name in ("source", "subreddit")


def _leaf(node: Node) -> Coarser:
    if isinstance(node, Field) and node.name == "source":
        return ALL if any(canonical_source(value) == "reddit" for value in node.values) else NONE
    if isinstance(node, Field) and node.name == "subreddit":
        plain = [value.lower().removeprefix("/").removeprefix("r/") for value in node.values]
        return some(Has(f"subreddit:{value}") for value in plain) if all(map(str.isidentifier, plain)) else ALL
    if isinstance(node, Field) and node.name == "instance":
        return NONE
    words = whole_words(node) if isinstance(node, Term) else None
    if not words:
        return ALL
    return Has(f'"{" ".join(words)}"')


def _split(tree: Coarser, longest: int) -> Iterator[str]:
    """The tree as texts that fit: an OR is dealt out, of an AND the longest parts are left out."""
    text = written(tree)
    if len(text) <= longest or isinstance(tree, Has):
        yield text[:longest]
    elif isinstance(tree, Some):
        half = len(tree.parts) // 2
        yield from _split(some(tree.parts[:half]), longest)
        yield from _split(some(tree.parts[half:]), longest)
    elif isinstance(tree, Every):
        yield from _split(every(sorted(tree.parts, key=lambda part: len(written(part)))[:-1]), longest)


def written(tree: Coarser) -> str:
    match tree:
        case Has(text):
            return text
        case Every(parts):
            return " AND ".join(f"({written(part)})" if isinstance(part, Some) else written(part) for part in parts)
        case Some(parts):
            return " OR ".join(f"({written(part)})" if isinstance(part, Every) else written(part) for part in parts)
    return ""
