"""The network of an account is told by the way in which it is written, or not at all."""

import pytest

from listening.handles import NETWORKS, normal
from listening.recognise import network_of


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("https://bsky.app/profile/rosa.example", "bluesky"),
        ("@rosa.bsky.social", "bluesky"),
        ("Rosa.example", "bluesky"),
        ("https://mas.to/@rosa", "mastodon"),
        ("https://mas.to/users/rosa", "mastodon"),
        ("@rosa@mas.to", "mastodon"),
        ("rosa@social.example.org", "mastodon"),
        ("https://x.com/rosa", "x"),
        ("https://www.twitter.com/rosa?s=20", "x"),
        ("https://news.ycombinator.com/user?id=rosa", "hackernews"),
        ("https://old.reddit.com/user/rosa", "reddit"),
        ("u/rosa", "reddit"),
        ("/u/rosa-k", "reddit"),
        ("https://m.youtube.com/@rosa", "youtube"),
        ("https://music.youtube.com/@rosa", "youtube"),
        ("https://notx.com/rosa", None),
        ("https://[", None),
        ("https://℀.example/@rosa", None),
        ("rosa", None),
        ("@rosa", None),
        ("rosa_k", None),
        ("www.example.org", None),
        ("https://example.org/about", None),
        ("https://[rosa", None),
        ("http://ex\N{ACCOUNT OF}mple.org/@rosa", None),
        ("https://", None),
        ("", None),
        ("rosa kowalska.example", None),
    ],
)
def test_it_tells_the_network(written: str, network: str | None) -> None:
    assert network_of(written) == network


@pytest.mark.parametrize(
    ("written", "handle"),
    [("https://news.ycombinator.com/user?id=rosa", "rosa"), ("@rosa", "rosa"), ("rosa", "rosa")],
)
def test_an_address_at_hacker_news_is_taken_for_its_name(written: str, handle: str) -> None:
    assert normal("hackernews", written) == handle


@pytest.mark.parametrize("written", ["https://mas.to/@Rosa", "https://mas.to/users/rosa", "@rosa@mas.to"])
def test_an_account_at_mastodon_is_one_however_it_is_written(written: str) -> None:
    assert normal("mastodon", written) == "rosa@mas.to"


@pytest.mark.parametrize("network", [*NETWORKS, "web"])
@pytest.mark.parametrize("written", ["https://[", "https://℀.example/@rosa", "ro\x00sa", "rosa\u200e"])
def test_what_nobody_can_read_is_refused_in_words(network: str, written: str) -> None:
    with pytest.raises(ValueError, match="Check how it is spelt|no link that leads anywhere"):
        normal(network, written)


@pytest.mark.parametrize(
    ("network", "link", "where"),
    [
        ("x", "https://bsky.app/profile/rosa.example", "Bluesky"),
        ("x", "https://mas.to/@rosa", "Mastodon"),
        ("hackernews", "https://x.com/rosa", "X"),
        ("youtube", "https://www.reddit.com/user/rosa", "Reddit"),
    ],
)
def test_a_link_to_one_network_is_no_account_on_another(network: str, link: str, where: str) -> None:
    with pytest.raises(ValueError, match=f"leads to {where}"):
        normal(network, link)


def test_a_link_to_youtube_may_begin_otherwise() -> None:
    assert normal("youtube", "https://music.youtube.com/@Rosa") == "rosa"
