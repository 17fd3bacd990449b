"""Verdict: what several people's labels of one mention come to."""

from collections import Counter
from collections.abc import Sequence


def verdict(words: Sequence[str]) -> str | None:
    """The word that more than half of them said; None where there is no such word, and a third look is needed."""
    if not words:
        return None
    word, times = Counter(words).most_common(1)[0]
    return word if 2 * times > len(words) else None
