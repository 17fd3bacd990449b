"""A post that was set aside can be tried again: it gets in, or stays with its reason."""

import pytest

from ingest.quarantine import of_record, set_aside
from ingest.retry import retry
from ingest.sources.base import Broken
from listening.models import Mention, Quarantine, Source
from tests.pipeline.scripted import START, a_record

pytestmark = pytest.mark.django_db


def test_it_takes_a_post_in_that_can_be_read_by_now(source: Source) -> None:
    set_aside(source, [of_record(a_record(), "The engine was missing.")])
    assert retry(Quarantine.objects.get().pk, lambda: START)
    assert Mention.objects.get().text == "Acme lost my parcel again"
    assert not Quarantine.objects.exists()


def test_it_keeps_a_post_that_nobody_can_read(source: Source) -> None:
    set_aside(source, [Broken({"id": 1}, "It had no date.")])
    row = Quarantine.objects.get()
    assert not retry(row.pk, lambda: START)
    assert not retry(row.pk, lambda: START)
    assert Quarantine.objects.get().reason == "It had no date. It still cannot be read."


def test_it_keeps_one_row_of_a_post_that_is_still_poison(source: Source) -> None:
    set_aside(source, [of_record(a_record(likes=2**63), "Could not be stored.")])
    retry(Quarantine.objects.get().pk, lambda: START)
    assert Quarantine.objects.count() == 1
    assert not Mention.objects.exists()


def test_it_sets_aside_numbers_of_any_size(source: Source) -> None:
    assert set_aside(source, [Broken({"likes": 10**30}, "Too many likes.")]) == 1
    assert Quarantine.objects.get().raw == {"likes": "1" + "0" * 30}


def test_it_drops_a_post_that_concerns_nobody(source: Source) -> None:
    set_aside(source, [of_record(a_record(text="Something else"), "The engine was missing.")])
    assert retry(Quarantine.objects.get().pk, lambda: START)
    assert not Quarantine.objects.exists() and not Mention.objects.exists()


def test_it_does_nothing_about_a_row_that_is_gone(source: Source) -> None:
    assert not retry(12345, lambda: START)
