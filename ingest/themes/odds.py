"""Odds: which phrases one set of posts says more often than another.

The log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi and Quinn, "Fightin' Words" (Political
Analysis 16, 2008, section 3.5.1), on the number of posts that hold a phrase: a post that repeats itself counts once.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from listening.query.common_words import COMMON

PRIOR = 100.0
"""Posts that the prior is worth: their phrases are those of both sets together."""
LEAST_PRIOR = 0.05
POST_WORDS = 15


@dataclass(frozen=True, slots=True)
class Counts:
    """How many posts there are, and how many of them hold each phrase."""

    posts: int
    phrases: Mapping[str, int]


def z_scores(ours: Counts, theirs: Counts) -> dict[str, float]:
    """z of each phrase of `ours`: above 0 where ours say it more; |z| > 1.96 is more than chance, one by one.

    Empty where either set is, for then there is nothing to compare.
    """
    if not ours.posts or not theirs.posts:
        return {}
    return {
        phrase: _z(n, ours.posts, theirs.phrases.get(phrase, 0), theirs.posts) for phrase, n in ours.phrases.items()
    }


def _z(n: int, posts: int, other_n: int, other_posts: int) -> float:
    prior = max(LEAST_PRIOR, PRIOR * (n + other_n) / (posts + other_posts))
    ours, theirs = n + prior, other_n + prior
    return (_log_odds(ours, posts) - _log_odds(theirs, other_posts)) / math.sqrt(1 / ours + 1 / theirs)


def _log_odds(holding: float, posts: int) -> float:
    return math.log(holding / max(posts + PRIOR - holding, 0.5))


def everyday(ours: Counts) -> Counts:
    """Everyday language as a set of posts: word frequencies by Zipf's law over the list of common words.

    Words that are not in the list, and phrases of several words, are rare.
    """
    posts = 10_000
    rare = {1: 0.0003, 2: 0.0001, 3: 0.00005}
    return Counts(
        posts,
        {
            phrase: round(posts * min(0.5, POST_WORDS * 0.1 / (COMMON[phrase] + 2.7)))
            if phrase in COMMON
            else round(posts * rare[len(phrase.split())])
            for phrase in ours.phrases
        },
    )
