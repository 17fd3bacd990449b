"""Explain: a query in plain words, as the tree it was read as."""

from dataclasses import dataclass

from listening.query.grammar import Query
from listening.query.nodes import And, Field, Flag, Near, Node, Not, Or, Range, Term, Title, Within

_FIELDS = {
    "author": "the author is {}",
    "site": "the post stands on the site {}",
    "url": "the post's address or a link in it holds {}",
    "lang": "the language is {}",
    "source": "the network is {}",
    "subreddit": "the subreddit is {}",
    "instance": "the instance is {}",
}
_RANGES = {
    "followers": "the author's followers are",
    "rating": "the rating is",
    "engagement": "likes, shares and replies together are",
}
_FLAGS = {
    "original": "it is neither a reply nor a quote nor a repost",
    "reply": "it is a reply",
    "quote": "it quotes another post",
    "repost": "it is a repost",
    "addressed": "it is addressed to the brand",
    "link": "it holds a link",
    "media": "it holds a picture, video or sound",
    "question": "it asks something",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """One part of a query in words, and the parts below it. As a string: the whole tree, indented."""

    sentence: str
    children: "tuple[Explained, ...]" = ()

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self, depth: int = 0) -> list[str]:
        return ["  " * depth + self.sentence, *(line for child in self.children for line in child.lines(depth + 1))]


def explain(query: Query) -> Explained:
    """What the query finds, in plain words."""
    inner = _said(query.root)
    if inner.children:
        return Explained(f"Finds posts where {inner.sentence}", inner.children)
    return Explained(f"Finds posts where {inner.sentence}.")


def _said(node: Node) -> Explained:
    match node:
        case And(children):
            return Explained("all of these hold:", tuple(map(_said, children)))
        case Or(children):
            return Explained("at least one of these holds:", tuple(map(_said, children)))
        case Not(child):
            inner = _said(child)
            return Explained(f"it is not so that {inner.sentence}", inner.children)
        case Near():
            return _near(node)
        case Within(items, distance):
            words = f"all of these stand together, with at most {_words(distance)} between the first and the last:"
            return Explained(words, tuple(map(_said, items)))
        case Title(child):
            inner = _said(child)
            return Explained(f"in the title {inner.sentence}", inner.children)
    return Explained(_leaf(node))


def _near(node: Near) -> Explained:
    order = "in this order" if node.ordered else "in either order"
    sentence = f"both of these stand {order}, with at most {_words(node.distance)} between them:"
    return Explained(sentence, (_said(node.left), _said(node.right)))


def _leaf(node: Node) -> str:
    match node:
        case Term():
            return _term(node)
        case Field(name, values):
            return _FIELDS[name].format(" or ".join(values))
        case Range():
            return f"{_RANGES[node.name]} {_bounds(node)}"
        case Flag(_, name):
            return _FLAGS[name]
    raise TypeError(f"{type(node).__name__} is no leaf")


def _term(term: Term) -> str:
    match term.kind:
        case "raw":
            return f"exactly the characters {term.text} appear"
        case "hashtag":
            return f"the hashtag #{term.text} appears"
        case "handle":
            return f"the handle @{term.text} appears"
    many = len(term.text.split()) > 1
    what = f"the phrase “{term.text}” appears" if many else f"the word “{term.text}” appears"
    notes = ["in exactly this case"] if term.kind == "case" else []
    notes += ["* being any continuation"] if "*" in term.text else []
    notes += ["? being exactly one character"] if "?" in term.text else []
    return ", ".join([what, *notes])


def _bounds(node: Range) -> str:
    low, high = (
        None if bound is None else f"{bound:,.6g}" if bound < 1e6 else f"{bound:,.0f}"
        for bound in (node.low, node.high)
    )
    if low is None:
        return "told" if high is None else f"told and at most {high}"
    return f"at least {low}" if high is None else f"between {low} and {high}"


def _words(distance: int) -> str:
    return "1 word" if distance == 1 else f"{distance} words"
