"""Judging the tally: each completed hour once, gaps left out, the same twice, and who or what drove a spike."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from dashboard.spikes import judging
from dashboard.spikes.hours import hours_of
from dashboard.spikes.judging import judge, judge_all
from dashboard.spikes.subjects import Subject
from listening.models import Brand, Mention, Spike, SpikeWatch, Tally
from tests.builders import a_brand, a_complaint, a_gap, a_mention, a_source, at
from tests.spikes.made import WEEK, burst, counts

pytestmark = pytest.mark.django_db
START = at("2026-09-07 00:00")  # a Monday
STORM = 5 * WEEK + 34
END = START + timedelta(hours=6 * WEEK)


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def listened(length: int = 6 * WEEK, bursts: Mapping[int, float] | None = None, complaining: float = 0.2) -> Brand:
    """A brand with a source since START and a tally of so many hours; a storm complains more."""
    brand = a_brand()
    a_source(brand, collecting_since=START)
    bursts = burst(STORM, 6, 8) if bursts is None else bursts
    rows: list[Tally] = []
    for number, count in enumerate(counts(length, 12, bursts)):
        bad = round((count or 0) * (0.75 if number in bursts else complaining))
        rows += [_cell(brand, hour(number), True, bad), _cell(brand, hour(number), False, int(count or 0) - bad)]
    Tally.objects.bulk_create([row for row in rows if row.n])
    return brand


def _cell(brand: Brand, start: datetime, complaint: bool, n: int) -> Tally:
    return Tally(
        brand=brand, hour=start, network="mastodon", language="en", mood="negative" if complaint else "neutral",
        is_complaint=complaint, is_addressed=False, engine="vader", n=n,
    )  # fmt: skip


def found(brand: Brand) -> dict[str, Spike]:
    return {spike.measure: spike for spike in Spike.objects.filter(brand=brand, began_at__gte=hour(STORM - 2))}


def state() -> list[object]:
    return [*Spike.objects.order_by("pk").values_list(), *SpikeWatch.objects.order_by("pk").values_list()]


def test_it_finds_a_storm_in_volume_and_in_complaints_with_its_beginning_and_end() -> None:
    brand = listened()
    judge(brand, END)
    volume, complaints = found(brand)["volume"], found(brand)["complaints"]
    for spike in (volume, complaints):
        assert hour(STORM) <= spike.began_at <= spike.noticed_at <= hour(STORM + 2)
        assert spike.ended_at
        assert hour(STORM + 5) <= spike.ended_at <= hour(STORM + 18)
        assert hour(STORM) <= spike.peak_at < hour(STORM + 6)
    assert volume.peak == volume.peak_of > 5 * volume.expected
    assert complaints.peak / complaints.peak_of == pytest.approx(0.75, abs=0.02)
    assert complaints.expected / complaints.peak_of == pytest.approx(0.2, abs=0.05)


def test_judging_twice_changes_nothing() -> None:
    brand = listened()
    assert judge(brand, END) == 2 * (6 * WEEK - 1)  # the last hour's quarter of grace is not over
    before = state()
    assert judge(brand, END) == 0
    assert state() == before


def test_hour_by_hour_it_finds_what_it_finds_at_once() -> None:
    brand = listened()
    judge(brand, END)
    at_once = [(s.measure, s.began_at, s.ended_at, s.peak, round(s.rare, 6)) for s in Spike.objects.all()]
    SpikeWatch.objects.all().delete()
    Spike.objects.all().delete()
    for number in [4 * WEEK, *range(STORM - 3, STORM + 30), 6 * WEEK]:
        judge(brand, min(END, hour(number) + timedelta(minutes=20)))
    assert [(s.measure, s.began_at, s.ended_at, s.peak, round(s.rare, 6)) for s in Spike.objects.all()] == at_once


def test_it_says_that_a_spike_is_still_running() -> None:
    brand = listened(length=STORM + 3)
    judge(brand, hour(STORM + 3) + timedelta(minutes=20))
    assert [spike.ended_at for spike in found(brand).values()] == [None, None]


def test_it_leaves_the_unfinished_hour_alone() -> None:
    brand = listened(length=STORM + 1)
    judge(brand, hour(STORM) + timedelta(minutes=59))
    assert SpikeWatch.objects.get(brand=brand, measure="volume").judged_until == hour(STORM)
    assert not found(brand)


def test_a_worker_that_was_overtaken_writes_nothing() -> None:
    brand = listened()
    slow = judging._watch(brand, Subject(), "volume", START, False)  # type: ignore[arg-type]
    judge(brand, END)
    before = state()
    ready = hours_of(brand, [Subject()], START, END)[Subject()]
    with transaction.atomic():
        assert judging._advance(slow, ready) is False
    assert state() == before


def test_hours_that_nobody_collected_are_missing_and_not_silent() -> None:
    brand = listened(bursts={})
    source = brand.sources.get()
    gap = range(3 * WEEK, 4 * WEEK)
    Tally.objects.filter(brand=brand, hour__gte=hour(gap[0]), hour__lte=hour(gap[-1])).delete()
    a_gap(source, hour(gap[0]), hour(gap[-1] + 1))
    judge(brand, END)
    assert SpikeWatch.objects.get(brand=brand, measure="volume").hours == 5 * WEEK - 1
    assert not Spike.objects.filter(brand=brand, began_at__gte=hour(gap[0]), began_at__lt=hour(gap[-1] + 48)).exists()


def test_it_waits_for_a_source_that_stands_still_and_goes_on_without_it_after_a_day() -> None:
    brand = listened()
    broken = hour(6 * WEEK - 10)
    brand.sources.update(error_since=broken, last_success_at=broken)
    judge(brand, END)
    assert SpikeWatch.objects.get(brand=brand, measure="volume").judged_until == broken
    judge(brand, END + timedelta(hours=20))
    assert SpikeWatch.objects.get(brand=brand, measure="volume").judged_until == END + timedelta(hours=19)


def test_it_judges_nothing_without_a_source_or_a_mention() -> None:
    assert judge(a_brand(), END) == 0
    assert not SpikeWatch.objects.exists()


def test_an_older_past_that_comes_in_is_judged_from_its_beginning() -> None:
    brand = listened()
    judge(brand, END)
    brand.sources.update(created_at=START - timedelta(days=7))
    judge(brand, END)
    watch = SpikeWatch.objects.get(brand=brand, measure="volume")
    assert watch.began_at == START - timedelta(days=7)
    assert "volume" in found(brand)


def test_it_names_the_networks_and_the_posts_with_most_response() -> None:
    brand = listened()
    quiet = a_mention(brand, published_at=hour(STORM + 1), network="x")
    loud = a_complaint(brand, published_at=hour(STORM + 2), network="x", likes=50, shares=9)
    a_mention(brand, published_at=hour(STORM + 1), hidden="deleted", likes=900)
    a_mention(brand, published_at=hour(STORM - 100), likes=900)
    judge(brand, END)
    volume, complaints = found(brand)["volume"], found(brand)["complaints"]
    assert volume.drivers["mentions"] == [loud.pk, quiet.pk]
    assert complaints.drivers["mentions"] == [loud.pk]
    assert [(name, n) for name, n, _ in volume.drivers["networks"]][1] == ("x", 2)
    assert volume.drivers["total"] == sum(n for _, n, _ in volume.drivers["networks"])


def test_the_task_judges_all_brands_and_one_that_was_deleted_none() -> None:
    first, second = listened(), listened(bursts={})
    assert judge_all(END) == 4 * (6 * WEEK - 1)
    assert {watch.brand_id for watch in SpikeWatch.objects.all()} == {first.pk, second.pk}
    first.delete()
    assert judge_all(END) == 0
    assert not Mention.objects.filter(brand=first.pk).exists()


def test_the_command_judges_the_past_again(capsys: pytest.CaptureFixture[str]) -> None:
    brand = listened()
    call_command("judge_spikes", brand=brand.slug)
    first = set(Spike.objects.values_list("measure", "began_at", "peak"))
    call_command("judge_spikes", "--again")
    assert set(Spike.objects.values_list("measure", "began_at", "peak")) == first
    assert f"{brand.slug}: " in capsys.readouterr().out
    with pytest.raises(CommandError, match="no brand 'nobody'"):
        call_command("judge_spikes", brand="nobody")
