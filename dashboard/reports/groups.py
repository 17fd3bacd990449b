"""Groups: reposts and near-duplicates as one row of a list, the one that comes first in the list's own order.

Figures count mentions, never groups; a row says how many more say the same and opens exactly those.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count

from listening.models import Mention
from listening.models.mention import MentionQuerySet

MOST_ROUNDS = 8
LARGEST = 500

Fetch = Callable[[Mention | None, "Folded", int], list[Mention]]


@dataclass(slots=True)
class Folded:
    """What is known of groups while a page is made: how many mentions each has, and which one stands for it."""

    sizes: dict[int, int] = field(default_factory=dict)
    leads: dict[int, int] = field(default_factory=dict)

    @property
    def keys(self) -> list[int]:
        """Groups of more than one mention; none of their members has to be looked at again."""
        return list(self.leads)

    @property
    def spare(self) -> int:
        """How many mentions those groups have."""
        return sum(self.sizes[key] for key in self.leads)

    def stands(self, mention: Mention) -> bool:
        key = mention.group_key
        return key is None or self.leads.get(key, mention.pk) == mention.pk

    def more(self, mention: Mention) -> int:
        """How many others say the same."""
        return self.sizes.get(mention.group_key, 1) - 1 if mention.group_key is not None else 0


@dataclass(frozen=True, slots=True)
class Once:
    """`mentions` in the list's order, one a group; `last` is the last one that was looked at, `end` whether nothing
    follows it."""

    mentions: list[Mention]
    folded: Folded
    last: Mention | None
    end: bool


def once(fetch: Fetch, matching: MentionQuerySet, order: Sequence[str], size: int) -> Once:
    """The first `size` mentions of a list without those whose group is shown already.

    `fetch(after, folded, n)` gives the next `n` of the list after a mention, without the members of `folded.keys`;
    `matching` are all mentions of the list, in any order, and `order` is the list's.
    """
    folded, shown, last = Folded(), [], None
    need = size
    for _ in range(MOST_ROUNDS):
        batch = fetch(last, folded, need)
        _look_up(matching, order, batch, folded)
        shown += [mention for mention in batch if folded.stands(mention)]
        last = batch[-1] if batch else last
        if len(batch) < need or len(shown) >= size:
            return Once(shown[:size], folded, last, end=len(batch) < need)
        need = min(LARGEST, need * 2)
    return Once(shown, folded, last, end=False)


def _look_up(matching: MentionQuerySet, order: Sequence[str], batch: Sequence[Mention], folded: Folded) -> None:
    keys = {mention.group_key for mention in batch if mention.group_key is not None} - folded.sizes.keys()
    if not keys:
        return
    groups = matching.filter(group_key__in=keys).order_by()
    counted = groups.values_list("group_key").annotate(n=Count("pk"))
    folded.sizes |= {key: n for key, n in counted if key is not None}
    several = [key for key in keys if folded.sizes.get(key, 0) > 1]
    if several:
        leads = matching.filter(group_key__in=several).order_by("group_key", *order).distinct("group_key")
        folded.leads |= {key: pk for key, pk in leads.values_list("group_key", "pk") if key is not None}
