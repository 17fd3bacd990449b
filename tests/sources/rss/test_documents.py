"""Every kind of feed becomes the same kind of record; everything else is named for what it is."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.clean import clean
from ingest.record import Author, Record, Skip
from ingest.sources.rss.document import read
from ingest.sources.rss.parsed import NotAFeed
from ingest.sources.rss.records import of_feed, unwrapped
from listening.http import Door
from tests.sources.loopback import Loopback, Request, reply
from tests.sources.rss.feeds import ALERTS, ATOM, NOW, PAGE, item, json_feed, rss

URL = "https://blog.example/feed"


def records(document: str | bytes, url: str = URL) -> list[Record]:
    content = document.encode() if isinstance(document, str) else document
    return of_feed(read(content, {}, url), url, {}, NOW)[0]


def test_it_reads_rss() -> None:
    (record,) = records(rss(item(5).replace("</item>", "<slash:comments>4</slash:comments></item>")))
    told = clean(record)
    assert (told.network, told.external_id, told.url) == ("web", URL + "#5", "https://blog.example/5")
    assert (told.title, told.text) == ("Nimbus, part 5", "Text 5 of Nimbus & co.")
    assert told.published_at == datetime(2026, 11, 23, 11, 55, tzinfo=UTC)
    assert (told.language, told.community, told.replies, told.likes, told.author) == ("en", "Cloud blog", 4, None, None)


def test_it_reads_atom() -> None:
    (record,) = records(ATOM)
    told = clean(record)
    assert (told.external_id, told.title) == ("urn:uuid:1", "a <b> c")
    assert told.text == "A longer text about Nimbus"
    assert told.url == "https://blog.example/one"
    assert told.published_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert told.edited_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    assert told.author == Author("blog.example/ada example", name="Ada Example", url="https://blog.example/ada")
    assert (told.language, told.community, told.media) == ("de", "Wolken & Wetter", 1)
    assert "ada@blog.example" not in repr(record.raw)


def test_it_reads_json_feeds(payloads: Path) -> None:
    recorded = read((payloads / "feeds/feedparser/json/example.json").read_bytes(), {}, URL)
    told = [(entry.guid, entry.title, entry.author, entry.media) for entry in recorded.entries]
    assert told == [("2", "post 2", "me", 1), ("1", None, "you", None)]


def test_it_reads_all_of_a_json_feed() -> None:
    full = {
        "id": 7,
        "url": "https://notes.example/7",
        "title": "1 < 2",
        "content_text": "a <b> c",
        "date_published": "2026-11-23T10:00:00+01:00",
        "date_modified": "2026-11-23T11:00:00Z",
        "attachments": [{"url": "https://notes.example/a.png"}],
    }
    bare = {"id": "https://notes.example/8", "content_html": "<p>x &amp; y</p>", "author": {"name": "Ada"}}
    document = read(reply(200, json_feed(full, bare, "junk")).body, {}, URL)
    first, second = (clean(record) for record in of_feed(document, URL, {}, NOW)[0])
    assert (first.external_id, first.title, first.text, first.media) == (URL + "#7", "1 < 2", "a <b> c", 1)
    assert (first.published_at.hour, first.edited_at and first.edited_at.hour, first.language) == (9, 11, "fr")
    assert first.author == Author("notes.example/grace", name="Grace", url="https://notes.example/grace")
    assert (second.text, second.author and second.author.name, second.published_at) == ("x & y", "Ada", NOW)


def test_it_keeps_names_and_drops_mail_addresses() -> None:
    named = item(1).replace("</item>", "<author>ada@blog.example (Ada Example)</author></item>")
    bare = item(2).replace("</item>", "<author>ada@blog.example</author></item>")
    assert [record.author and record.author.name for record in records(rss(named, bare))] == ["Ada Example", None]


def test_one_guid_means_one_entry_only_within_a_feed() -> None:
    one, other = records(rss(item(1)))[0], records(rss(item(1)), "https://other.example/feed")[0]
    assert one.external_id != other.external_id
    same = (
        '<?xml version="1.0"?><rss version="2.0"><channel><item><guid>https://a.example/1</guid></item></channel></rss>'
    )
    assert records(same)[0].external_id == records(same, "https://other.example/feed")[0].external_id


def test_an_entry_without_guid_is_known_by_its_link_or_its_words() -> None:
    def without(text: str) -> str:
        return f'<?xml version="1.0"?><rss version="2.0"><channel><item>{text}</item></channel></rss>'

    linked = without("<title>a</title><link>https://www.a.example/1/?utm_source=rss</link>")
    assert records(linked)[0].external_id == "https://a.example/1"
    bare = records(without("<title>a</title><description>b</description>"))[0].external_id
    assert bare.startswith(URL + "#")
    assert bare != records(without("<title>a</title><description>c</description>"))[0].external_id


def test_entries_that_share_a_guid_stay_apart() -> None:
    shared = [item(n, guid="same") for n in range(3)]
    assert len({record.external_id for record in records(rss(*shared))}) == 3
    assert len(records(rss(item(1), item(1)))) == 1


def test_a_guid_that_is_used_again_is_a_new_entry_and_an_edit_is_not() -> None:
    known: dict[str, tuple[str, int]] = {}
    seen: list[str] = []
    for entry in (
        item(1, guid="top"),
        item(1, guid="top", title="Nimbus, corrected"),
        item(1, guid="top", link="https://blog.example/moved"),
        item(2, guid="top"),
        item(2, guid="top"),
    ):
        found, shown = of_feed(read(rss(entry).encode(), {}, URL), URL, known, NOW)
        known |= shown
        seen.append(found[0].external_id)
    assert seen[:3] == [URL + "#top"] * 3
    assert seen[3] == seen[4] != seen[0]


def test_an_entry_without_a_time_keeps_the_one_at_which_it_was_first_seen() -> None:
    undated = rss("<item><guid>1</guid><title>a</title></item>").encode()
    first, known = of_feed(read(undated, {}, URL), URL, {}, NOW)
    later, _ = of_feed(read(undated, {}, URL), URL, known, NOW.replace(hour=18))
    assert first[0].published_at == later[0].published_at == NOW


def test_it_unwraps_google_alerts_and_knows_a_page_from_two_alerts() -> None:
    one, other = records(ALERTS.replace("{n}", "1"))[0], records(ALERTS.replace("{n}", "2"), "https://g.example/2")[0]
    told = clean(one)
    assert (told.url, told.title, told.text) == ("https://news.example/down?id=5", "Nimbus is down", "The Nimbus cloud")
    assert one.external_id == other.external_id == "https://news.example/down?id=5"
    assert one.author is None


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://www.google.de/url?q=https://a.example/", "https://a.example/"),
        ("https://www.google.co.uk/url?url=http://a.example/", "http://a.example/"),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("https://www.google.com/url?x=1", "https://www.google.com/url?x=1"),
        (
            "https://google.evil.example/url?url=https://a.example/",
            "https://google.evil.example/url?url=https://a.example/",
        ),
        ("https://a.example/url?url=https://b.example/", "https://a.example/url?url=https://b.example/"),
        ("http://[broken", "http://[broken"),
        (None, None),
    ],
)
def test_it_unwraps_only_googles_links(link: str | None, expected: str | None) -> None:
    assert unwrapped(link) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing at all"),
        (b"\n ", "nothing at all"),
        (b"hello", "no feed"),
        (b"<html><body>Hello</body></html>", "Look there for a link"),
        (PAGE.encode(), "https://blog.example/feed?x=1&y=2"),
        (b'{"items": [', "broken JSON"),
        (b'{"error": "no"}', "no JSON feed"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no feed"),
    ],
)
def test_it_says_what_a_document_is_instead(content: bytes, words: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        read(content, {}, URL)
    assert words in caught.value.sentence


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss().encode(), {}, URL).entries == ()
    assert read(reply(200, json_feed()).body, {}, URL).entries == ()


def test_an_ill_formed_feed_is_read_as_far_as_it_goes() -> None:
    assert [
        record.title
        for record in records(rss(item(1)).replace("</channel></rss>", "<item><title>cut</title><link>htt"))
    ] == [
        "Nimbus, part 1",
        "cut",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16", "koi8-r"])
def test_it_reads_bytes_in_the_encoding_that_they_name(encoding: str) -> None:
    word = "Жук" if encoding == "koi8-r" else "café"
    text = rss(item(1, title=word)).replace('version="1.0"?>', f'version="1.0" encoding="{encoding}"?>', 1)
    assert records(text.encode(encoding))[0].title == word


def test_it_opens_no_file_and_no_address_that_a_feed_names() -> None:
    outside = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        "<rss version='2.0'><channel><item><guid>1</guid><title>a &x;</title></item></channel></rss>"
    )
    assert "root" not in (records(outside)[0].title or "")
    with pytest.raises(NotAFeed):
        read(b"/etc/hosts", {}, URL)


@pytest.mark.slow
def test_it_reads_every_feed_that_feedparser_is_tested_with(payloads: Path) -> None:
    """2,106 feeds of all formats, ages, encodings and degrees of damage, over real HTTP."""
    folder = payloads / "feeds/feedparser"
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.xml"))
    counts: Counter[str] = Counter()

    def serve(request: Request) -> object:
        return reply(200, (folder / request.path[1:]).read_bytes(), {"Content-Type": "application/xml"})

    with Loopback() as net, Door(allow_private="127.0.0.0/8") as door:
        net.handle("GET", "/*", serve)  # type: ignore[arg-type]
        for name in names:
            answer = door.get(f"{net.url}/{name}")
            try:
                found = of_feed(read(answer.content, answer.headers, answer.url), answer.url, {}, NOW)[0]
            except NotAFeed:
                counts["no feed"] += 1
                continue
            counts["feeds"] += 1
            for record in found:
                counts["records"] += 1
                counts["usable"] += _is_usable(record)
    assert len(names) == 2106
    assert counts == {"feeds": 2097, "no feed": 9, "records": 1213, "usable": counts["usable"]}
    assert counts["usable"] > 500


def _is_usable(record: Record) -> bool:
    """Most of these feeds test one element, so that many entries have no text."""
    try:
        return bool(clean(record))
    except Skip:
        return False
