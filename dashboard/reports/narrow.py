"""Narrow: which part of a brand's mentions a figure or a list is about; the same for both, so that they agree."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

YES, NO = "yes", "no"
UNGROUPED = "none"
DIMENSIONS = {"network": "network", "language": "language", "sentiment": "mood"}


@dataclass(frozen=True, slots=True)
class Narrow:
    """Values of one dimension are alternatives; a value that begins with "-" is excluded.

    `text` is in the query language and only lists can follow it; `own` adds the brand's own posts to a list. `kind` of
    complaint and `group` (posts that say the same) are known of mentions alone, not of the tally. `theme` is the id of
    a theme, or UNGROUPED for mentions that were sorted into none.
    """

    network: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    sentiment: tuple[str, ...] = ()
    complaint: bool | None = None
    addressed: bool | None = None
    unsure: bool | None = None
    theme: str = ""
    text: str = ""
    own: bool = False
    kind: tuple[str, ...] = ()
    group: int | None = None

    @property
    def of_mentions(self) -> Q:
        """`condition` and what only mentions know; `text` and `own` are not in it."""
        condition = self.condition & _one_of("complaint_kind", self.kind)
        return condition if self.group is None else condition & Q(group_key=self.group)

    @property
    def condition(self) -> Q:
        """For Mention and Tally alike: their columns have the same names. The rest of the fields are not in it."""
        condition = Q()
        for name, column in DIMENSIONS.items():
            condition &= _one_of(column, getattr(self, name))
        if self.complaint is not None:
            condition &= Q(is_complaint=self.complaint)
        if self.addressed is not None:
            condition &= Q(is_addressed=self.addressed)
        if self.unsure is not None:
            condition &= Q(is_unsure=self.unsure)
        return condition

    @property
    def theme_id(self) -> int | None:
        """Of the theme that is wanted; None for ungrouped mentions. Ask only where `theme` is set."""
        return None if self.theme == UNGROUPED else int(self.theme)

    @property
    def params(self) -> dict[str, Any]:
        """The query string that leads back to it; values are text or lists of text."""
        return dict(self._params())

    def _params(self) -> Iterator[tuple[str, Any]]:
        for name in DIMENSIONS:
            if values := getattr(self, name):
                yield name, list(values)
        for name in ("complaint", "addressed", "unsure"):
            if (value := getattr(self, name)) is not None:
                yield name, YES if value else NO
        if self.theme:
            yield "theme", self.theme
        if self.text:
            yield "q", self.text
        if self.own:
            yield "own", YES
        if self.kind:
            yield "kind", list(self.kind)
        if self.group is not None:
            yield "group", str(self.group)

    @property
    def is_empty(self) -> bool:
        return self == Narrow()

    @property
    def countable(self) -> bool:
        """Whether the tally knows how many there are."""
        return not self.text and not self.own and not self.kind and self.group is None

    def but(self, **changes: Any) -> "Narrow":
        return replace(self, **changes)

    def without(self, name: str, value: str | None = None) -> "Narrow":
        """Without one dimension, or without one value of it."""
        rest = getattr(Narrow(), name) if value is None else tuple(v for v in getattr(self, name) if v != value)
        return self.but(**{name: rest})


def _one_of(column: str, values: tuple[str, ...]) -> Q:
    wanted = [value for value in values if not value.startswith("-")]
    unwanted = [value[1:] for value in values if value.startswith("-")]
    condition = Q(**{f"{column}__in": wanted}) if wanted else Q()
    return condition & ~Q(**{f"{column}__in": unwanted}) if unwanted else condition
