"""The same page under many addresses is one address."""

import pytest
from hypothesis import given, strategies as st

from ingest.canonical import canonical_url

STORY = "https://example.com/news/story"


@pytest.mark.parametrize(
    "url",
    [
        STORY,
        STORY + "/",
        STORY + "?utm_source=x&utm_medium=social&fbclid=1",
        STORY + "#comments",
        STORY + "/amp",
        STORY + "/amp/",
        STORY + ".amp.html",
        STORY + "?amp=1",
        "https://example.com/amp/news/story",
        "https://www.example.com/news/story",
        "https://m.example.com/news/story",
        "https://amp.example.com/news/story/?gclid=2",
        "https://EXAMPLE.com:443/news/story",
        "https://user:pass@example.com./news/story",
        "https://example.com/news/%73tory",
        "https://www.google.com/amp/s/example.com/news/story/amp/",
        "https://example-com.cdn.ampproject.org/c/s/example.com/news/story",
        "  https://example.com/news/story ",
    ],
)
def test_it_gives_one_address_for_one_story(url: str) -> None:
    assert canonical_url(url) == STORY


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://example.com", "https://example.com/"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("http://127.0.0.1:8000/a/", "http://127.0.0.1:8000/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://example.com/ü", "https://example.com/%C3%BC"),
        ("https://example.com/%c3%bc", "https://example.com/%C3%BC"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/?b=2&a=1", "https://example.com/?a=1&b=2"),
        ("https://example.com/?id=5&utm_term=q", "https://example.com/?id=5"),
        ("https://example.com/?tag=a&tag=b", "https://example.com/?tag=a&tag=b"),
        ("https://app.example.com/#/inbox", "https://app.example.com/#/inbox"),
        ("https://en.m.wikipedia.org/wiki/Tea", "https://en.wikipedia.org/wiki/Tea"),
        ("https://m.com/a", "https://m.com/a"),
        ("https://mobile.twitter.com/a/status/1?s=20&t=x", "https://x.com/a/status/1"),
        ("https://youtu.be/AbCdEf?si=tracker", "https://youtube.com/watch?v=AbCdEf"),
        ("https://www.youtube.com/watch?v=AbCdEf&feature=share", "https://youtube.com/watch?v=AbCdEf"),
        ("https://example.com/amplifier", "https://example.com/amplifier"),
        ("https://example.com/camp", "https://example.com/camp"),
    ],
)
def test_it_knows_the_spelling_of_an_address(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    ["", "example.com/a", "ftp://example.com/a", "javascript:alert(1)", "https://", "http://[::1", "https://a:b/"],
)
def test_it_refuses_what_no_browser_should_open(url: str) -> None:
    assert canonical_url(url) is None


PARTS = [
    "amp",
    "m",
    "www",
    "news",
    "a.amp",
    "x.amp.html",
    "",
    "%41",
    "%2f",
    "ü",
    "a b",
    ";",
    "utm_source=1",
    "b=%7e",
    "z",
]


@given(
    st.lists(st.sampled_from(["www", "m", "amp", "mobile", "en", "example", "google", "youtu"]), max_size=4),
    st.lists(st.sampled_from(PARTS), max_size=5),
    st.lists(st.sampled_from(PARTS), max_size=4),
    st.sampled_from(["", "#top", "#!/a", "#/b c"]),
)
def test_an_address_that_is_canonical_stays_as_it_is(
    host: list[str], path: list[str], query: list[str], fragment: str
) -> None:
    url = f"https://{'.'.join([*host, 'be'])}/{'/'.join(path)}?{'&'.join(query)}{fragment}"
    once = canonical_url(url)
    assert once is not None
    assert canonical_url(once) == once


def test_it_refuses_an_endless_address() -> None:
    assert canonical_url("https://example.com/" + "a" * 5000) is None
