"""Many accounts at once: a row for each line, good ones added whatever is wrong with the others."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.accounts import add_accounts
from dashboard.connect import of_row
from dashboard.forms.handles import HandlesForm
from ingest.sources.base import Found
from listening.models import AuditEntry, Brand, Handle, Source, Spend, User
from listening.secrets import seal
from tests.builders import a_brand, a_member, a_source
from tests.sources.loopback import Loopback, Reply, Request, reply

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PAGE = "/b/acme/settings/accounts/"


@pytest.fixture
def acme() -> Brand:
    return a_brand("Acme", slug="acme")


@pytest.fixture
def ann(acme: Brand) -> User:
    return a_member(acme)


@pytest.fixture
def net() -> Iterator[Loopback]:
    with Loopback() as net:
        yield net


def states(brand: Brand, network: str, lines: list[str], user: User) -> list[str]:
    return [row.state for row in add_accounts(brand, network, lines, user, NOW)]


def handles(brand: Brand) -> dict[str, str]:
    return dict(brand.handles.values_list("handle", "external_id"))


def a_bluesky(brand: Brand, net: Loopback) -> Source:
    def profile(asked: Request) -> Reply:
        actor = asked.params["actor"]
        refusals = {"gone.example": ("AccountTakedown", 400), "nobody.example": ("InvalidRequest", 400)}
        if actor == "down.example":
            return reply(403, {"error": "Forbidden"})
        if actor in refusals:
            name, status = refusals[actor]
            return reply(status, {"error": name, "message": "no"})
        return reply(200, {"did": f"did:plc:{actor.partition('.')[0]}", "handle": actor})

    net.handle("GET", "/xrpc/app.bsky.actor.getProfile", profile)
    return a_source(brand, kind="bluesky", settings={"appview_url": net.url})


def test_each_line_has_an_answer_of_its_own(acme: Brand, ann: User, net: Loopback) -> None:
    a_bluesky(acme, net)
    Handle.objects.create(brand=acme, network="bluesky", handle="old.example", external_id="did:plc:old")
    lines = [
        "@New.example",
        "old.example",
        "https://bsky.app/profile/new.example",
        "gone.example",
        "nobody.example",
        "no handle",
        "down.example",
    ]
    assert states(acme, "bluesky", lines, ann) == [
        "added", "exists", "exists", "suspended", "not_found", "malformed", "unchecked",
    ]  # fmt: skip
    assert handles(acme) == {"old.example": "did:plc:old", "new.example": "did:plc:new", "down.example": ""}


def test_twice_adds_nothing_the_second_time(acme: Brand, ann: User, net: Loopback) -> None:
    a_bluesky(acme, net)
    assert states(acme, "bluesky", ["new.example"], ann) == ["added"]
    assert states(acme, "bluesky", ["new.example"], ann) == ["exists"]
    assert Handle.objects.count() == 1
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.detail) == ("changed brand", {"network": "Bluesky", "accounts_added": 1})


def test_mastodon_is_asked_at_the_account_s_own_server(acme: Brand, ann: User, net: Loopback) -> None:
    host = net.url.removeprefix("http://")
    told: dict[str, Reply] = {
        "new": reply(200, {"uri": "https://here/users/new", "url": "https://here/@new"}),
        "off": reply(200, {"uri": "https://here/users/off", "url": "https://here/@off", "suspended": True}),
        "erased": reply(410, {"error": "Gone"}),
    }
    net.handle("GET", "/api/v1/accounts/lookup", lambda asked: told.get(asked.params["acct"], reply(404, {})))
    source = a_source(acme, kind="mastodon", settings={"api_url": net.url})
    rows = {name: source_of(source, f"{name}@{host}") for name in ("new", "off", "erased", "nobody")}
    assert rows == {"new": "there", "off": "suspended", "erased": "suspended", "nobody": "not_found"}


def source_of(source: Source, handle: str) -> str:
    return dict(of_row(source).look_up([handle]))[handle].state


def an_x(brand: Brand, net: Loopback, **settings: Any) -> Source:
    def users(asked: Request) -> Reply:
        names = asked.params["usernames"].split(",")
        data = [
            {"id": f"4{i}", "username": name.title(), "name": name} for i, name in enumerate(names) if "new" in name
        ]
        off = {"resource_type": "user", "parameter": "usernames", "title": "Forbidden"}
        kind = {"type": "https://api.twitter.com/2/problems/resource-not-found"}
        errors = [
            {**off, **kind, "value": name, "resource_id": name, "detail": f"User has been suspended: [{name}]."}
            if name == "gone"
            else {**off, **kind, "title": "Not Found Error", "value": name, "detail": "Could not find user."}
            for name in names
            if "new" not in name
        ]
        return reply(200, ({"data": data} if data else {}) | ({"errors": errors} if errors else {}))

    net.handle("GET", "/2/users/by", users)
    told = {"api_url": net.url} | settings
    return a_source(brand, kind="x", settings=told, credentials=seal({"bearer_token": "t"}))


def test_x_is_asked_once_for_all_and_what_it_costs_is_noted(acme: Brand, ann: User, net: Loopback) -> None:
    an_x(acme, net)
    assert states(acme, "x", ["@NewOne", "gone", "nobody", "newtwo"], ann) == [
        "added", "suspended", "not_found", "added",
    ]  # fmt: skip
    assert handles(acme) == {"newone": "40", "newtwo": "43"}
    assert len(net.requests) == 1 and Spend.objects.get().units == 4


def test_where_the_budget_does_not_reach_nobody_is_asked_and_nothing_lost(
    acme: Brand, ann: User, net: Loopback
) -> None:
    an_x(acme, net, daily_posts=1)
    [row] = add_accounts(acme, "x", ["new"], ann, NOW)
    assert (row.state, net.requests) == ("unchecked", []) and "budget" in row.why
    assert handles(acme) == {"new": ""}


def test_without_a_source_that_can_look_they_are_added_and_that_is_said(acme: Brand, ann: User) -> None:
    [row] = add_accounts(acme, "x", ["new"], ann, NOW)
    assert row.label == "Added, can’t be checked now" and "No source" in row.why
    assert handles(acme) == {"new": ""}


def test_nobody_is_asked_about_the_made_up_accounts_of_the_sample(ann: User) -> None:
    sample = a_brand("Sample", is_sample=True)
    [row] = add_accounts(sample, "bluesky", ["new.example"], ann, NOW)
    assert row.state == "unchecked" and "made up" in row.why


def test_the_page_says_it_line_by_line_and_keeps_what_is_to_be_mended(acme: Brand, ann: User, net: Loopback) -> None:
    a_bluesky(acme, net)
    client = Client()
    client.force_login(ann)
    assert PAGE in client.get("/b/acme/settings/").content.decode()
    sent = {"network": "bluesky", "handles": "new.example\r\n\r\ngone.example\r\nnobody.example"}
    page = client.post(PAGE, sent).content.decode()
    assert "1 of 3 lines is an account of Acme now." in page
    for label in ("Added", "Suspended or switched off", "Not found"):
        assert label in page
    assert page.count("gone.example") == 2 and "nobody.example</textarea>" in page


def test_too_many_lines_are_refused_in_a_sentence(acme: Brand, ann: User) -> None:
    client = Client()
    client.force_login(ann)
    many = "\n".join(f"a{n}" for n in range(HandlesForm.MOST + 1))
    answer = client.post(PAGE, {"network": "x", "handles": many})
    assert answer.status_code == 422 and "at most 200 at a time" in answer.content.decode()
    assert not Handle.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("manager", 403), ("marketer", 403), ("stranger", 404)])
def test_only_admins_add_accounts(acme: Brand, role: str, status: int) -> None:
    client = Client()
    client.force_login(a_member(a_brand() if role == "stranger" else acme, "admin" if role == "stranger" else role))
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, {"network": "x", "handles": "new"}).status_code == status


def test_a_wrong_line_written_twice_is_wrong_twice(acme: Brand, ann: User, net: Loopback) -> None:
    a_bluesky(acme, net)
    lines = ["nobody.example", "@nobody.example", "down.example", "down.example"]
    assert states(acme, "bluesky", lines, ann) == ["not_found", "not_found", "unchecked", "exists"]


@pytest.mark.parametrize(
    ("network", "line"),
    [
        ("bluesky", "a.".join([""] * 140) + "com"),
        ("mastodon", "acme@" + "a.".join([""] * 140) + "com"),
        ("x", "https://[acme"),
        ("youtube", "https://a]b/@acme"),
        ("mastodon", "http://ex\N{ACCOUNT OF}mple.com/@x"),
    ],
)
def test_what_no_network_could_have_is_told_by_a_sentence(acme: Brand, ann: User, network: str, line: str) -> None:
    [row] = add_accounts(acme, network, [line], ann, NOW)
    assert row.state == "malformed" and row.why.startswith("“") and " is " in row.why


def sent_from(page: Any) -> dict[str, Any]:
    """What the brand's page sends when somebody saves it as it is."""
    form = page.context["form"]
    told = {name: form.initial.get(name) or "" for name in form.fields}
    shown = {form.add_initial_prefix(name): told[name] for name in told if name.startswith("handles_")}
    return told | shown | {"name": "Acme", "rivals": []}


@pytest.fixture
def admin(acme: Brand) -> Client:
    client = Client()
    client.force_login(a_member(acme, "admin"))
    return client


def test_a_brand_with_many_accounts_can_still_be_saved(acme: Brand, admin: Client) -> None:
    Handle.objects.bulk_create(
        Handle(brand=acme, network="mastodon", handle=f"acme_shop_{n}@mastodon.example") for n in range(200)
    )
    answer = admin.post("/b/acme/settings/", sent_from(admin.get("/b/acme/settings/")))
    assert answer.status_code == 302 and acme.handles.count() == 200


def test_who_saves_an_old_page_takes_no_accounts_away_that_a_colleague_added(
    acme: Brand, ann: User, admin: Client
) -> None:
    acme.handles.bulk_create([Handle(brand=acme, network="x", handle=one) for one in ("old", "gone", "theirs")])
    sent = sent_from(admin.get("/b/acme/settings/"))
    add_accounts(acme, "x", ["new"], ann, NOW)
    acme.handles.filter(handle="theirs").delete()
    admin.post("/b/acme/settings/", sent | {"handles_x": "old, theirs, mine"})
    assert set(handles(acme)) == {"old", "new", "mine"}


def test_the_page_of_a_brand_carries_which_accounts_it_showed(acme: Brand, admin: Client) -> None:
    Handle.objects.create(brand=acme, network="x", handle="acme_old")
    page = admin.get("/b/acme/settings/").content.decode()
    assert '<input type="hidden" name="initial-handles_x" value="acme_old"' in page


def test_what_fails_here_is_not_blamed_on_the_network(
    acme: Brand, ann: User, net: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_bluesky(acme, net)

    def breaks(source: object, handle: str) -> Found:
        if handle == "broken.example":
            raise RuntimeError
        return Found("there")

    monkeypatch.setattr("ingest.sources.bluesky.Bluesky.account", breaks)
    fine, broken, after = add_accounts(acme, "bluesky", ["a.example", "broken.example", "b.example"], ann, NOW)
    assert (fine.state, broken.state, after.state) == ("added", "unchecked", "unchecked")
    assert "inside Earshot" in broken.why and "inside Earshot" in after.why


@pytest.mark.parametrize("shown", ["\0", "old \0,,", "a" * 5000, ""])
def test_a_page_that_says_oddly_what_it_showed_takes_nothing_else_away(acme: Brand, admin: Client, shown: str) -> None:
    Handle.objects.create(brand=acme, network="x", handle="kept")
    sent = sent_from(admin.get("/b/acme/settings/")) | {"handles_x": "kept, new", "initial-handles_x": shown}
    assert admin.post("/b/acme/settings/", sent).status_code == 302
    assert set(handles(acme)) == {"kept", "new"}
