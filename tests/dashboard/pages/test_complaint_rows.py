"""The complaints page: why a complaint counts and how pressing it is; groups are worked on together, and split."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from listening.models import AuditEntry, Brand, Case, Mention, Split
from tests.builders import a_case, a_complaint, a_member, a_mention

pytestmark = pytest.mark.django_db
TEXT = "acme, waiting 6 days for my refund, please send it"


def a_telling_complaint(brand: Brand) -> Mention:
    start = TEXT.index("6 days")
    return a_complaint(
        brand,
        TEXT,
        complaint_kind="price",
        complaint_strength=2,
        asks="request",
        waiting_days=6,
        addressed="mentioned",
        replies=0,
        complaint_reasons=[{"start": start, "end": start + 6, "why": "waiting 6 days", "by": "details"}],
    )


def test_it_says_what_it_is_about_marks_the_words_and_gives_the_sentence(marketer: Client, brand: Brand) -> None:
    a_telling_complaint(brand)
    page = marketer.get("/b/acme/complaints/").content.decode()
    assert "Waiting 6 days, asks for something, addressed to you, no reply yet." in page
    assert '<mark class="complaint">6 days</mark>' in page
    assert ">Price</span>" in page


def test_the_strength_never_stands_without_how_good_it_is(marketer: Client, brand: Brand) -> None:
    mention = a_telling_complaint(brand)
    for address in ("complaints/", f"mentions/{mention.pk}/"):
        page = marketer.get(f"/b/acme/{address}").content.decode()
        assert "an estimate, right 46 times in 100" in page, address


def test_every_part_of_the_priority_is_on_the_page_and_they_add_up(marketer: Client, brand: Brand) -> None:
    a_telling_complaint(brand)
    page = marketer.get("/b/acme/complaints/").content.decode()
    assert "Priority 60" in page
    for part, points in (
        ("sounds clear", 20),
        ("addressed to you", 20),
        ("asks for something", 10),
        ("waited 6 days", 10),
    ):
        assert part in page
        assert f"+{points}" in page


def test_it_can_be_ordered_by_priority_and_stays_so_over_tabs_and_filters(marketer: Client, brand: Brand) -> None:
    low = a_complaint(brand, complaint_strength=1)
    high = a_complaint(brand, complaint_strength=3, published_at=timezone.now() - timedelta(days=2))
    page = marketer.get("/b/acme/complaints/", {"order": "priority"}).content.decode()
    assert page.index(f"mention-{high.pk}") < page.index(f"mention-{low.pk}")
    assert "status=done&amp;order=priority" in page
    assert '<input type="hidden" name="order" value="priority">' in page
    page = marketer.get("/b/acme/complaints/").content.decode()
    assert page.index(f"mention-{low.pk}") < page.index(f"mention-{high.pk}")


def test_a_row_stands_for_its_group_and_opens_it(marketer: Client, brand: Brand) -> None:
    for _ in range(3):
        a_complaint(brand, group_key=-77)
    for address in ("complaints", "mentions"):
        page = marketer.get(f"/b/acme/{address}/").content.decode()
        assert page.count('id="mention-') == 1
        assert "+2 reposts or near-copies" in page
        assert "group=-77" in page
        opened = marketer.get(f"/b/acme/{address}/", {"group": "-77"}).content.decode()
        assert opened.count('id="mention-') == 3
        assert "Posts that say the same" in opened


@pytest.mark.parametrize("group", ["x", "99999999999999999999", "9223372036854775808", "'"])
def test_a_group_that_is_none_is_ignored(marketer: Client, brand: Brand, group: str) -> None:
    a_mention(brand)
    page = marketer.get("/b/acme/mentions/", {"group": group})
    assert page.status_code == 200


def test_a_status_goes_for_the_whole_group_but_not_for_what_somebody_worked_on(marketer: Client, brand: Brand) -> None:
    first, second, third = (a_complaint(brand, group_key=9) for _ in range(3))
    a_case(third, status=Case.Status.IGNORED)
    marketer.post(f"/b/acme/complaints/{first.pk}/", {"status": "done", "same": "yes", "note": "called them"})
    statuses = dict(Case.objects.values_list("mention_id", "status"))
    assert statuses == {first.pk: "done", second.pk: "done", third.pk: "ignored"}
    assert first.case.notes.count() == 1 and second.case.notes.count() == 0


def test_a_group_goes_from_hand_to_hand_but_takes_nothing_out_of_a_colleagues(marketer: Client, brand: Brand) -> None:
    first, second, third = (a_complaint(brand, group_key=9) for _ in range(3))
    ann, bob, cleo = (a_member(brand, "marketer") for _ in range(3))
    a_case(third, assignee=cleo)
    for who in (ann, bob):
        marketer.post(f"/b/acme/complaints/{first.pk}/", {"assignee": who.pk, "same": "yes"})
        hands = dict(Case.objects.values_list("mention_id", "assignee"))
        assert hands == {first.pk: who.pk, second.pk: who.pk, third.pk: cleo.pk}
    marketer.post(f"/b/acme/complaints/{first.pk}/", {"status": "done", "same": "yes"})
    statuses = dict(Case.objects.values_list("mention_id", "status"))
    assert statuses == {first.pk: "done", second.pk: "done", third.pk: "new"}


def test_a_row_that_a_colleague_was_quicker_on_changes_nothing_and_says_so(marketer: Client, brand: Brand) -> None:
    mention = a_complaint(brand)
    assert '<input type="hidden" name="version" value="0">' in marketer.get("/b/acme/complaints/").content.decode()
    a_case(mention, status=Case.Status.WAITING, version=2)
    sent, where = {"status": "done", "version": "0"}, f"/b/acme/complaints/{mention.pk}/"
    row = marketer.post(where, sent, headers={"HX-Request": "true"}).content.decode()
    assert "Somebody else changed this case meanwhile" in row and 'name="version" value="2"' in row
    assert b"Somebody else changed" in marketer.post(where, sent, follow=True).content
    assert Case.objects.get().status == "waiting"
    marketer.post(where, sent | {"version": "2"})
    assert Case.objects.get().status == "done"


def test_a_split_takes_a_mention_out_and_can_be_taken_back(marketer: Client, brand: Brand) -> None:
    first, second = (a_mention(brand, group_key=9) for _ in range(2))
    url = f"/b/acme/mentions/{second.pk}/split/"
    assert b"Not the same" in marketer.get("/b/acme/mentions/?group=9").content
    marketer.post(url)
    marketer.post(url)  # twice changes nothing
    second.refresh_from_db()
    assert second.group_key != 9 and Split.objects.get().former == 9
    assert marketer.get("/b/acme/mentions/").content.decode().count('id="mention-') == 2
    assert b"Put it back" in marketer.get(f"/b/acme/mentions/{second.pk}/").content
    marketer.post(url, {"undo": "yes"})
    second.refresh_from_db()
    assert second.group_key == first.group_key
    assert AuditEntry.objects.count() == 2


def test_only_those_who_work_may_split(signed_in, brand: Brand) -> None:  # type: ignore[no-untyped-def]
    mention = a_mention(brand, group_key=9)
    for role, status in (("manager", 403), ("stranger", 404), ("logged out", 302)):
        assert signed_in(role).post(f"/b/acme/mentions/{mention.pk}/split/").status_code == status
    assert not Split.objects.exists()
