"""Refinding: stored mentions follow a brand's rules in batches, go on after a crash, and leave a person's word."""

import pytest

from ingest import refinding
from ingest.refinding import refind, stamp
from listening.models import Brand, ComplaintRules, KindPhrase, Mention
from listening.models.tally import tally_differences
from tests.builders import a_complaint, a_mention

TEXT = "acme lost my parcel, waiting 6 days now and nobody answers my mails about it"
NOW = "2026-11-23T12:00Z"


def rules(brand: Brand, **fields: object) -> ComplaintRules:
    found, _ = ComplaintRules.objects.update_or_create(brand=brand, defaults={"set_at": NOW} | fields)
    return found


def flags() -> list[bool]:
    return list(Mention.objects.order_by("pk").values_list("complaint", flat=True))


def test_rows_from_before_get_their_details_and_their_group_and_keep_their_flag(brand: Brand) -> None:
    old = a_complaint(brand, TEXT, complaint_p=0.7)
    copy = a_mention(brand, TEXT.upper(), complaint_p=0.2)
    assert refind()
    old.refresh_from_db()
    copy.refresh_from_db()
    assert (old.complaint_kind, old.waiting_days, old.complaint) == ("delivery", 6, True)
    assert [reason["why"] for reason in old.complaint_reasons][0] == "says that something keeps failing"
    assert {"waiting 6 days"} <= {reason["why"] for reason in old.complaint_reasons}
    assert old.group_key is not None and old.group_key == copy.group_key
    assert not copy.complaint and copy.complaint_kind == "delivery"


def test_a_second_run_changes_nothing(brand: Brand) -> None:
    a_complaint(brand, TEXT, complaint_p=0.7)
    refind()
    before = list(Mention.objects.values())
    ComplaintRules.objects.update(number=2)
    assert refind()
    assert list(Mention.objects.values()) == before


def test_a_new_threshold_flags_and_unflags_and_the_figures_follow(brand: Brand) -> None:
    for p in (0.2, 0.5, 0.9):
        a_mention(brand, TEXT, complaint_p=p, complaint=p >= 0.5)
    rules(brand, threshold=0.8)
    refind()
    assert flags() == [False, False, True]
    rules(brand, threshold=0.1, number=2)
    refind()
    assert flags() == [True, True, True]
    rules(brand, threshold=None, number=3)
    refind()
    assert flags() == [False, True, True]  # the engine's own
    assert tally_differences() == []


def test_a_persons_word_is_never_touched(brand: Brand) -> None:
    said_no = a_complaint(brand, TEXT, complaint_p=0.9, complaint_by_person=False)
    said_yes = a_mention(brand, TEXT, complaint_p=0.1, complaint_by_person=True)
    rules(brand, threshold=0.5)
    refind()
    said_no.refresh_from_db()
    said_yes.refresh_from_db()
    assert (said_no.complaint_by_person, said_no.is_complaint) == (False, False)
    assert (said_yes.complaint_by_person, said_yes.is_complaint) == (True, True)


def test_what_no_engine_scored_and_the_brands_own_posts_are_never_flagged(brand: Brand) -> None:
    a_mention(brand, TEXT, complaint_p=None)
    a_mention(brand, TEXT, complaint_p=0.99, own=True)
    rules(brand, threshold=0.01)
    refind()
    assert flags() == [False, False]


def test_it_goes_on_where_it_was_stopped(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refinding, "BATCH", 2)
    for _ in range(5):
        a_mention(brand, TEXT, complaint_p=0.9)
    told = rules(brand, threshold=0.5)
    assert not refind(seconds=0)
    told.refresh_from_db()
    assert (told.done, told.total, told.applied) == (2, 5, "")
    assert flags() == [True, True, False, False, False]
    assert refind()
    told.refresh_from_db()
    assert told.applied == stamp(told)
    assert all(flags())


def test_rules_that_change_on_the_way_begin_anew(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refinding, "BATCH", 2)
    for _ in range(4):
        a_mention(brand, TEXT, complaint_p=0.6)
    rules(brand, threshold=0.5)
    refind(seconds=0)
    rules(brand, threshold=0.7, number=2)
    assert refind()
    assert flags() == [False] * 4


def test_a_new_phrase_gives_stored_complaints_their_kind(brand: Brand) -> None:
    a_complaint(brand, TEXT, complaint_p=0.9)
    refind()
    KindPhrase.objects.create(brand=brand, kind="lost things", phrase="lost my parcel")
    rules(brand, number=2)
    refind()
    assert Mention.objects.get().complaint_kind == "lost things"
