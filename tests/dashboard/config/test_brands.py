"""Brands: set up, changed, paused, deleted; and the sample goes with one click."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dashboard import bells
from dashboard.slugs import free_slug
from listening.models import AuditEntry, Author, Brand, Handle, Membership, Mention, Note, Source, Tally
from listening.suggest import suggest
from tests.builders import ADOPTED, a_brand, a_case, a_member, a_mention, a_source, a_user, an_administrator, an_author
from tests.dashboard.config.people import signed_in

PLAIN = {"kind": "own", "colour": "#2f6f8f", "time_zone": "Europe/Berlin", "retention_days": "90"}


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Kinds of the sources whose pull was rung for."""
    kinds: list[str] = []
    monkeypatch.setattr(bells, "pull", lambda source: kinds.append(source.kind))
    return kinds


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Acme", '"Acme"'),
        ("Acme Motors", '"Acme Motors"'),
        ("BT", "{BT}"),
        ("  IBM ", "{IBM}"),
        ("C++", 'raw:"C++"'),
        ("AT&T", 'raw:"AT&T"'),
        ('The "Best"', '"The Best"'),
        ("Café", '"Café"'),
        ("東京", '"東京"'),
        ("", ""),
    ],
)
def test_it_suggests_a_first_query(name: str, query: str) -> None:
    assert suggest(name) == query


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"), [("Acme Motors", "acme-motors"), ("Müller & Söhne", "muller-sohne"), ("東京", "brand")]
)
def test_it_finds_a_free_slug(name: str, slug: str) -> None:
    assert free_slug(name) == slug
    Brand.objects.create(name=name, slug=slug)
    assert free_slug(name) == f"{slug}-2"


@pytest.mark.django_db
def test_one_submit_sets_up_a_brand_that_listens(rung: list[str]) -> None:
    admin = an_administrator()
    answer = signed_in(admin).post(
        reverse("start"),
        {
            "name": "Acme Motors",
            "kind": "own",
            "time_zone": "Europe/Berlin",
            "use_bluesky": "on",
            "use_hackernews": "on",
            "handles_bluesky": "@Acme.com, https://bsky.app/profile/help.acme.com",
        }
        | ADOPTED,
    )
    brand = Brand.objects.get()
    assert answer["Location"] == reverse("overview", args=[brand.slug])
    assert brand.queries.get().text == '"Acme Motors"'
    assert brand.queries.get().versions.get().author == admin
    assert set(brand.handles.values_list("handle", flat=True)) == {"acme.com", "help.acme.com"}
    assert sorted(brand.sources.values_list("kind", flat=True)) == sorted(rung) == ["bluesky", "hackernews"]
    assert Membership.objects.get(brand=brand, user=admin).role == "admin"


@pytest.mark.django_db
def test_a_second_brand_shares_the_networks_of_the_first(rung: list[str]) -> None:
    client = signed_in(an_administrator())
    for name in ("Acme", "Zenith"):
        sent = {"name": name, "kind": "own", "time_zone": "UTC", "use_bluesky": "on"}
        client.post(reverse("brand_new"), sent | ADOPTED)
    assert Source.objects.get().brands.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "required"),
        ({"text": "(acme OR"}, "(acme OR"),
        ({"use_rss": "on"}, "needs this"),
        ({"handles_x": "not a handle!"}, "X handle"),
    ],
)
def test_it_makes_nothing_of_what_it_cannot_read(fields: dict[str, str], says: str, rung: list[str]) -> None:
    data = {"name": "Acme", "kind": "own", "time_zone": "UTC"} | ADOPTED | fields
    answer = signed_in(an_administrator()).post(reverse("start"), data)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Brand.objects.exists() and not rung


@pytest.mark.django_db
def test_it_changes_a_brand_and_keeps_the_ids_of_its_accounts() -> None:
    brand = a_brand()
    Handle.objects.create(brand=brand, network="bluesky", handle="acme.com", external_id="did:plc:1")
    Handle.objects.create(brand=brand, network="x", handle="gone")
    answer = signed_in(a_member(brand)).post(
        reverse("brand_settings", args=[brand.slug]),
        {"name": "Acme!", "handles_bluesky": "acme.com new.acme.com", **PLAIN},
    )
    assert answer.status_code == 302
    brand.refresh_from_db()
    assert (brand.name, brand.retention_days, brand.time_zone) == ("Acme!", 90, "Europe/Berlin")
    assert set(brand.handles.values_list("handle", "external_id")) == {("acme.com", "did:plc:1"), ("new.acme.com", "")}
    assert AuditEntry.objects.get().verb == "changed brand"


@pytest.mark.django_db
def test_it_offers_as_rivals_only_brands_that_the_person_sees() -> None:
    user = a_user()
    brand, seen, unseen = a_brand(), a_brand("Seen"), a_brand("Unseen")
    for one in (brand, seen):
        a_member(one, Membership.Role.ADMIN, user)
    brand.rivals.add(unseen)
    url = reverse("brand_settings", args=[brand.slug])
    client = signed_in(user)
    assert "Unseen" not in client.get(url).content.decode()
    assert client.post(url, {"name": "Acme", "rivals": [unseen.pk], **PLAIN}).status_code == 422
    client.post(url, {"name": "Acme", "rivals": [seen.pk], **PLAIN})
    assert set(brand.rivals.all()) == {seen, unseen}, "a rival that the person may not see stays"


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"colour": "red"}, {"retention_days": "0"}, {"time_zone": "Mars/Olympus"}])
def test_it_refuses_values_that_make_no_sense(fields: dict[str, str]) -> None:
    brand = a_brand()
    answer = signed_in(a_member(brand)).post(
        reverse("brand_settings", args=[brand.slug]), {"name": "Acme", **PLAIN, **fields}
    )
    assert answer.status_code == 422


@pytest.mark.django_db
def test_it_deletes_a_brand_only_after_its_name_was_typed() -> None:
    brand, other = a_brand(), a_brand("Other")
    shared, own = a_source(brand, other, name="Shared"), a_source(brand, name="Own")
    mention = a_mention(brand, source=own)
    Note.objects.create(case=a_case(mention), author=None, text="Called them.")
    kept = a_mention(other)
    client = signed_in(a_member(brand))
    url = reverse("brand_delete", args=[brand.slug])
    assert client.post(url, {"name": "acme"}).status_code == 422
    assert Brand.objects.filter(pk=brand.pk).exists()
    client.post(url, {"name": "Acme"})
    assert list(Brand.objects.all()) == [other]
    assert list(Mention.objects.all()) == [kept]
    assert list(Source.objects.all()) == [shared]
    assert not Tally.objects.filter(brand=brand.pk).exists() and Tally.objects.filter(brand=other.pk).exists()
    assert AuditEntry.objects.get().target == "Acme"


@pytest.mark.django_db
def test_the_sample_goes_with_one_click_and_nothing_else() -> None:
    sample, rival, real = a_brand("Sample", is_sample=True), a_brand("Rival", is_sample=True), a_brand("Real")
    a_source(sample, rival, kind="sample")
    real_source = a_source(real, kind="hackernews")
    invented, met = an_author(network="sample"), an_author(network="mastodon")
    a_mention(sample, network="sample", author=invented)
    a_mention(sample, network="mastodon", author=met)
    a_mention(real, network="mastodon", author=met)
    answer = signed_in(an_administrator()).post(reverse("sample_remove"))
    assert answer.status_code == 302
    assert list(Brand.objects.all()) == [real]
    assert list(Source.objects.all()) == [real_source]
    assert list(Author.objects.all()) == [met]
    assert Mention.objects.count() == 1


@pytest.mark.django_db
def test_it_pauses_a_brand() -> None:
    brand = a_brand()
    client = signed_in(a_member(brand))
    url = reverse("brand_pause", args=[brand.slug])
    client.post(url, {"paused": "yes"})
    assert Brand.objects.get().paused
    assert "Resume listening" in client.get(reverse("brand_settings", args=[brand.slug])).content.decode()
    client.post(url, {"paused": "no"})
    assert not Brand.objects.get().paused


@pytest.mark.django_db
def test_the_audit_log_can_be_searched_and_hides_other_brands() -> None:
    brand, other = a_brand(), a_brand("Other")
    admin = a_member(brand)
    for number in range(60):
        AuditEntry.objects.create(brand=brand, user=admin, verb="changed query", target=f"Query {number}")
    AuditEntry.objects.create(brand=brand, verb="configured: added", target="source x/Ours", detail={"how": ["a", "b"]})
    AuditEntry.objects.create(brand=other, verb="secret deed", target="Elsewhere")
    AuditEntry.objects.create(brand=None, verb="deleted brand", target="Gone")
    url = reverse("audit", args=[brand.slug])
    client = signed_in(admin)
    first = client.get(url)
    assert len(first.context["entries"]) == 50
    assert "secret deed" not in first.content.decode() and "Gone" not in first.content.decode()
    rest = client.get(url, {"before": first.context["next"]})
    assert len(rest.context["entries"]) == 11
    assert [e.target for e in client.get(url, {"text": "query 7"}).context["entries"]] == ["Query 7"]
    assert [e.target for e in client.get(url, {"verb": "configured: added"}).context["entries"]] == ["source x/Ours"]
    assert len(client.get(url, {"who": str(admin.pk)}).context["entries"]) == 50
    assert client.get(url, {"before": "2026-13-45_x", "who": "x"}).status_code == 200
    assert "Gone" in signed_in(an_administrator()).get(url).content.decode()


@pytest.mark.django_db
def test_the_account_keeps_name_zone_and_digests() -> None:
    brand = a_brand(time_zone="Europe/Berlin")
    user = a_member(brand, Membership.Role.MANAGER)
    client: Client = signed_in(user)
    client.post(reverse("account"), {"name": "Ann", "time_zone": "Asia/Tokyo"})
    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("Ann", "Asia/Tokyo")
    url = reverse("subscription", args=[brand.slug])
    sent: dict[str, Any] = {
        f"{brand.slug}-{name}": value for name, value in {"active": "on", "weekday": "2", "hour": "17"}.items()
    }
    client.post(url, sent)
    row = user.subscriptions.get()
    assert (row.active, row.weekday, row.hour, row.send_empty) == (True, 2, 17, False)
    assert "Wednesdays at 17:00, Europe/Berlin time" in client.get(reverse("account")).content.decode()
    client.post(url, {f"{brand.slug}-weekday": "2", f"{brand.slug}-hour": "17"})
    row.refresh_from_db()
    assert not row.active and row.unsubscribed_at is not None
    client.post(url, {f"{brand.slug}-weekday": "9", f"{brand.slug}-hour": "99"})
    assert signed_in(a_user()).post(url, sent).status_code == 404
    assert json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))


@pytest.mark.django_db
def test_the_first_visit_of_an_administrator_leads_to_the_set_up_page_once() -> None:
    client = signed_in(an_administrator())
    home, start = reverse("home"), reverse("start")
    assert client.get(home)["Location"] == start
    assert "Look around" not in client.get(start).content.decode()
    assert client.get(home)["Location"] == start, "there is nothing else to see"
    sample = a_brand("Sample", is_sample=True)
    a_brand("Sample rival", is_sample=True, kind="competitor")
    other = signed_in(an_administrator())
    assert other.get(home)["Location"] == start
    assert reverse("overview", args=[sample.slug]) in other.get(start).content.decode()
    assert other.get(home).status_code == 200
    a_brand("Real")
    assert signed_in(an_administrator()).get(home).status_code == 200
