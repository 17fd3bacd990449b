"""What to type into X's search for a query: the coarse texts, without advertisements and the brand's own posts."""

import re
from collections.abc import Sequence

from listening.query import Query
from listening.query.coarse.x import LONGEST, coarse

NO_ADVERTISEMENTS = "-is:nullcast"
MOST_LEFT_OUT = 3

_HANDLE = re.compile(r"\w{1,15}", re.ASCII)


def search_texts(query: Query, own: Sequence[str] = ()) -> list[str]:
    """Texts of at most 512 characters; empty where X's search can't help, or no post of X can match.

    `own` are handles whose posts are left out, the first three of them: what a brand says itself is no mention.
    """
    left_out = [f"-from:{handle}" for handle in own if _HANDLE.fullmatch(handle)][:MOST_LEFT_OUT]
    conditions = " ".join([NO_ADVERTISEMENTS, *left_out])
    return [f"({text}) {conditions}" for text in coarse(query, LONGEST - len(f"() {conditions}")).searches]


def notes(query: Query) -> Sequence[str]:
    """Sentences on what X's search cannot say."""
    answer = coarse(query)
    return answer.notes if answer.searches or not answer.complete else ["No post of X can match this query."]
