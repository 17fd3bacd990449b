"""Sources on their page: secrets stay secret, tests change nothing, and one brand's admin leaves others alone."""

import json
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard import bells
from dashboard.connect import TooSlow, within
from listening.models import AuditEntry, Brand, Membership, Pull, Quarantine, Source
from listening.secrets import seal, unseal
from tests.builders import a_brand, a_member, a_source, a_user
from tests.dashboard.config.loopback import algolia, serving
from tests.dashboard.config.people import signed_in

pytestmark = pytest.mark.django_db
X = {"f_use_case": "Customer care", "f_monthly_posts": "5000", "f_field_names": "tweet", "f_search": "on"}


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def admin(brand: Brand) -> Client:
    return signed_in(a_member(brand, Membership.Role.ADMIN))


def add(admin: Client, brand: Brand, kind: str, **fields: Any) -> Any:
    data = {"name": "Ours", "brands": [brand.pk]} | fields
    return admin.post(reverse("source_new", args=[brand.slug, kind]), data)


def test_it_adds_a_source_that_is_pulled_at_once(admin: Client, brand: Brand) -> None:
    answer = add(admin, brand, "hackernews", f_back_fill_days="3")
    row = Source.objects.get()
    assert answer["Location"] == reverse("source", args=[brand.slug, row.pk])
    assert row.settings["back_fill_days"] == 3
    assert row.next_pull_at <= timezone.now()
    assert list(row.brands.all()) == [brand]
    assert AuditEntry.objects.get().verb == "added source"


def test_it_never_shows_a_secret_again(admin: Client, brand: Brand) -> None:
    add(admin, brand, "x", f_bearer_token="s3cret-bearer", **X)
    row = Source.objects.get()
    assert unseal(row.credentials) == {"bearer_token": "s3cret-bearer"}
    assert "s3cret-bearer" not in row.credentials + json.dumps(row.settings)
    page = admin.get(reverse("source", args=[brand.slug, row.pk])).content.decode()
    assert "s3cret-bearer" not in page and row.credentials not in page
    assert "Set on " in page
    assert "s3cret-bearer" not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_an_empty_secret_keeps_the_stored_one(admin: Client, brand: Brand) -> None:
    add(admin, brand, "x", f_bearer_token="s3cret-bearer", **X)
    row = Source.objects.get()
    url = reverse("source", args=[brand.slug, row.pk])
    answer = admin.post(url, {"name": "Renamed", "brands": [brand.pk], "f_bearer_token": "", **X})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.name == "Renamed"
    assert unseal(row.credentials) == {"bearer_token": "s3cret-bearer"}


def test_a_stored_secret_never_follows_a_changed_address(admin: Client, brand: Brand) -> None:
    add(admin, brand, "x", f_bearer_token="s3cret-bearer", **X)
    row = Source.objects.get()
    url = reverse("source", args=[brand.slug, row.pk])
    moved = {"name": "Ours", "brands": [brand.pk], **X, "f_api_url": "https://collector.example"}
    answer = admin.post(url, moved)
    assert answer.status_code == 422
    assert "enter the secrets again" in answer.content.decode()
    assert "api_url" not in Source.objects.get().settings or "collector" not in Source.objects.get().settings["api_url"]
    assert admin.post(url, moved | {"f_bearer_token": "known"}).status_code == 302


def test_it_tests_a_connection_before_anything_is_saved(admin: Client, brand: Brand) -> None:
    with serving(algolia("I like acme")) as network:
        addresses = {"f_api_url": network.url, "f_items_url": network.url}
        answer = add(admin, brand, "hackernews", test="yes", **addresses)
    assert answer.status_code == 200 and answer.context["check"].ok
    assert network.asked, "the network was really asked"
    assert not Source.objects.exists()


def test_a_refused_address_is_an_answer_and_no_crash(admin: Client, brand: Brand) -> None:
    answer = add(admin, brand, "hackernews", f_api_url="http://169.254.169.254", test="yes")
    assert answer.status_code in (200, 422)
    assert not (answer.context["check"] and answer.context["check"].ok)


def test_it_waits_for_a_network_only_so_long() -> None:
    over = Event()
    with pytest.raises(TooSlow):
        within(0.05, over.wait)
    over.set()


def test_it_passes_errors_of_the_call_on() -> None:
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)


def test_it_shows_what_the_network_said(admin: Client, brand: Brand) -> None:
    row = a_source(brand, kind="hackernews", state="broken", error_code="schema", error_raw="<weird>")
    Pull.objects.create(
        source=row,
        started_at=timezone.now(),
        outcome="failed",
        sentence="The answer had an unknown shape.",
        error_code="schema",
        raw="KeyError('hits')",
    )
    page = admin.get(reverse("source", args=[brand.slug, row.pk])).content.decode()
    assert "The answer had an unknown shape." in page
    assert "KeyError(&#x27;hits&#x27;)" in page and "&lt;weird&gt;" in page and "<weird>" not in page


def test_a_changed_setting_mends_a_broken_source(admin: Client, brand: Brand) -> None:
    row = a_source(brand, kind="hackernews", state="broken", error_code="settings", failures=3, name="HN")
    admin.post(reverse("source", args=[brand.slug, row.pk]), {"name": "HN", "brands": [brand.pk]})
    row.refresh_from_db()
    assert (row.state, row.error_code, row.failures) == ("on", "", 0)


def test_it_pulls_now_once(admin: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    row = a_source(brand, kind="hackernews")
    rung: list[tuple[Any, ...]] = []
    monkeypatch.setattr(bells, "_ring", lambda task, *args, **options: rung.append((task, *args, options["queue"])))
    admin.post(reverse("source_pull", args=[brand.slug, row.pk]))
    Source.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    admin.post(reverse("source_pull", args=[brand.slug, row.pk]))
    assert rung == [("ingest.tasks.pull", row.pk, "pull.hackernews")]


def test_it_pauses_and_resumes(admin: Client, brand: Brand) -> None:
    row = a_source(brand, kind="hackernews")
    url = reverse("source_pause", args=[brand.slug, row.pk])
    admin.post(url)
    assert Source.objects.get().state == "paused"
    admin.post(url, {"resume": "yes"})
    assert Source.objects.get().state == "on"
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["paused source", "resumed source"]


def test_a_source_of_other_brands_too_is_changed_by_their_admins_alone(admin: Client, brand: Brand) -> None:
    other = a_brand("Other")
    row = a_source(brand, other, kind="hackernews", name="Shared")
    url = reverse("source", args=[brand.slug, row.pk])
    assert admin.post(url, {"name": "Mine now", "brands": [brand.pk]}).status_code == 403
    assert admin.post(reverse("source_pause", args=[brand.slug, row.pk])).status_code == 403
    assert admin.get(url).context["form"] is None
    admin.post(reverse("source_delete", args=[brand.slug, row.pk]))
    assert list(Source.objects.get(name="Shared").brands.all()) == [other]


def test_a_source_serves_only_brands_that_the_person_administers(brand: Brand) -> None:
    user = a_user()
    a_member(brand, Membership.Role.ADMIN, user)
    foreign = a_brand("Foreign")
    a_member(foreign, Membership.Role.MANAGER, user)
    answer = signed_in(user).post(
        reverse("source_new", args=[brand.slug, "hackernews"]), {"name": "HN", "brands": [brand.pk, foreign.pk]}
    )
    assert answer.status_code == 422
    assert not Source.objects.exists()


def test_a_removed_source_leaves_the_mentions(admin: Client, brand: Brand) -> None:
    row = a_source(brand, kind="hackernews")
    admin.post(reverse("source_delete", args=[brand.slug, row.pk]))
    assert not Source.objects.exists()


def test_it_lists_what_was_set_aside_with_a_button(
    admin: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = a_source(brand, kind="hackernews")
    one = Quarantine.objects.create(source=row, key="1" * 64, raw={}, reason="It had no date.")
    page = admin.get(reverse("source", args=[brand.slug, row.pk])).content.decode()
    url = reverse("quarantine_retry", args=[brand.slug, row.pk, one.pk])
    assert "It had no date." in page and url in page
    rung: list[int] = []
    monkeypatch.setattr(bells, "retry", rung.append)
    admin.post(url)
    assert rung == [one.pk]


def test_it_opens_with_credentials_that_no_key_opens(admin: Client, brand: Brand, settings: Any) -> None:
    row = a_source(brand, kind="x", credentials=seal({"bearer_token": "s3cret"}))
    settings.EARSHOT_CREDENTIAL_KEYS = ["another key of at least thirty-two letters"]
    page = admin.get(reverse("source", args=[brand.slug, row.pk]))
    assert page.status_code == 200
    checked = admin.post(reverse("source_test", args=[brand.slug, row.pk])).context["check"]
    assert not checked.ok and "EARSHOT_CREDENTIAL_KEYS" in checked.sentence


def test_it_shows_how_a_pull_goes_until_it_ended(admin: Client, brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "_ring", lambda *args, **options: None)
    row = a_source(brand, kind="hackernews")
    url = admin.post(reverse("source_pull", args=[brand.slug, row.pk]))["Location"]
    assert 'hx-trigger="every 2s"' in admin.get(url).content.decode()
    now = timezone.now()
    Pull.objects.create(source=row, started_at=now, finished_at=now, outcome="ok", sentence="Read 3, 2 new.")
    page = admin.get(url).content.decode()
    assert "Read 3, 2 new." in page and "every 2s" not in page
    for odd in ("x", "9" * 40, "-1", "0"):
        assert "every 2s" not in admin.get(f"{url.partition('?')[0]}?since={odd}").content.decode()
