"""YouTube on the pages: set up, tried, told apart from what YouTube says itself, and left by people who want to."""

from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from ingest.stepping_out import check
from listening.handles import id_of, normal
from listening.models import Brand, Membership, OptOut, OptOutRequest, Source
from listening.secrets import person_key, seal, unseal
from tests.builders import a_brand, a_member, a_mention, a_source
from tests.sources.youtube.fake_youtube import ACME, KEY, FakeYouTube

pytestmark = pytest.mark.django_db
_visitors = count(1)


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def admin(brand: Brand) -> Client:
    client = Client(HTTP_ACCEPT="text/html")
    client.force_login(a_member(brand, Membership.Role.ADMIN))
    return client


def add(admin: Client, brand: Brand, tube: FakeYouTube, **fields: Any) -> Any:
    told = {"name": "YouTube", "brands": [brand.pk], "f_api_key": KEY, "f_api_url": tube.net.url, "f_search": "on"}
    return admin.post(reverse("source_new", args=[brand.slug, "youtube"]), told | fields)


def test_it_is_set_up_and_its_keys_are_sealed(admin: Client, brand: Brand, tube: FakeYouTube) -> None:
    page = admin.get(reverse("source_new", args=[brand.slug, "youtube"])).content.decode()
    assert "derived-metrics-policy" in page and "API key" in page
    add(admin, brand, tube, f_channels="https://www.youtube.com/@critic", f_attested_on="2026-06-01")
    row = Source.objects.get()
    assert unseal(row.credentials) == {"api_key": KEY}
    assert row.settings["channels"] == ["https://www.youtube.com/@critic"]
    assert (row.settings["attested_on"], row.settings["search"]) == ("2026-06-01", True)
    page = admin.get(reverse("source", args=[brand.slug, row.pk])).content.decode()
    assert "units this month, 0 of 10,000 today" in page and KEY not in page


def test_the_connection_is_tried_before_it_is_kept(admin: Client, brand: Brand, tube: FakeYouTube) -> None:
    page = add(admin, brand, tube, f_channels="@critic", test="yes").content.decode()
    assert "YouTube accepts the key." in page and "The Critic" in page
    page = add(admin, brand, tube, f_api_key="wrong", test="yes").content.decode()
    assert "does not accept the API key" in page and not Source.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("f_channels", "https://www.youtube.com/c/Acme", "is not a channel of YouTube"),
        ("f_channels", "a b", "is not a channel of YouTube"),
        ("f_videos", "https://example.org/x", "is not a video"),
        ("f_attested_on", "yes", "is not a day"),
        ("f_api_url", "ftp://x", "must look like"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    admin: Client, brand: Brand, tube: FakeYouTube, field: str, value: str, words: str
) -> None:
    answer = add(admin, brand, tube, **{field: value})
    assert answer.status_code == 422 and words in answer.content.decode()


@pytest.mark.parametrize(
    ("network", "found", "marked"),
    [
        ("youtube", {"sentiment": "negative"}, True),
        ("youtube", {"sentiment": "unscored", "complaint_p": 0.9, "complaint": True}, True),
        ("youtube", {"sentiment": "unscored"}, False),
        ("x", {"sentiment": "negative"}, False),
    ],
)
def test_an_estimate_is_told_apart_from_youtubes_own_words(
    admin: Client, brand: Brand, network: str, found: dict[str, Any], marked: bool
) -> None:
    mention = a_mention(brand, network=network, **found)
    page = admin.get(reverse("mention", args=[brand.slug, mention.pk])).content.decode()
    assert ("Our estimate, not from YouTube" in page) is marked
    assert "YouTube" in page or network == "x"


@pytest.mark.parametrize(
    ("written", "handle", "known"),
    [
        ("@Acme.Kettles", "acme.kettles", ""),
        ("acme", "acme", ""),
        ("https://www.youtube.com/@Acme/videos", "acme", ""),
        ("youtube.com/@acme", "acme", ""),
        (f"https://youtube.com/channel/{ACME}", ACME, ACME),
        (ACME, ACME, ACME),
        (f"https://m.youtube.com/channel/{ACME}/about", ACME, ACME),
    ],
)
def test_channels_are_written_in_many_ways(written: str, handle: str, known: str) -> None:
    assert normal("youtube", written) == handle
    assert id_of("youtube", handle) == known and id_of("x", handle) == ""


@pytest.mark.parametrize(
    "written", ["https://youtube.com/user/acme", "ab", "a b", "@", "https://youtube.com/watch?v=1"]
)
def test_what_is_no_channel_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a channel of YouTube"):
        normal("youtube", written)


def test_who_shows_the_code_in_the_description_steps_out(brand: Brand, tube: FakeYouTube) -> None:
    cache.clear()
    visitor = Client(REMOTE_ADDR=f"192.0.2.{next(_visitors)}", HTTP_ACCEPT="text/html")
    told = {"network": "youtube", "handle": "youtube.com/@Critic", "scope": "listen"}
    visitor.post("/opt-out/", told)
    assert OptOutRequest.objects.get().state == "asked", "without a key nobody can be asked"
    OptOutRequest.objects.all().delete()
    a_source(brand, kind="youtube", settings={"api_url": tube.net.url}, credentials=seal({"api_key": KEY}))
    visitor.post("/opt-out/", told)
    request = OptOutRequest.objects.get()
    assert request.state == "open" and request.code
    check(request.pk, tube.now)
    assert OptOutRequest.objects.get().state == "open"
    tube.channels["UCcriticcriticcriticcr00"]["description"] = f"I try things. {request.code}"
    check(request.pk, tube.now)
    assert OptOutRequest.objects.get().state == "done"
    assert OptOut.objects.filter(key=person_key("youtube", "UCcriticcriticcriticcr00")[1]).exists()
