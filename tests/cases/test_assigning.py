"""Assigning: in turn or by load, among those who work on the brand."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.cases.assigning import team
from dashboard.cases.opening import case_of
from listening.models import Brand, Case, CaseRules, Mention, User
from tests.builders import a_brand, a_case, a_complaint, a_member, a_user, an_administrator

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def brand() -> Brand:
    return a_brand()


def dealt(brand: Brand, n: int) -> list[User | None]:
    return [case_of(a_complaint(brand)).assignee for _ in range(n)]


def test_it_gives_nobody_anything_unless_told(brand: Brand) -> None:
    a_member(brand)
    assert dealt(brand, 1) == [None]
    CaseRules.objects.create(brand=brand)
    assert dealt(brand, 1) == [None]


def test_it_deals_in_turn_and_goes_on_where_it_was(brand: Brand) -> None:
    ann, bob, cleo = a_member(brand), a_member(brand, "marketer"), a_member(brand)
    CaseRules.objects.create(brand=brand, assign="in_turn")
    assert dealt(brand, 4) == [ann, bob, cleo, ann]
    bob.memberships.all().delete()
    assert dealt(brand, 2) == [cleo, ann]


def test_by_load_whoever_has_fewest_open_cases_is_next(brand: Brand) -> None:
    ann, bob = a_member(brand), a_member(brand)
    for _ in range(2):
        a_case(a_complaint(brand), assignee=ann)
    a_case(a_complaint(brand), assignee=bob, status="done")
    a_case(a_complaint(a_brand()), assignee=bob)  # another brand's is no load here
    CaseRules.objects.create(brand=brand, assign="by_load")
    assert dealt(brand, 2) == [bob, bob]
    assert sorted(user.pk for user in dealt(brand, 4) if user) == [ann.pk, ann.pk, bob.pk, bob.pk]


def test_the_same_load_is_dealt_in_turn(brand: Brand) -> None:
    people = [a_member(brand) for _ in range(3)]
    CaseRules.objects.create(brand=brand, assign="by_load")
    assert dealt(brand, 3) == people


def test_administrators_of_the_installation_get_cases_only_when_nobody_else_works_on_the_brand(brand: Brand) -> None:
    root = an_administrator()
    a_member(brand, "manager")
    assert team(brand) == [root]
    ann = a_member(brand, "marketer")
    a_member(brand, "marketer", a_user(is_active=False))
    assert team(brand) == [ann]
    a_member(brand, "admin", root)
    assert set(team(brand)) == {ann, root}


def test_a_mention_that_is_a_case_already_costs_nobody_a_turn(brand: Brand) -> None:
    ann, bob = a_member(brand), a_member(brand)
    CaseRules.objects.create(brand=brand, assign="in_turn")
    mention = a_complaint(brand)
    assert case_of(mention).assignee == case_of(mention).assignee == ann
    assert dealt(brand, 1) == [bob]


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_deal_to_two_people() -> None:
    brand = a_brand()
    people = {a_member(brand), a_member(brand)}
    CaseRules.objects.create(brand=brand, assign="in_turn")
    barrier = threading.Barrier(2)
    mentions = [a_complaint(brand), a_complaint(brand)]

    def opens(mention: Mention) -> None:
        try:
            barrier.wait()
            case_of(mention)
        finally:
            connection.close()

    threads = [threading.Thread(target=opens, args=(mention,)) for mention in mentions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {case.assignee for case in Case.objects.all()} == people
