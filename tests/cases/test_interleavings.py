"""Two people, one case: in a thousand interleavings of their reads and writes nothing that was saved is lost.

Each worker reads the case, then writes what follows from what they read: a tag of their own beside those that they saw,
and a status or an assignee. Whoever is refused reads again and goes on. Bulk changes, undo and waking take part.
"""

import random
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.cases import bulk, undoing
from dashboard.cases.changing import Stale, change
from dashboard.cases.snoozing import wake
from listening.models import Case, User
from tests.builders import a_brand, a_case, a_complaint, a_member

NOW = timezone.now()
SCHEDULES = 1000
STEPS = 2
A_CASE_FOR = 20  # schedules: Postgres walks all versions of a row that one transaction changed
STATUSES = ("new", "in_progress", "waiting", "done")


class Ledger:
    """What was saved: all tags, the last value of each field, and how often; and how often somebody was refused."""

    def __init__(self) -> None:
        self.tags: set[str] = set()
        self.last: dict[str, object] = {}
        self.saved = 0
        self.refused = 0


def worker(case: Case, user: User, name: str, dice: random.Random, ledger: Ledger) -> Iterator[None]:
    """Reads and writes as steps; between two of them anything may happen."""
    for n in range(STEPS):
        while True:
            seen = Case.objects.select_related("brand", "assignee").get(pk=case.pk)
            yield
            if attempt(seen, user, f"{name}{n}", dice, ledger):
                break
            ledger.refused += 1
            yield
        yield


def attempt(seen: Case, user: User, tag: str, dice: random.Random, ledger: Ledger) -> bool:
    """One write of what follows from what was seen; True when it was saved."""
    wishes: dict[str, object] = {"tags": [*seen.tags, tag]}
    status = dice.choice(STATUSES)
    if dice.random() < 0.5 and status != seen.status:
        wishes["status"] = status
    if dice.random() < 0.5 and seen.assignee != user:
        wishes["assignee"] = user
    if dice.random() < 0.3:
        saved = bulk.change_many(seen.brand, user, {seen.pk: seen.version}, NOW, "changed", **wishes).changed == 1
    else:
        try:
            change(seen, seen.version, user, NOW, **wishes)
            saved = True
        except Stale:
            saved = False
    if saved:
        ledger.saved += 1
        ledger.tags.add(tag)
        ledger.last |= {name: value for name, value in wishes.items() if name != "tags"}
    return saved


def run(case: Case, people: tuple[User, User], seed: int) -> Ledger:
    """One schedule: who goes next is drawn from the seed, until both are through."""
    dice, ledger = random.Random(seed), Ledger()
    running = [worker(case, user, name, dice, ledger) for user, name in zip(people, "ab", strict=True)]
    while running:
        one = dice.choice(running)
        try:
            next(one)
        except StopIteration:
            running.remove(one)
    return ledger


def check(case: Case, ledger: Ledger, seed: int) -> None:
    stored = Case.objects.select_related("assignee").get(pk=case.pk)
    assert set(stored.tags) == ledger.tags and len(stored.tags) == 2 * STEPS, f"seed {seed}"
    assert stored.version == 1 + ledger.saved, f"seed {seed}"
    for name, value in ledger.last.items():
        assert getattr(stored, name) == value, f"seed {seed}: {name}"


@pytest.mark.django_db
@pytest.mark.slow
def test_a_thousand_schedules_of_two_workers_lose_no_update() -> None:
    brand = a_brand()
    people, case = (a_member(brand), a_member(brand)), a_case(a_complaint(brand))
    refused = 0
    for seed in range(SCHEDULES):
        case = case if seed % A_CASE_FOR else a_case(a_complaint(brand))
        Case.objects.filter(pk=case.pk).update(version=1, tags=[], status="new", assignee=None, closed_at=None)
        ledger = run(case, people, seed)
        check(case, ledger, seed)
        refused += ledger.refused
    assert refused > SCHEDULES  # else nobody ever was in anybody's way, and this proved nothing


def reader(case: Case, user: User, name: str, start: threading.Barrier, failed: list[str]) -> None:
    """The same on a connection of one's own, as fast as it goes."""
    dice, ledger = random.Random(name), Ledger()
    start.wait(10)
    try:
        for _ in worker(case, user, name, dice, ledger):
            pass
    except Exception as error:  # a thread's error is told by the test
        failed.append(repr(error))
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_threads_on_connections_of_their_own_lose_none_either() -> None:
    brand = a_brand()
    people = (a_member(brand), a_member(brand))
    for round_ in range(30):
        case, failed, start = a_case(a_complaint(brand)), list[str](), threading.Barrier(2)
        told = [(case, user, name, start, failed) for user, name in zip(people, "ab", strict=True)]
        threads = [threading.Thread(target=reader, args=one) for one in told]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        stored = Case.objects.get(pk=case.pk)
        assert failed == []
        assert set(stored.tags) == {f"{name}{n}" for name in "ab" for n in range(STEPS)}, f"round {round_}"
        assert stored.version == 1 + 2 * STEPS


@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_wakes_a_case_and_only_one_of_two_undoes() -> None:
    brand = a_brand()
    user = a_member(brand)
    asleep = [a_case(a_complaint(brand), status="snoozed", snoozed_until=NOW) for _ in range(20)]
    assert sum(both(lambda: wake(NOW))) == 20
    assert set(Case.objects.filter(pk__in=[one.pk for one in asleep]).values_list("version", flat=True)) == {2}
    made = bulk.change_many(brand, user, {one.pk: 2 for one in asleep}, NOW, "marked as done", status="done").bulk
    assert made

    def undo() -> int:
        try:
            undone = undoing.undo(brand, user, made.pk, NOW + timedelta(seconds=1))
            return undone.back if undone else 0
        except undoing.TooLate:
            return 0

    assert sorted(both(undo)) == [0, 20]


def both(act: Callable[[], int]) -> list[int]:
    """What two threads got that did the same at once."""
    found: list[int] = []
    start = threading.Barrier(2)

    def once() -> None:
        start.wait(10)
        try:
            found.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found
