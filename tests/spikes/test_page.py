"""The page of spikes: every number opens its mentions, learning is said, strangers learn nothing."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from dashboard import charts
from dashboard.reports.overview import overview
from dashboard.reports.period import last_days
from dashboard.reports.spikes import spikes, word
from listening.models import Brand, Spike, SpikeWatch
from tests.builders import a_brand, a_complaint, a_mention

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
BEGAN = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=2)


def a_spike(brand: Brand, **fields: object) -> Spike:
    values: dict[str, object] = {
        "brand": brand, "measure": "volume", "began_at": BEGAN, "noticed_at": BEGAN,
        "ended_at": BEGAN + timedelta(hours=5), "peak_at": BEGAN, "peak": 50, "peak_of": 50, "expected": 12.0,
        "strength": 50 / 12, "rare": 7.1, "drivers": {"networks": [["x", 40, 0.5], ["web", 10, None]], "total": 50},
    }  # fmt: skip
    return Spike.objects.create(**values | fields)


def watched(brand: Brand, hours: int) -> None:
    for measure in ("volume", "complaints"):
        SpikeWatch.objects.create(
            brand=brand, measure=measure, began_at=BEGAN - timedelta(hours=hours), judged_until=BEGAN, hours=hours,
            method="any",
        )  # fmt: skip


def text(client: Client) -> str:
    return " ".join(client.get("/b/acme/spikes/").content.decode().split())


@pytest.mark.parametrize("role", ["administrator", "admin", "marketer", "manager"])
def test_members_see_it_with_spikes_and_without(signed_in: SignIn, brand: Brand, role: str) -> None:
    client = signed_in(role)
    assert "No spikes so far" in text(client)
    a_spike(brand)
    assert "4.2 times the usual" in text(client)


@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("logged out", 302)])
def test_strangers_do_not_learn_that_it_exists(signed_in: SignIn, brand: Brand, role: str, status: int) -> None:
    a_spike(brand)
    assert signed_in(role).get("/b/acme/spikes/").status_code == status


def test_it_shows_no_spike_of_another_brand(marketer: Client, brand: Brand) -> None:
    a_spike(a_brand("Other"))
    assert "No spikes so far" in text(marketer)


def test_its_numbers_open_the_mentions_behind_them(marketer: Client, brand: Brand) -> None:
    a_spike(brand)
    page = text(marketer)
    start, hour, end = (f"{BEGAN + timedelta(hours=h):%Y-%m-%dT%H}%3A00Z" for h in (0, 1, 5))
    assert f'href="/b/acme/mentions/?from={start}&amp;to={hour}">50 mentions</a>' in page
    assert f'href="/b/acme/mentions/?from={start}&amp;to={end}">50 mentions</a>' in page
    assert f"/b/acme/mentions/?from={start}&amp;to={end}&amp;network=x" in page
    assert "80%, usually 50%" in page


def test_a_wave_of_complaints_is_told_as_a_share(marketer: Client, brand: Brand) -> None:
    a_spike(brand, measure="complaints", peak=30, peak_of=50, expected=10.0, strength=3.0)
    page = text(marketer)
    assert "Complaints: 3.0 times the usual" in page
    assert "60%, usually 20%" in page
    assert "complaint=yes" in page


def test_it_shows_the_posts_that_are_still_there(marketer: Client, brand: Brand) -> None:
    shown, gone = a_complaint(brand, "the grinder exploded"), a_mention(brand, "secret words", hidden="deleted")
    a_spike(brand, drivers={"mentions": [gone.pk, shown.pk, 999_999]})
    page = text(marketer)
    assert f"mention-{shown.pk}" in page
    assert "secret words" not in page


def test_it_says_whether_a_spike_is_over(marketer: Client, brand: Brand) -> None:
    spike = a_spike(brand)
    assert "after 5 hours" in text(marketer)
    spike.ended_at = None
    spike.save()
    page = text(marketer)
    assert "Still running" in page
    assert "Ended" not in page


def test_it_says_how_far_learning_has_come(marketer: Client, brand: Brand) -> None:
    assert "Waiting" in text(marketer)
    watched(brand, 9 * 24 + 5)
    assert "9 of 14 days" in text(marketer)
    SpikeWatch.objects.update(hours=14 * 24)
    assert "Learning" not in text(marketer)


def test_it_shows_the_latest_first_and_says_when_there_are_more(brand: Brand) -> None:
    for days in range(4):
        a_spike(brand, began_at=BEGAN - timedelta(days=days))
    view = spikes(brand, timezone.now(), most=3)
    assert [shown.spike.began_at for shown in view.shown] == [BEGAN - timedelta(days=days) for days in range(3)]
    assert view.more
    assert not spikes(brand, timezone.now(), most=4).more


@pytest.mark.parametrize(("rare", "name"), [(3.25, "Clear"), (6.5, "Strong"), (22.0, "Exceptional")])
def test_it_has_a_word_for_every_strength(rare: float, name: str) -> None:
    assert word(rare) == name


def test_the_overview_marks_where_a_spike_began(marketer: Client, brand: Brand) -> None:
    a_mention(brand, published_at=BEGAN)
    assert "Spike began" not in marketer.get("/b/acme/").content.decode()
    a_spike(brand)
    assert "Spike began" in marketer.get("/b/acme/").content.decode()


def test_a_mark_stands_on_the_bucket_of_its_hour(brand: Brand) -> None:
    period = last_days(7, ZoneInfo("UTC"), timezone.now())
    a_mention(brand, published_at=BEGAN)
    shown = overview(brand, period).trend
    (marks,) = charts._marks(shown, [a_spike(brand)])
    assert shown[marks["x"][0]].bucket.start == BEGAN
    assert marks["customdata"] == ["Volume 4.2 times the usual"]
