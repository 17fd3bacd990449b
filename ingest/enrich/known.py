"""Known: what was worked out for a word, kept for the next time; people say the same words again and again."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 65_536


class Known(dict[str, T], Generic[T]):
    """`known[word]` is `work_out(word)`, worked out once. As a plain dictionary it answers faster than a cache that
    keeps an order; when it is full it begins anew.
    """

    def __init__(self, work_out: Callable[[str], T]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, word: str) -> T:
        if len(self) >= MOST:
            self.clear()
        self[word] = found = self._work_out(word)
        return found
