"""Proximity: which occurrences stand near enough to each other."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from listening.query.document import Document, Hit


def near(
    document: Document, left: Sequence[Hit], right: Sequence[Hit], distance: int, ordered: bool
) -> list[tuple[Hit, Hit]]:
    """Pairs (first, second in the text) with at most `distance` words between that do not overlap.

    Not all pairs: for each occurrence its nearest partner on either side, which is enough for the verdict, for the
    spans, and for a NEAR around this one. Both lists are in the order of the text.
    """
    pairs = [pair for gap, pair in _neighbours(document, left, right) if gap <= distance]
    if not ordered:
        pairs += [pair for gap, pair in _neighbours(document, right, left) if gap <= distance]
    return pairs


def _neighbours(document: Document, firsts: Sequence[Hit], seconds: Sequence[Hit]) -> list[tuple[int, tuple[Hit, Hit]]]:
    """Each pair of neighbours with the words between. Kept, because one text meets many distances."""
    key = ("near", id(firsts), id(seconds))
    if key not in document.memo:
        pairs = dict.fromkeys(_following(firsts, seconds))
        found = [(document.between(*pair), pair) for pair in pairs]
        document.memo[key] = (found, firsts, seconds)  # the lists live on, so that their ids stay their own
    return document.memo[key][0]  # type: ignore[no-any-return]


def _following(firsts: Sequence[Hit], seconds: Sequence[Hit]) -> Iterator[tuple[Hit, Hit]]:
    """For each first the nearest second after it, and for each second the nearest first before it."""
    starts = [hit[0] for hit in seconds]
    for first in firsts:
        i = bisect_left(starts, first[1])
        if i < len(seconds):
            yield first, seconds[i]
    by_end = sorted(firsts, key=lambda hit: hit[1])
    ends = [hit[1] for hit in by_end]
    for second in seconds:
        i = bisect_right(ends, second[0]) - 1
        if i >= 0:
            yield by_end[i], second


def within(document: Document, items: Sequence[Sequence[Hit]], distance: int) -> list[Hit]:
    """Occurrences of all items, each starting at a place of its own, at most `distance` words between first and last.

    Windows are taken from the left and do not share occurrences. Each list is in the order of the text.
    """
    if not all(items):
        return []
    events = sorted((hit, item) for item, hits in enumerate(items) for hit in hits)
    found: list[Hit] = []
    past = -1
    for i, j in _full_windows(document, events, len(items), distance):
        if events[i][0][0] <= past:
            continue
        chosen = _assigned((events[k] for k in range(i, j)), len(items))
        found.extend(chosen)
        past = max((hit[0] for hit in chosen), default=past)
    return found


def _full_windows(
    document: Document, events: list[tuple[Hit, int]], count: int, distance: int
) -> Iterator[tuple[int, int]]:
    """Stretches events[i:j] that the distance spans and that hold every item."""
    words = {hit: document.words(hit) for hit in {hit for hit, _ in events}}
    held = [0] * count
    missing, j = count, 0
    for i, (first, item) in enumerate(events):
        reach = words[first][1] + distance + 1
        while j < len(events) and (j <= i or words[events[j][0]][0] <= reach):
            missing -= held[events[j][1]] == 0
            held[events[j][1]] += 1
            j += 1
        if not missing:
            yield i, j
        held[item] -= 1
        missing += held[item] == 0


def _assigned(events: Iterable[tuple[Hit, int]], count: int) -> list[Hit]:
    """One occurrence for each item, no two starting at the same place (bipartite matching); [] where impossible."""
    options: list[list[Hit]] = [[] for _ in range(count)]
    room = count * count  # an item with as many options as there are items always finds its place
    for hit, item in events:
        if len(options[item]) < count:
            options[item].append(hit)
            room -= 1
            if not room:
                break
    taken: dict[int, tuple[Hit, int]] = {}
    for item in range(count):
        if not _place(item, options, taken, set()):
            return []
    return sorted(hit for hit, _ in taken.values())


def _place(item: int, options: list[list[Hit]], taken: dict[int, tuple[Hit, int]], tried: set[int]) -> bool:
    for hit in options[item]:
        if hit[0] in tried:
            continue
        tried.add(hit[0])
        if hit[0] not in taken or _place(taken[hit[0]][1], options, taken, tried):
            taken[hit[0]] = (hit, item)
            return True
    return False
