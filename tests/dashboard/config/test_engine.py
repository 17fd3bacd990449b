"""The engine of a brand: chosen by its admins, and the stored mentions read again when they say so."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard import bells
from dashboard.reports.rescoring import lasting, standing
from ingest import rescore
from ingest.enrich import sentiment
from listening import engines
from listening.models import AuditEntry, Brand, Mention, Rescore
from tests import keywords
from tests.builders import a_brand, a_member, a_mention
from tests.dashboard.config.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def second_engine(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    settings.EARSHOT_ENGINE = "vader"
    monkeypatch.setitem(sentiment.ENGINES, "keywords", keywords.KNOWN)
    yield


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def admin(brand: Brand) -> Client:
    return signed_in(a_member(brand))


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    ids: list[int] = []
    monkeypatch.setattr(bells, "read_again", ids.append)
    return ids


def page(admin: Client, brand: Brand) -> str:
    return admin.get(reverse("engine", args=[brand.slug])).content.decode()


def choose(admin: Client, brand: Brand, **told: Any) -> str:
    answer: Any = admin.post(reverse("engine", args=[brand.slug]), told, follow=True)
    return str(answer.content.decode())


def test_it_offers_every_engine_and_the_installations_choice(admin: Client, brand: Brand) -> None:
    shown = page(admin, brand)
    assert "which is vader now" in shown and "keywords: Two words decide." in shown
    assert "No mention has been read yet." in shown and 'class="button primary" type="submit">Read' not in shown


def test_it_changes_the_engine_and_reads_the_stored_mentions_again(
    admin: Client, brand: Brand, rung: list[int]
) -> None:
    a_mention(brand, "good", sentiment_engine="vader-0")
    shown = choose(admin, brand, engine="keywords", again="on")
    brand.refresh_from_db()
    row = Rescore.objects.get()
    assert (brand.engine, row.engine, row.state, rung) == ("keywords", "keywords", "running", [row.pk])
    assert 'hx-trigger="every 2s"' in shown and "<progress" in shown and "Stop" in shown
    rescore.run(row.pk)
    assert Mention.objects.get().sentiment_engine == "keywords-7"
    shown = page(admin, brand)
    assert "hx-trigger" not in shown and "read 1 anew" in shown and "All of them were read" in shown
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"changed engine", "began rescore"}


def test_it_only_changes_the_engine_when_that_is_all_that_was_asked(
    admin: Client, brand: Brand, rung: list[int]
) -> None:
    a_mention(brand, "good", sentiment_engine="vader-0")
    shown = choose(admin, brand, engine="keywords")
    assert not Rescore.objects.exists() and not rung
    assert "1 of 1 were read by another version than keywords-7" in shown and "Read 1 again" in shown


def test_it_begins_and_stops_by_button(admin: Client, brand: Brand, rung: list[int]) -> None:
    a_mention(brand, "good", sentiment_engine="vader-0")
    address = reverse("rescore", args=[brand.slug])
    admin.post(address)
    admin.post(address)
    assert rung == [Rescore.objects.get().pk] * 2
    admin.post(address, {"cancel": "yes"})
    assert Rescore.objects.get().state == "cancelled"
    assert "Stopped by hand" in page(admin, brand)


def test_there_is_nothing_to_begin_where_nothing_is_old(admin: Client, brand: Brand, rung: list[int]) -> None:
    a_mention(brand, "good", sentiment_engine=engines.version_of("vader"))
    answer: Any = admin.post(reverse("rescore", args=[brand.slug]), follow=True)
    assert "Nothing is left to read again." in answer.content.decode() and not rung


def test_an_engine_that_is_not_there_is_refused(admin: Client, brand: Brand) -> None:
    assert admin.post(reverse("engine", args=[brand.slug]), {"engine": "crystal ball"}).status_code == 422
    brand.refresh_from_db()
    assert brand.engine == ""


def test_the_estimate_is_measured_where_that_engine_has_read_before(brand: Brand) -> None:
    for _ in range(2):
        a_mention(brand, "good", sentiment_engine="vader-0")
    assert not standing(brand).measured
    Rescore.objects.create(brand=brand, engine="vader", state="done", changed=100, seconds=6000)
    found = standing(brand)
    assert found.measured and found.takes == "about 2 minutes"


def test_what_is_left_follows_from_what_is_done(brand: Brand) -> None:
    row = Rescore.objects.create(brand=brand, engine="vader", total=1000)
    assert standing(brand).left == ""
    Rescore.objects.filter(pk=row.pk).update(done=100, seconds=60)
    assert standing(brand).left == "about 9 minutes"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(3, "less than a minute"), (70, "about 1 minute"), (300, "about 5 minutes"), (4 * 3600, "about 4 hours")],
)
def test_it_says_how_long_in_one_unit(seconds: float, said: str) -> None:
    assert lasting(seconds) == said


def test_the_overview_says_who_read_and_warns_of_a_mixture(admin: Client, brand: Brand) -> None:
    now = timezone.now()
    a_mention(brand, "good", sentiment_engine="keywords-7", unsure=True)
    shown = admin.get(reverse("overview", args=[brand.slug])).content.decode()
    assert "Read by keywords-7." in shown and "100% unsure" in shown and "More than one engine" not in shown
    a_mention(brand, "good", sentiment_engine="vader-0", published_at=now - timedelta(days=5))
    shown = admin.get(reverse("overview", args=[brand.slug])).content.decode()
    assert "More than one engine" in shown and reverse("engine", args=[brand.slug]) in shown
    assert "50% unsure" in shown and "keywords-7 from here" in shown


def test_a_manager_sees_the_warning_without_the_way_to_the_settings(brand: Brand) -> None:
    a_mention(brand, "good", sentiment_engine="keywords-7")
    a_mention(brand, "good", sentiment_engine="vader-0")
    manager = signed_in(a_member(brand, "manager"))
    shown = manager.get(reverse("overview", args=[brand.slug])).content.decode()
    assert "More than one engine" in shown and reverse("engine", args=[brand.slug]) not in shown


def test_an_unsure_mention_says_so_in_words_until_a_person_decides(admin: Client, brand: Brand) -> None:
    mention = a_mention(brand, "good and bad", sentiment="positive", unsure=True)
    address = reverse("mentions", args=[brand.slug])
    assert "Unsure, perhaps positive" in admin.get(address).content.decode()
    admin.post(reverse("correct", args=[brand.slug, mention.pk]), {"sentiment": "negative"})
    assert "Unsure, perhaps" not in admin.get(address).content.decode()


def test_the_list_narrows_to_the_unsure_and_counts_them(admin: Client, brand: Brand) -> None:
    unsure = a_mention(brand, "good and bad", sentiment="positive", unsure=True)
    sure = a_mention(brand, "good", sentiment="positive")
    a_mention(brand, "decided", sentiment="positive", unsure=True, sentiment_by_person="negative")
    shown = admin.get(reverse("mentions", args=[brand.slug]), {"unsure": "yes"}).content.decode()
    assert f'id="mention-{unsure.pk}"' in shown and f'id="mention-{sure.pk}"' not in shown
    assert 'id="total">1<' in shown
    shown = admin.get(reverse("mentions", args=[brand.slug]), {"unsure": "no"}).content.decode()
    assert 'id="total">2<' in shown and f'id="mention-{sure.pk}"' in shown
