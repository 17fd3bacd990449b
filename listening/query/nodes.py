"""The parts a query is made of: a tree of frozen nodes.

Two trees are equal when they say the same; where a part stood in the text (`at`, `end`) does not count.
"""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["word", "phrase", "case", "raw", "hashtag", "handle"]
FIELDS = ("author", "site", "url", "lang", "source", "subreddit", "instance")
RANGES = ("followers", "rating", "engagement")
FLAGS = {
    "is": ("original", "reply", "quote", "repost", "addressed"),
    "has": ("link", "media", "question"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a part stands in the query's text: characters `at` up to, not including, `end`."""

    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Term(Placed):
    """Something to find in the text, without its markers: `acme`, `"customer service"`, `{BT}`, `raw:"C++"`, ..."""

    text: str
    kind: Kind = "word"


@dataclass(frozen=True, slots=True)
class And(Placed):
    """All of these. `spaces` says that at least one AND was only a space."""

    children: "tuple[Node, ...]"
    spaces: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Or(Placed):
    """At least one of these."""

    children: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not(Placed):
    """Everything but this."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Near(Placed):
    """Both, with at most `distance` words between; `ordered`: the left one first."""

    left: "Node"
    right: "Node"
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Within(Placed):
    """All of these, with at most `distance` words between the first and the last."""

    items: "tuple[Node, ...]"
    distance: int


@dataclass(frozen=True, slots=True)
class Title(Placed):
    """The child, looked for in the title alone."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Field(Placed):
    """One of these values in a field of the post."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range(Placed):
    """A number from `low` to `high`, both included; None is open. "Not told" never matches."""

    name: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Flag(Placed):
    """`is:reply`, `has:link`, ..."""

    group: str
    name: str


Node = Term | And | Or | Not | Near | Within | Title | Field | Range | Flag


def children(node: Node) -> tuple[Node, ...]:
    """The parts directly below this one."""
    match node:
        case And(below) | Or(below):
            return below
        case Near(left, right):
            return (left, right)
        case Within(items):
            return items
        case Not(child) | Title(child):
            return (child,)
    return ()


def walk(node: Node) -> "list[Node]":
    """This part and all below it, in reading order."""
    found = [node]
    for child in children(node):
        found.extend(walk(child))
    return found
