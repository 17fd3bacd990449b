"""What to type into X's search for a query, so that it finds too much and never too little.

X knows words, quoted phrases, #tags, @names, from:, url:, is: and has:, AND as a space, OR and brackets, in at most
512 characters. It has no NEAR, no wildcards, no case; what is denied is fetched and dropped by the judge, because X's
idea of a word is not ours. https://docs.x.com/x-api/posts/search/integrate/build-a-query
"""

import re
from collections.abc import Sequence

from listening.query import Query
from listening.query.nodes import And, Field, Flag, Near, Node, Or, Term, Within

LONGEST = 512
NO_ADVERTISEMENTS = "-is:nullcast"
MOST_LEFT_OUT = 3
ROOM = LONGEST - len(f"() {NO_ADVERTISEMENTS}") - MOST_LEFT_OUT * len(" -from:123456789012345")

Choice = Sequence[str] | None
"""Alternatives, each a search of its own; none: it can never be on X; None: X cannot narrow by it."""

_HANDLE = re.compile(r"@?\w{1,15}", re.ASCII)
_TAG = re.compile(r"\w+")
_FLAGS = {
    ("is", "reply"): "is:reply",
    ("is", "quote"): "is:quote",
    ("has", "link"): "has:links",
    ("has", "media"): "has:media",
}
_OWN_HOSTS = ("x.com", "twitter.com")


def search_texts(query: Query, own: Sequence[str] = ()) -> list[str]:
    """Texts for X's search, 512 characters each at most; empty where X's search can't help.

    `own` are handles whose posts are left out, the first three of them: what a brand says itself is no mention.
    """
    found = _choice(query.root)
    left_out = [f"-from:{handle}" for handle in own if _HANDLE.fullmatch(handle)][:MOST_LEFT_OUT]
    return [" ".join([f"({text})", NO_ADVERTISEMENTS, *left_out]) for text in _packed(found or ())]


def _choice(node: Node) -> Choice:
    match node:
        case Term():
            return _of_term(node)
        case Or(children):
            parts = [_choice(child) for child in children]
            one_each = dict.fromkeys(one for part in parts for one in part or ())
            return None if any(part is None for part in parts) else list(one_each)
        case And(children):
            return _all([_choice(child) for child in children], [_flag(child) for child in children])
        case Near(left, right):
            return _all([_choice(left), _choice(right)], [])
        case Within(items):
            return _all([_choice(item) for item in items], [])
        case Field(name, values):
            return _of_field(name, values)
    return None


def _of_term(term: Term) -> Choice:
    """A word is also looked for as a hashtag and as a name, which X tells apart from words."""
    text = " ".join(term.text.replace('"', " ").split())
    if term.kind in ("word", "phrase", "hashtag", "handle") and set(text) & set("*?") or not re.search(r"\w", text):
        return None
    if term.kind == "hashtag":
        return [f"#{text}"]
    if term.kind == "handle":
        return [f"@{text}"] if _HANDLE.fullmatch(text) else []
    word = text if _TAG.fullmatch(text) and text not in ("OR", "AND", "NOT") else f'"{text}"'
    joined = "" if term.kind == "raw" else text.replace(" ", "")
    variants = [word]
    variants += [f"#{joined}"] if _TAG.fullmatch(joined) else []
    variants += [f"@{joined}"] if _HANDLE.fullmatch(joined) else []
    return variants if all(len(variant) <= ROOM for variant in variants) else None


def _of_field(name: str, values: Sequence[str]) -> Choice:
    if name == "author":
        fits = all(_HANDLE.fullmatch(value) for value in values)
        return [f"from:{value.removeprefix('@')}" for value in values] if fits else None
    if name == "url":
        plain = [re.sub(r"^\w+://(?:www\.)?", "", value).split("*")[0].replace('"', "") for value in values]
        own = any(one.startswith(_OWN_HOSTS) for one in plain)
        return None if own or not all(plain) else [f'url:"{one}"' for one in plain]
    if name == "site":
        return None if any(value.removeprefix("www.") in _OWN_HOSTS for value in values) else []
    if name == "source":
        return None if any(value.lower() in ("x", "twitter") for value in values) else []
    return [] if name in ("subreddit", "instance") else None


def _flag(node: Node) -> str | None:
    """Operators that X takes only beside a word."""
    return _FLAGS.get((node.group, node.name)) if isinstance(node, Flag) else None


def _all(choices: Sequence[Choice], flags: Sequence[str | None]) -> Choice:
    """Parts that must all hold: the shortest, narrowed by as many of the others as there is room for."""
    told = sorted((choice for choice in choices if choice is not None), key=lambda one: (len(_group(one)), one))
    if not told or not all(told):
        return told[0] if told else None
    narrowing = [_group(choice) for choice in told[1:]] + [flag for flag in flags if flag]
    if len(_group(told[0])) > ROOM:
        return told[0]
    text = _group(told[0])
    for part in narrowing:
        if len(text) + 1 + len(part) <= ROOM - len("()"):
            text += f" {part}"
    return told[0] if text == _group(told[0]) else [text]


def _group(choice: Sequence[str]) -> str:
    """Alternatives as one operand; those that are several operands get brackets of their own."""
    inner = " OR ".join(f"({one})" if " " in _unquoted(one) and len(choice) > 1 else one for one in choice)
    return f"({inner})" if len(choice) > 1 else inner


def _packed(choice: Sequence[str]) -> list[str]:
    """As few texts as hold all alternatives."""
    texts: list[str] = []
    for one in choice:
        part = f"({one})" if " " in _unquoted(one) and len(choice) > 1 else one
        if texts and len(texts[-1]) + len(" OR ") + len(part) <= ROOM:
            texts[-1] += f" OR {part}"
        else:
            texts.append(part)
    return texts


def _unquoted(text: str) -> str:
    return re.sub(r'"[^"]*"', "", text)
