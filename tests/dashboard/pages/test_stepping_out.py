"""The public way out and the administrator's page: nobody learns who is known, and no name is left behind."""

from collections.abc import Callable
from itertools import count

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from ingest.stepping_out import settle_all
from listening.models import AuditEntry, Brand, Mention, OptOut, OptOutRequest
from listening.secrets import unseal
from tests.builders import a_mention, an_author

SignIn = Callable[[str], Client]
ROSA = {"network": "x", "handle": "https://x.com/Rosa_Secret", "scope": "listen"}
_visitors = count(1)


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody without a login, from an address of their own."""
    return Client(REMOTE_ADDR=f"192.0.2.{next(_visitors) % 250}", HTTP_ACCEPT="text/html")


@pytest.fixture(autouse=True)
def no_limits_from_before(db: None) -> None:
    cache.clear()


def test_anybody_can_ask_without_a_login_and_the_name_is_kept_sealed(visitor: Client) -> None:
    assert visitor.get("/opt-out/").status_code == 200
    page = visitor.post("/opt-out/", ROSA, follow=True)
    request = OptOutRequest.objects.get()
    assert unseal(request.sealed) == {"handle": "rosa_secret"}
    assert request.state == "asked"
    assert "an administrator decides" in page.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM listening_optoutrequest r")
        assert "rosa" not in cursor.fetchone()[0].lower()


@pytest.mark.parametrize("written", ["https://[", "https://℀.example/@rosa", "https://[/users/rosa"])
def test_what_only_looks_like_an_address_is_refused_and_breaks_nothing(visitor: Client, written: str) -> None:
    for network in ("", "mastodon", "hackernews"):
        answer = visitor.post("/opt-out/", {"network": network, "handle": written, "scope": "listen"})
        assert answer.status_code == 422
    assert not OptOutRequest.objects.exists()


@pytest.mark.parametrize("network", ["", "mastodon", "x"])
@pytest.mark.parametrize("handle", ["https://[rosa", "http://ex\N{ACCOUNT OF}mple.org/@rosa", "\0", "a." * 120 + "com"])
def test_an_account_that_none_can_have_is_asked_for_again(visitor: Client, handle: str, network: str) -> None:
    answer = visitor.post("/opt-out/", {"network": network, "handle": handle, "scope": "listen"}, follow=True)
    assert (
        answer.status_code < 500 and "IPv6" not in answer.content.decode() and "netloc" not in answer.content.decode()
    )


def test_a_network_that_can_be_read_shows_a_code(visitor: Client) -> None:
    told = {"network": "bluesky", "handle": "rosa.example.org", "scope": "contact"}
    page = visitor.post("/opt-out/", told, follow=True).content.decode()
    request = OptOutRequest.objects.get()
    assert request.code in page and request.state == "open"
    checked = visitor.post(f"/opt-out/{request.token}/check/")
    assert checked["Location"] == f"/opt-out/{request.token}/?checking=1"


def test_the_page_of_a_request_that_no_key_opens_still_stands(visitor: Client) -> None:
    visitor.post("/opt-out/", {"network": "bluesky", "handle": "rosa.example.org", "scope": "contact"})
    OptOutRequest.objects.update(sealed="gAAAAA")
    assert visitor.get(f"/opt-out/{OptOutRequest.objects.get().token}/").status_code == 200


def test_nobody_learns_from_it_whether_a_person_is_known(visitor: Client, brand: Brand) -> None:
    def asked(handle: str) -> str:
        answer = visitor.post("/opt-out/", ROSA | {"handle": handle}, follow=True)
        request = OptOutRequest.objects.latest("pk")
        return answer.content.decode().replace(request.token, "").replace(request.code, "")

    a_mention(brand, author=an_author(network="x", handle="known"), network="x")
    assert asked("known") == asked("unknown")


def test_a_wrong_handle_is_told_before_anything_is_kept(visitor: Client) -> None:
    page = visitor.post("/opt-out/", ROSA | {"network": "mastodon", "handle": "rosa"})
    assert page.status_code == 422 and "write it with its server" in page.content.decode()
    assert not OptOutRequest.objects.exists()


def test_one_address_cannot_ask_without_end(visitor: Client) -> None:
    for _ in range(10):
        assert visitor.post("/opt-out/", ROSA).status_code == 302
    assert visitor.post("/opt-out/", ROSA).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.7").post("/opt-out/", ROSA).status_code == 302
    assert OptOutRequest.objects.count() == 11


def test_a_made_up_address_of_a_request_is_nowhere(visitor: Client) -> None:
    assert visitor.get("/opt-out/nonsense/").status_code == 404
    assert visitor.post("/opt-out/nonsense/check/").status_code == 404


def test_an_administrator_agrees_and_the_name_is_gone(visitor: Client, signed_in: SignIn, brand: Brand) -> None:
    a_mention(brand, author=an_author(network="x", handle="rosa_secret"), network="x")
    visitor.post("/opt-out/", ROSA)
    request = OptOutRequest.objects.get()
    client = signed_in("administrator")
    assert "rosa_secret" in client.get("/people/opt-outs/").content.decode()
    client.post(f"/people/opt-outs/{request.pk}/", {"agree": "yes"})
    settle_all(request.created_at)
    assert not Mention.objects.exists()
    request.refresh_from_db()
    assert (request.state, request.sealed) == ("done", "")
    assert "rosa_secret" not in client.get("/people/opt-outs/").content.decode()
    receipt = visitor.get(f"/opt-out/{request.token}/").content.decode()
    assert "nothing that you write is stored" in receipt and "Erased" not in receipt
    assert "rosa" not in str(list(AuditEntry.objects.values())).lower()


def test_declining_leaves_no_name(visitor: Client, signed_in: SignIn) -> None:
    visitor.post("/opt-out/", ROSA)
    request = OptOutRequest.objects.get()
    signed_in("administrator").post(f"/people/opt-outs/{request.pk}/", {"decline": "yes"})
    request.refresh_from_db()
    assert (request.state, request.sealed) == ("declined", "")
    assert "Declined" in visitor.get(f"/opt-out/{request.token}/").content.decode()


def test_only_administrators_of_the_installation_see_who_asks(visitor: Client, signed_in: SignIn) -> None:
    visitor.post("/opt-out/", ROSA)
    request = OptOutRequest.objects.get()
    for role in ("admin", "marketer", "stranger"):
        assert signed_in(role).get("/people/opt-outs/").status_code == 404
        assert signed_in(role).post(f"/people/opt-outs/{request.pk}/", {"agree": "yes"}).status_code == 404
    assert signed_in("logged out").get("/people/opt-outs/").status_code == 302
    request.refresh_from_db()
    assert request.state == "asked"


def test_a_shared_list_is_taken_row_by_row(signed_in: SignIn, brand: Brand) -> None:
    text = (
        "Network,Handle,Kind\nx,@rosa,contact\nmastodon,rosa,listen\n,rosa,listen\nx,bert,sometimes\n"
        "bluesky,bert.example.org,\n"
    )
    client = signed_in("administrator")

    def take() -> list[str]:
        page = client.post("/people/opt-outs/", {"file": SimpleUploadedFile("list.csv", text.encode())})
        settle_all(OptOutRequest.objects.latest("pk").created_at)
        return [row.state for row in page.context["rows"]]

    assert take() == ["added", "refused", "refused", "refused", "added"]
    assert take() == ["already", "refused", "refused", "refused", "already"]
    assert set(OptOut.objects.values_list("network", "scope")) == {("x", "contact"), ("bluesky", "listen")}


@pytest.mark.parametrize(
    ("part", "encoding", "end"),
    [("\t", "utf-16", "\r\n"), (";", "utf-8-sig", "\r\n"), ("\t", "utf-8", "\r\n"), (",", "utf-8", "\r")],
)
def test_a_list_as_a_spreadsheet_writes_it_is_taken(
    signed_in: SignIn, brand: Brand, part: str, encoding: str, end: str
) -> None:
    text = "Network,Handle,Kind\nx,@rosa,listen\n".replace(",", part).replace("\n", end)
    file = SimpleUploadedFile("list.txt", text.encode(encoding))
    page = signed_in("administrator").post("/people/opt-outs/", {"file": file})
    assert [row.state for row in page.context["rows"]] == ["added"]


@pytest.mark.parametrize(
    "row", ["x\x00,rosa,,listen", "x,,1\x002,listen", "hackernews,ro\x00sa,,listen", f"{'x' * 21},rosa,,listen"]
)
def test_a_row_of_a_list_that_nothing_can_hold_is_refused_alone(signed_in: SignIn, brand: Brand, row: str) -> None:
    file = SimpleUploadedFile("list.csv", f"network,handle,id,kind\n{row}\nx,bert,,listen\n".encode())
    page = signed_in("administrator").post("/people/opt-outs/", {"file": file})
    assert [row.state for row in page.context["rows"]] == ["refused", "added"]
    assert settle_all(OptOutRequest.objects.latest("pk").created_at) == 1 and OptOut.objects.exists()


def test_a_list_with_an_open_quotation_mark_is_taken_as_far_as_it_goes(signed_in: SignIn, brand: Brand) -> None:
    text = 'network,handle\nx,bert\nx,"' + "rosa\n" * 30_000
    page = signed_in("administrator").post("/people/opt-outs/", {"file": SimpleUploadedFile("l.csv", text.encode())})
    assert [(row.number, row.state) for row in page.context["rows"]] == [(2, "added"), (3, "refused")]
    assert "a quotation mark that is not closed" in page.content.decode()


def test_an_administrator_enters_somebody(signed_in: SignIn, brand: Brand) -> None:
    client = signed_in("administrator")
    told = {"network": "x", "handle": "@Rosa", "scope": "contact"}
    assert client.post("/people/opt-outs/", told).status_code == 302
    settle_all(OptOutRequest.objects.get().created_at)
    assert OptOut.objects.get().scope == "contact"
    assert client.post("/people/opt-outs/", told | {"handle": ""}).status_code == 422
