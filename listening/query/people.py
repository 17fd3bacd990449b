"""People: queries that ask who wrote a post. Sources may leave an account out; nobody searches for a person."""

from listening.query.grammar import Query
from listening.query.nodes import Field, walk

NOT_PEOPLE = (
    "Posts are searched by what they say, not by who wrote them: take “author:” out. "
    "A person’s own request is found by an administrator under “People’s requests”."
)


def asks_for_people(query: Query) -> bool:
    """Whether any part of it names an author, wanted or not."""
    return any(isinstance(node, Field) and node.name == "author" for node in walk(query.root))
