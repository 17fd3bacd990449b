"""Agreement: how far two people who label the same posts agree beyond chance."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from listening.quality.intervals import Share, Z, share


@dataclass(frozen=True, slots=True)
class Agreement:
    """`same` counts the posts on which both said the same; kappa (Cohen 1960) is 1 for full agreement, 0 for no more
    than chance; None where it is not defined: no posts, or both always said one and the same word."""

    same: Share
    kappa: float | None
    low: float | None
    high: float | None

    @property
    def words(self) -> str:
        """Landis & Koch's words for kappa (1977)."""
        steps = ((0.8, "almost perfect"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"), (0.0, "slight"))
        if self.kappa is None:
            return ""
        return next((word for least, word in steps if self.kappa > least), "none beyond chance")


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Of (one person's word, the other's), with the 95 % interval from Cohen's large-sample standard error."""
    n = len(pairs)
    same = share(sum(one == other for one, other in pairs), n)
    if same.value is None:
        return Agreement(same, None, None, None)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[word] * second[word] for word in first) / (n * n)
    if chance == 1:
        return Agreement(same, None, None, None)
    kappa = (same.value - chance) / (1 - chance)
    half = Z * math.sqrt(same.value * (1 - same.value) / n) / (1 - chance)
    return Agreement(same, kappa, max(-1.0, kappa - half), min(1.0, kappa + half))
