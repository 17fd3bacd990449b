"""Grouping: phrases that stand in the same posts become one group.

Average-link clustering on normalised pointwise mutual information (Bouma 2009): 1 for phrases that only occur
together, 0 for those that meet by chance, below 0 counts as 0. No randomness; ties go to the phrases given first.
"""

from collections.abc import Sequence, Set

import numpy as np
from numpy.typing import NDArray

TOGETHER = 0.2
"""Mean association from which two groups are one."""
MOST_PHRASES = 12
"""Phrases of one group; a group that would be larger stays two, so that no theme swallows all others."""


def npmi(holders: Sequence[Set[int]], posts: int) -> NDArray[np.float64]:
    """Association of each two phrases, by the posts that hold them; symmetric, 0 on the diagonal."""
    size = len(holders)
    found = np.zeros((size, size))
    for i in range(size):
        for j in range(i):
            both = len(holders[i] & holders[j])
            if both > 1:
                found[i, j] = found[j, i] = _association(both, len(holders[i]), len(holders[j]), posts)
    return found


def _association(both: int, one: int, other: int, posts: int) -> float:
    if both == posts:
        return 1.0
    return max(0.0, float(np.log(both * posts / (one * other)) / -np.log(both / posts)))


def group(holders: Sequence[Set[int]], posts: int) -> list[list[int]]:
    """Groups of indexes into `holders`, each ascending, in the order of their first one."""
    links = npmi(holders, posts)
    groups = [[i] for i in range(len(holders))]
    sums = links.copy()  # of the associations between two groups' phrases
    alive = np.ones(len(groups), dtype=bool)
    sizes = np.ones(len(groups))
    while True:
        means = sums / np.outer(sizes, sizes)
        means[~alive] = means[:, ~alive] = -1.0
        means[sizes[:, None] + sizes[None, :] > MOST_PHRASES] = -1.0
        np.fill_diagonal(means, -1.0)
        first, second = (
            (int(n) for n in np.unravel_index(int(np.argmax(means.round(9))), means.shape)) if groups else (0, 0)
        )
        if not groups or means[first, second] < TOGETHER:
            return [sorted(members) for members, lives in zip(groups, alive, strict=True) if lives]
        groups[first] += groups[second]
        sums[first] += sums[second]
        sums[:, first] += sums[:, second]
        sizes[first] += sizes[second]
        alive[second] = False
