"""The page of themes: who sees it, what admins do, and that every figure opens as many mentions."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.digests.content import write
from dashboard.reports.period import last_days
from dashboard.reports.rate import trend
from dashboard.reports.themes import themes
from ingest.themes.assign import assign
from listening.models import AuditEntry, Brand, Mention, Subscription, Theme, ThemeMember, ThemeState
from tests.builders import a_brand, a_member, a_mention, a_source
from tests.dashboard.pages.conftest import brand, marketer, signed_in  # noqa: F401 (fixtures)
from tests.dashboard.pages.test_figures import opened

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
PAGE = "/b/acme/themes/"


@pytest.fixture
def talk(brand: Brand) -> Brand:  # noqa: F811
    """Two themes of the machine, mentions of now and of the period before, some in no theme, and a stranger's."""
    a_source(brand)
    now = timezone.now()
    for name in ("water tank", "refund"):
        Theme.objects.create(brand=brand, name=name, phrases=[name], why="changed")
    ThemeState.objects.create(brand=brand, find_at=now + timedelta(days=1), walking=True)
    kinds: list[dict[str, Any]] = [
        {"sentiment": "positive", "network": "x"},
        {"complaint": True, "sentiment": "negative"},
        {"language": "de"},
    ]
    for days in (0, 1, 5, 20, 40):
        for i, kind in enumerate(kinds):
            at = now - timedelta(days=days, minutes=i)
            a_mention(brand, f"my water tank {days} {i}", published_at=at, **kind)
            a_mention(brand, f"hello there {days} {i}", published_at=at, **kind)
        a_mention(brand, f"refund {days}", published_at=now - timedelta(days=days))
        a_mention(brand, "refund of our own", own=True, published_at=now - timedelta(days=days))
    a_mention(a_brand("Other"), "water tank")
    assign(brand, now)
    return brand


def page_of(client: Client, query: str = "days=30") -> str:
    return client.get(f"{PAGE}?{query}").content.decode()


@pytest.mark.parametrize("role", ["administrator", "admin", "marketer", "manager"])
def test_members_see_the_page_with_themes_and_without(signed_in: SignIn, brand: Brand, role: str) -> None:  # noqa: F811
    client = signed_in(role)
    assert "No themes yet" in page_of(client)
    Theme.objects.create(brand=brand, name="<b>tank</b>", phrases=["tank"])
    page = page_of(client)
    assert "&lt;b&gt;tank&lt;/b&gt;" in page
    assert ("/themes/new/" in page) == (role in ("administrator", "admin"))


@pytest.mark.parametrize("path", ["", "new/", "1/"])
def test_strangers_do_not_learn_of_it(signed_in: SignIn, path: str) -> None:  # noqa: F811
    assert signed_in("stranger").get(PAGE + path).status_code == 404
    assert signed_in("logged out").get(PAGE + path).status_code == 302


@pytest.mark.parametrize("path", ["new/", "{}/", "{}/merge/", "{}/remove/"])
@pytest.mark.parametrize("role", ["marketer", "manager"])
def test_only_admins_change_themes(signed_in: SignIn, talk: Brand, role: str, path: str) -> None:  # noqa: F811
    theme = Theme.objects.first()
    answer = signed_in(role).post(PAGE + path.format(theme.pk), {"name": "x", "query": "x", "into": theme.pk})  # type: ignore[union-attr]
    assert answer.status_code == 403
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("query", ["days=7", "days=30", "days=90", "from=2026-01-01&to=2026-01-02", "days=x&q=%00"])
def test_every_figure_opens_as_many_mentions(marketer: Client, talk: Brand, query: str) -> None:  # noqa: F811
    page = page_of(marketer, query)
    figures = re.findall(r'href="([^"]*theme=[^"]*)" title="([\d,]+)"', page)
    assert len(figures) >= (5 if "days" in query else 4)
    for url, n in figures:
        assert opened(marketer, url) == int(n.replace(",", "")), url
    networks = re.findall(r'class="chip" href="([^"]*network=[^"]*)">.*?<span class="text">\w+ (\d+)<', page)
    assert networks or "2026" in query
    for url, n in networks:
        assert opened(marketer, url) == int(n), url


def test_the_shares_and_the_ungrouped_share_add_up(talk: Brand) -> None:
    view = themes(talk, last_days(30, ZoneInfo("UTC"), timezone.now()))
    assert sum(line.share for line in view.lines) + (view.ungrouped_share or 0) == pytest.approx(1)
    a_mention(talk, "nobody sorted this", collected_at=timezone.now() + timedelta(hours=1))
    again = themes(talk, last_days(30, ZoneInfo("UTC"), timezone.now()))
    assert again.unsorted == 1


def test_what_nobody_sorted_yet_never_looks_like_zero(marketer: Client, talk: Brand) -> None:  # noqa: F811
    assert "not sorted yet" not in page_of(marketer)
    ThemeMember.objects.filter(brand=talk).delete()
    page = page_of(marketer)
    assert "wait to be sorted into these themes" in page and "0% of" not in page
    assert page.count("not sorted yet") == page.count('class="theme-line"') > 0
    assert "theme-facts" not in page


def test_it_shows_three_different_real_posts(marketer: Client, talk: Brand) -> None:  # noqa: F811
    for _ in range(5):
        a_mention(talk, "my water tank broke")
    assign(talk, timezone.now())
    block = page_of(marketer).split('id="theme-')[1]
    posts = [unescape(text) for text in re.findall(r'<p dir="auto"[^>]*>(.*?)</p>', block)]
    assert len(posts) == len(set(posts)) == 3
    assert set(posts) <= set(Mention.objects.values_list("text", flat=True))


def test_the_list_keeps_the_theme_when_it_is_filtered_further(marketer: Client, talk: Brand) -> None:  # noqa: F811
    theme = Theme.objects.get(name="refund")
    page = marketer.get(f"/b/acme/mentions/?theme={theme.pk}").content.decode()
    assert f'name="theme" value="{theme.pk}"' in page
    assert "Theme: refund" in page
    assert opened(marketer, f"/b/acme/mentions/?theme={theme.pk}&days=90&network=mastodon") == 5
    assert opened(marketer, f"/b/acme/mentions/?theme={theme.pk}&days=90&network=x") == 0
    with_own = marketer.get(f"/b/acme/mentions/?theme={theme.pk}&days=90&own=yes").content.decode()
    assert with_own.count('id="mention-') == 10
    for hostile in ("99999999999999999999", "x", "-1", "%00", "999999999999999999", "none"):
        for where in ("", "mentions/", "complaints/"):
            assert marketer.get(f"/b/acme/{where}?theme={hostile}").status_code == 200


def test_the_overview_and_the_digest_name_the_largest_themes(marketer: Client, talk: Brand) -> None:  # noqa: F811
    page = marketer.get("/b/acme/?days=30").content.decode().split("What is being talked about")[1]
    assert page.index("water tank") < page.index("refund")
    narrowed = marketer.get("/b/acme/?days=30&network=x").content.decode().split("What is being talked about")[1]
    (url,) = re.findall(r'href="([^"]*theme=\d+[^"]*)"', narrowed)
    assert opened(marketer, url) == 4
    subscription = Subscription.objects.create(user=a_member(talk, "manager"), brand=talk)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    written = write(subscription, hour - timedelta(days=7), hour)
    assert written is not None
    assert "What is being talked about\n  water tank: " in written.text
    assert "What is being talked about" in written.html


def test_an_admin_makes_a_theme_and_mentions_go_to_it(signed_in: SignIn, talk: Brand) -> None:  # noqa: F811
    client = signed_in("admin")
    assert client.post(PAGE + "new/", {"name": "Tanks", "query": "(tank"}).status_code == 422
    assert client.post(PAGE + "new/", {"name": "REFUND", "query": "tank"}).status_code == 422  # the name is taken
    assert client.post(PAGE + "new/", {"name": "Tanks", "query": "tank*"}).status_code == 302
    made = Theme.objects.get(origin="admin")
    assign(talk, timezone.now())
    assert opened(client, f"/b/acme/mentions/?days=90&theme={made.pk}") == 15
    assert opened(client, f"/b/acme/mentions/?days=90&theme={Theme.objects.get(name='water tank').pk}") == 0
    assert AuditEntry.objects.get().verb == "made theme"


def test_an_admin_renames_merges_and_removes(signed_in: SignIn, talk: Brand) -> None:  # noqa: F811
    client = signed_in("admin")
    tank, refund = Theme.objects.order_by("pk")
    client.post(f"{PAGE}{tank.pk}/", {"name": "Leaks"})
    assert "Leaks" in page_of(client)
    client.post(f"{PAGE}{refund.pk}/merge/", {"into": tank.pk})
    assign(talk, timezone.now())
    assert opened(client, f"/b/acme/mentions/?days=90&theme={tank.pk}") == 20
    assert client.get(f"{PAGE}{refund.pk}/").status_code == 404  # it is part of the other now
    client.post(f"{PAGE}{tank.pk}/remove/")
    assign(talk, timezone.now())
    assert opened(client, "/b/acme/mentions/?days=90&theme=none") == 35
    assert "No themes yet" in page_of(client)
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"changed theme", "merged theme", "removed theme"}


def test_no_theme_of_another_brand_is_touched(signed_in: SignIn, talk: Brand) -> None:  # noqa: F811
    client = signed_in("admin")
    theirs = Theme.objects.create(brand=a_brand("Third"), name="theirs", phrases=["theirs"])
    assert client.post(f"{PAGE}{theirs.pk}/remove/").status_code == 404
    ours = Theme.objects.filter(brand=talk).first()
    client.post(f"{PAGE}{ours.pk}/merge/", {"into": theirs.pk})  # type: ignore[union-attr]
    assert not Theme.objects.exclude(merged_into=None).exists()


def test_there_is_no_trend_while_mentions_are_sorted_anew(marketer: Client, talk: Brand) -> None:  # noqa: F811
    assert "95% interval" in page_of(marketer)
    ThemeState.objects.update(walking=True)
    page = page_of(marketer)
    assert "95% interval" not in page
    assert "sorted anew" in page


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        ([10] * 30, [10] * 30, "unclear"),
        ([30] * 30, [10] * 30, "more"),
        ([10] * 30, [30] * 30, "less"),
        ([300], [10] * 30, "unclear"),  # one burst is no trend
        ([1], [], "unclear"),
        ([10] * 30, [], "more"),
    ],
)
def test_the_trend_says_no_more_than_the_counts_do(now: list[int], before: list[int], verdict: str) -> None:
    found = trend(now, before, 720, 720)
    assert found is not None
    assert found.low < found.ratio < found.high
    assert found.verdict == verdict


def test_the_trend_compares_rates_and_not_counts() -> None:
    half_over = trend([10] * 15, [10] * 30, 360, 720)
    assert half_over is not None
    assert half_over.ratio == pytest.approx(1, abs=0.01)
    assert trend([], [], 720, 720) is None
    assert trend([1], [1], 0, 720) is None
