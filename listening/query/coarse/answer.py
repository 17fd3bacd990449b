"""Answer: the searches that a network is asked for in place of a query, and what they cannot say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coarse:
    """`searches` in the network's own syntax; their results together hold all matches if `complete`.

    Complete without searches: no post of the network can match. Not complete without searches: the network's search
    cannot help at all. `notes` are sentences for the query's page.
    """

    searches: tuple[str, ...]
    complete: bool
    notes: tuple[str, ...] = ()
