"""Assigning: who of the team gets the next case, in turn or by load.

Whoever deals holds the lock of the brand's CaseRules, so that two who deal at once give nobody two turns in a row.
"""

from collections.abc import Mapping, Sequence
from typing import Self

from django.db.models import Count

from dashboard.access import WORKERS
from dashboard.reports.complaints import workers
from listening.models import Brand, Case, CaseRules, Membership, User

Assign = CaseRules.Assign


class Dealer:
    """Deals the cases of one brand, one after the other; `keep` writes down whose turn was last."""

    def __init__(self, rules: CaseRules, team: Sequence[User], loads: Mapping[int, int]) -> None:
        self._rules = rules
        self._team = sorted(team, key=lambda user: user.pk)
        self._loads = {user.pk: loads.get(user.pk, 0) for user in team}

    @classmethod
    def of(cls, rules: CaseRules) -> Self:
        """`rules` must be locked by this transaction."""
        return cls(rules, team(rules.brand), _loads(rules.brand) if rules.assign == Assign.BY_LOAD else {})

    def next(self) -> User | None:
        """Who gets the next case; None where nobody is to be given any."""
        order = self._from_the_next()
        if not order or self._rules.assign == Assign.NOBODY:
            return None
        by_load = self._rules.assign == Assign.BY_LOAD
        chosen = min(order, key=lambda user: self._loads[user.pk]) if by_load else order[0]
        self._rules.last_assigned = chosen
        self.took(chosen)
        return chosen

    def took(self, user: User) -> None:
        """Somebody got a case, dealt or because a rule names them."""
        if user.pk in self._loads:
            self._loads[user.pk] += 1

    def keep(self) -> None:
        self._rules.save(update_fields=["last_assigned"])

    def knows(self, user: User | None) -> bool:
        return user is not None and user.pk in self._loads

    def _from_the_next(self) -> list[User]:
        last = self._rules.last_assigned_id or 0
        return [user for user in self._team if user.pk > last] + [user for user in self._team if user.pk <= last]


def team(brand: Brand) -> list[User]:
    """Who works on the brand: its admins and marketers; administrators of the installation only if nobody else does."""
    everybody = workers(brand)
    members = set(Membership.objects.filter(brand=brand, role__in=WORKERS).values_list("user_id", flat=True))
    return [user for user in everybody if user.pk in members] or everybody


def _loads(brand: Brand) -> dict[int, int]:
    """Open cases of the brand by assignee."""
    held = Case.objects.open().filter(brand=brand, assignee__isnull=False).order_by()
    return dict(held.values_list("assignee").annotate(n=Count("pk")))
