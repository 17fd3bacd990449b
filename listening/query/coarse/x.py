"""X: recent search, at most 512 characters a query, several queries where one is too short.

A word is also asked for as a hashtag and a handle, which X tells apart from words. X finds whole words, knows AND
(a space), OR, brackets and quotes, and no wildcards, distances or case.
https://docs.x.com/x-api/posts/search/integrate/build-a-query
"""

import re
from collections.abc import Iterator

from listening.query.coarse.answer import Coarse
from listening.query.coarse.notes import dropped, unsure
from listening.query.coarse.tree import ALL, NONE, Coarser, Every, Everything, Has, Some, every, some, weaken
from listening.query.coarse.words import is_tag, whole_words
from listening.query.fields import canonical_source
from listening.query.grammar import Query
from listening.query.nodes import Field, Node, Term, walk

LONGEST = 512
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")


def coarse(query: Query, longest: int = LONGEST) -> Coarse:
    """Searches of at most `longest` characters each."""
    tree = weaken(query.root, _leaf)
    lost = [f"“{term.text}”" for term in _inexpressible(query.root)]
    notes = list(dropped(query.root, "X", _can))
    if tree == ALL:
        notes.append(f"X can't search for {', '.join(lost) or 'this'} at all: give the query a whole word beside it.")
        return Coarse((), False, tuple(notes))
    searches = tuple(_split(tree, longest)) if tree != NONE else ()
    if any(isinstance(node, Term) and node.kind in ("word", "phrase", "case") for node in walk(query.root)):
        notes.append("X finds whole words: a word inside a longer hashtag such as #AcmeFail is not found there.")
    doubts = tuple(unsure(query.root, "X"))
    return Coarse(searches, not doubts, (*notes, *doubts))


def _can(node: Node) -> bool:
    return isinstance(node, Field) and node.name in ("lang", "source")


def _inexpressible(root: Node) -> Iterator[Term]:
    for node in walk(root):
        if isinstance(node, Term) and _term(node) == ALL:
            yield node


def _leaf(node: Node) -> Coarser:
    if isinstance(node, Term):
        return _term(node)
    if isinstance(node, Field) and node.name == "source":
        return ALL if any(canonical_source(value) == "x" for value in node.values) else NONE
    if isinstance(node, Field) and node.name in ("subreddit",):
        return NONE
    return ALL


def _term(term: Term) -> Coarser:
    words = whole_words(term)
    wild = bool(set(term.text) & set("*?")) and term.kind != "raw"
    if term.kind == "hashtag":
        return ALL if wild or not is_tag(term.text) else Has(f"#{term.text}")
    if term.kind == "handle":
        return Has(f"@{term.text}") if _HANDLE.fullmatch(term.text) else ALL
    if words is None:
        return ALL
    together = "".join(words)
    plain = " ".join(words)
    ways = [plain if len(words) == 1 and plain not in ("and", "or") else f'"{plain}"']
    if not wild and term.kind != "raw" and is_tag(together):
        ways += [f"#{together}"] + ([f"@{together}"] if len(words) == 1 and _HANDLE.fullmatch(together) else [])
    return some(Has(way) for way in ways)


def _split(tree: Coarser, longest: int) -> Iterator[str]:
    """The tree as texts that fit. A long OR is dealt out; of a long AND the longest parts are left out."""
    text = _written(tree)
    if len(text) <= longest:
        yield text
    elif isinstance(tree, Some):
        yield from _dealt(tree, longest)
    elif isinstance(tree, Every):
        yield from _split(every(sorted(tree.parts, key=lambda part: len(_written(part)))[:-1]), longest)
    elif isinstance(tree, Has):
        yield _cut(tree.text, longest)


def _dealt(tree: Some, longest: int) -> Iterator[str]:
    hand: list[Coarser] = []
    for part in tree.parts:
        if len(_written(part)) > longest:
            yield from _split(part, longest)
        elif hand and len(_written(some([*hand, part]))) > longest:
            yield _written(some(hand))
            hand = [part]
        else:
            hand.append(part)
    if hand:
        yield _written(some(hand))


def _cut(text: str, longest: int) -> str:
    """As many words of a phrase as fit."""
    words = text.strip('"').split()
    while len(words) > 1 and len(" ".join(words)) + 2 > longest:
        words.pop()
    return f'"{" ".join(words)}"'[: longest if len(words) > 1 else None]


def _written(tree: Coarser) -> str:
    match tree:
        case Has(text):
            return text
        case Every(parts):
            return " ".join(f"({_written(part)})" if isinstance(part, Some) else _written(part) for part in parts)
        case Some(parts):
            return " OR ".join(f"({_written(part)})" if isinstance(part, Every) else _written(part) for part in parts)
        case Everything():
            return ""
    return ""
