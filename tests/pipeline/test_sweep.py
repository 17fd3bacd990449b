"""Posts are read again where a network tells no deletions: gone ones go, changed ones change, young ones come first."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from ingest.sources.base import SourceError, Status
from ingest.sweep import sweep
from listening.models import Mention, Source
from tests.pipeline.scripted import START, Network, Scripted, a_record
from tests.pipeline.test_pipeline import taking

LATER = START + timedelta(days=2, hours=2)


@pytest.fixture
def stored(source: Source) -> Source:
    taking(source, *(a_record(i) for i in range(4)))
    return source


def answer(monkeypatch: pytest.MonkeyPatch, *statuses: Status) -> list[list[str]]:
    """The scripted network answers this, and notes what it was asked."""
    asked: list[list[str]] = []

    def hydrate(self: Scripted, ids: Sequence[str]) -> Iterator[Status]:
        asked.append(list(ids))
        return iter(statuses)

    monkeypatch.setattr(Scripted, "hydrate", hydrate)
    return asked


def test_it_purges_what_is_gone_and_stores_what_changed(
    stored: Source, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = a_record(2, "Acme found my parcel", edited_at=START + timedelta(hours=5))
    told = (Status("post-1", "gone"), Status("post-2", "changed", edited), Status("post-3", "hidden"))
    asked = answer(monkeypatch, *told)
    assert sweep(stored, LATER).gone == 2
    assert sorted(asked[0]) == ["post-0", "post-1", "post-2", "post-3"]
    assert Mention.objects.get(external_id="post-2").text == "Acme found my parcel"
    assert not Mention.objects.filter(external_id="post-1").exists()
    assert Mention.objects.get(external_id="post-3").hidden


def test_it_asks_no_post_twice_in_a_row(stored: Source, network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(monkeypatch)
    sweep(stored, LATER)
    sweep(stored, LATER + timedelta(minutes=10))
    assert len(asked) == 1
    sweep(stored, LATER + timedelta(days=2))
    assert len(asked) == 2


def test_a_network_that_is_away_ends_the_sweep_quietly_and_posts_stay_due(
    stored: Source, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: Scripted, ids: Sequence[str]) -> Iterator[Status]:
        raise SourceError("Away.", code="server")

    monkeypatch.setattr(Scripted, "hydrate", away)
    assert sweep(stored, LATER).gone == 0
    assert not Mention.objects.exclude(swept_at=None).exists()
