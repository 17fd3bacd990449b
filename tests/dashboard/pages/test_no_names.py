"""Nobody has a name on any page: handle and display name of an author stand nowhere, whatever the role."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from dashboard.digests.content import write
from dashboard.urls import urlpatterns
from listening.asking import ask
from listening.models import Brand, Improvement, Mention, Sitting, Subscription, Theme, ThemeMember
from tests.builders import a_case, a_complaint, a_member, a_query, a_source, an_author

HANDLE, NAME = "wagtail_handle", "Wagtail Kowalski"
NAMED = re.compile("wagtail|kowalski", re.IGNORECASE)
ORIGINAL = re.compile(r'<a class="out" href="[^"]*"')  # leads to the network, which shows the name there
ROLES = ["administrator", "admin", "marketer", "manager"]

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def mention(brand: Brand) -> Mention:
    """A complaint that speaks to the brand, signed in its title and text, with everything a page may show of it."""
    query = a_query(brand, "acme")
    author = an_author(handle=HANDLE, name=NAME, url=f"https://mas.to/@{HANDLE}")
    text = f"@{HANDLE} here, acme broke. Yours, {NAME}"
    start = text.index(HANDLE)
    found = a_complaint(
        brand,
        text,
        title=f"{NAME} (@{HANDLE}) asks",
        author=author,
        url=f"https://mas.to/@{HANDLE}/1",
        addressed="mentioned",
        addressed_evidence="Names @acme in the text.",
        spans={str(query.pk): [[0, start + len(HANDLE)]]},
        complaint_reasons=[{"start": start, "end": len(text), "why": "says so"}],
        complaint_p=0.9,
        published_at=timezone.now() - timedelta(hours=2),
    )
    a_source(brand)
    improvement = Improvement.objects.create(brand=brand, title="Sturdier grinders")
    improvement.cases.add(a_case(found))
    theme = Theme.objects.create(brand=brand, origin=Theme.Origin.ADMIN, name="Breaks", query="broke")
    own = ("published_at", "network", "language", "mood", "is_complaint", "is_addressed", "is_unsure")
    told = {name: getattr(found, name) for name in own}
    ThemeMember.objects.create(theme=theme, mention=found, brand=brand, counted=True, stale=False, **told)
    ask(found, a_member(brand, "admin"), timezone.now())
    Sitting.objects.create(brand=brand, person=a_member(brand), plan=[{"mention": found.pk, "why": "random"}])
    return found


def _addresses(mention: Mention) -> Iterator[str]:
    """Every page of the dashboard that shows something by itself; numbers of rows where they are known."""
    theme = Theme.objects.get()
    numbers = {"mention": mention.pk, "asking": mention.pk, "theme": theme.pk, "query": mention.brand.queries.get().pk}
    numbers |= dict.fromkeys(("case", "case_reply", "case_reply_panel"), mention.case.pk)
    numbers |= {"improvement": Improvement.objects.get().pk}
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        wanted = set(pattern.pattern.converters)
        told: dict[str, Any] = {"slug": mention.brand.slug, "pk": numbers.get(str(pattern.name), 0)}
        if wanted <= {"slug"} or (wanted == {"slug", "pk"} and told["pk"]):
            yield reverse(str(pattern.name), kwargs={name: told[name] for name in wanted})


@pytest.mark.parametrize("role", ROLES)
def test_it_shows_nobodys_name_on_any_page(signed_in: SignIn, mention: Mention, role: str) -> None:
    client, seen = signed_in(role), 0
    for address in (*_addresses(mention), "/b/acme/mentions/?q=broke", "/b/acme/complaints/?order=priority"):
        if "/live/" in address:
            continue  # a stream of ids
        answer = client.get(address)
        page = ORIGINAL.sub("", answer.content.decode()) if answer.status_code == 200 else ""
        assert not NAMED.search(page), (address, NAMED.search(page))
        seen += "broke" in page
    assert seen >= 5  # the post itself was there


def test_it_shows_nobodys_name_in_the_post_that_is_labelled(client: Client, mention: Mention) -> None:
    client.force_login(Sitting.objects.get().person)
    page = ORIGINAL.sub("", client.get("/b/acme/quality/label/").content.decode())
    assert "here, acme broke" in page
    assert not NAMED.search(page)


def test_it_shows_nobodys_name_in_the_rows_that_arrive_and_in_the_line_s_examples(
    signed_in: SignIn, mention: Mention
) -> None:
    client = signed_in("admin")
    for address in (f"/b/acme/mentions/?fresh={mention.pk}", "/b/acme/line/preview/?who=complaints"):
        assert not NAMED.search(ORIGINAL.sub("", client.get(address).content.decode()))


def test_it_shows_nobodys_name_in_a_digest(brand: Brand, mention: Mention) -> None:
    subscription = Subscription.objects.create(brand=brand, user=a_member(brand, "manager"))
    now = timezone.now()
    written = write(subscription, now - timedelta(days=7), now)
    assert written
    assert "here, acme broke" in written.text
    assert not NAMED.search(written.text + written.html + written.subject)


def test_it_shows_nobodys_name_in_the_preview_of_a_query(signed_in: SignIn, mention: Mention) -> None:
    query = mention.brand.queries.get()
    sent = {"name": query.name, "text": "broke", "version": 1, "query": query.pk}
    page = signed_in("admin").post("/b/acme/settings/queries/preview/", sent).content.decode()
    assert "broke</mark>" in page
    assert not NAMED.search(re.sub(r'href="[^"]*"', "", page))


@pytest.mark.parametrize("text", ["author:wagtail_handle", "broke AND NOT author:wagtail*", f'author:"{NAME}"'])
def test_it_searches_for_nobody_by_name(signed_in: SignIn, mention: Mention, text: str) -> None:
    page = signed_in("administrator").get("/b/acme/mentions/", {"q": text}).content.decode()
    assert "not by who wrote them" in page
    assert 'id="mention-' not in page


@pytest.mark.parametrize(
    "text", ["wagtail_handle", "@wagtail_handle", '"wagtail kowalski"', "url:mas.to/@wagtail_handle"]
)
def test_it_finds_nobody_by_their_name_in_what_they_wrote(signed_in: SignIn, mention: Mention, text: str) -> None:
    assert 'id="mention-' in signed_in("admin").get("/b/acme/mentions/", {"q": "broke"}).content.decode()
    assert 'id="mention-' not in signed_in("admin").get("/b/acme/mentions/", {"q": text}).content.decode()


def test_it_makes_no_theme_of_a_person(signed_in: SignIn, brand: Brand) -> None:
    page = signed_in("admin").post("/b/acme/themes/new/", {"name": "Rosa", "query": "author:rosa"})
    assert page.status_code == 422
    assert not Theme.objects.exists()


def test_it_writes_nobodys_name_into_the_configuration(mention: Mention, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_config")
    assert not NAMED.search(capsys.readouterr().out)
