"""Following: which of today's themes is which of yesterday's, so that a theme keeps its id and its name.

Two themes are the same when they share enough of their phrases, or of the posts that hold these (Jaccard: shared over
all). The most alike pairs come first, each theme in one pair at most.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from ingest.themes.finding import Found, name_of

SAME = 0.3


@dataclass(frozen=True, slots=True)
class Known:
    """A theme of before, with the posts of today that hold one of its phrases."""

    id: int
    phrases: tuple[str, ...]
    holders: frozenset[int] = frozenset()


def follow(found: Sequence[tuple[Found, Set[int]]], known: Iterable[Known]) -> list[int | None]:
    """For each found theme, given with the posts that hold it, the id of the known one that it continues, or None."""
    pairs = []
    for place, (theme, holders) in enumerate(found):
        for one in known:
            alike = max(jaccard(set(theme.phrases), set(one.phrases)), jaccard(holders, one.holders))
            if alike >= SAME:
                pairs.append((-alike, one.id, place))
    ids: list[int | None] = [None] * len(found)
    taken: set[int] = set()
    for _, id_, place in sorted(pairs):
        if ids[place] is None and id_ not in taken:
            ids[place] = id_
            taken.add(id_)
    return ids


def jaccard(one: Set[object], other: Set[object]) -> float:
    """Shared over all; 0 where both are empty."""
    return len(one & other) / len(one | other) if one or other else 0.0


def kept_name(name: str, theme: Found) -> str:
    """The name of before while each of its parts is still said, else the new one: names do not flutter."""
    return name if set(name.split(" · ")) <= set(theme.phrases) else theme.name


def wanted(theme: Found, removed: Iterable[str]) -> Found | None:
    """The theme without phrases that are, lie within or hold a phrase of a theme that a person removed.

    None where these were at least half of it.
    """
    padded = [f" {phrase} " for phrase in removed]
    left = [own for own in theme.phrases if not any(f" {own} " in one or one in f" {own} " for one in padded)]
    if len(left) == len(theme.phrases):
        return theme
    return replace(theme, phrases=tuple(left), name=name_of(left)) if 2 * len(left) > len(theme.phrases) else None
