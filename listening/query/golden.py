"""Golden posts: examples that a query must and must not match; saving a query checks them."""

from collections.abc import Iterable
from dataclasses import dataclass

from listening.query.grammar import Query
from listening.query.matcher import Matcher
from listening.query.post import Post

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Broken:
    """One example that the query gets wrong."""

    text: str
    must: bool

    @property
    def sentence(self) -> str:
        quote = self.text if len(self.text) <= _LONGEST else f"{self.text[: _LONGEST - 1]}…"
        wish, deed = ("must match", "does not") if self.must else ("must not match", "does")
        return f"It {wish} “{quote}”, but {deed}."


def check_golden(query: Query, must: Iterable[Post | str], must_not: Iterable[Post | str]) -> list[Broken]:
    """The examples that the query gets wrong, in the order given; empty when all is well."""
    matcher = Matcher({0: query})
    examples = [(_post(one), True) for one in must] + [(_post(one), False) for one in must_not]
    return [Broken(post.text, wanted) for post, wanted in examples if bool(matcher.match(post)) is not wanted]


def _post(example: Post | str) -> Post:
    return Post(text=example) if isinstance(example, str) else example
