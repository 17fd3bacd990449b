"""Feeds for tests: made up, in all formats."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def item(
    number: int, guid: str | None = None, title: str | None = None, link: str | None = None, minutes: int = 0
) -> str:
    """One RSS item, published so many minutes before NOW (default: `number`)."""
    at = format_datetime(NOW - timedelta(minutes=minutes or number))
    return (
        f"<item><title>{title or f'Nimbus, part {number}'}</title>"
        f"<link>{link or f'https://blog.example/{number}'}</link>"
        f"<guid isPermaLink='false'>{guid or number}</guid><pubDate>{at}</pubDate>"
        f"<description>&lt;p&gt;Text &lt;b&gt;{number}&lt;/b&gt; of Nimbus &amp;amp; co.&lt;/p&gt;</description></item>"
    )


def rss(*items: str, channel: str = "") -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">'
        f"<channel><title>Cloud blog</title><language>en-gb</language>{channel}{''.join(items)}</channel></rss>"
    )


def numbered(numbers: Iterable[int]) -> str:
    return rss(*map(item, numbers))


ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title type="html">Wolken &amp;amp; Wetter</title>
<entry><id>urn:uuid:1</id><title type="text">a &lt;b&gt; c</title><link href="/one?utm_source=atom"/>
<published>2026-11-23T10:00:00+01:00</published><updated>2026-11-23T10:30:00Z</updated>
<author><name>Ada Example</name><email>ada@blog.example</email><uri>https://blog.example/ada</uri></author>
<summary>Short</summary><content type="html">&lt;p&gt;A longer text about Nimbus&lt;/p&gt;</content>
<link rel="enclosure" href="https://blog.example/a.mp3" type="audio/mpeg"/></entry>
</feed>"""

ALERTS = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Google Alert - nimbus</title>
<entry><id>tag:google.com,2013:googlealerts/feed:{n}</id><title type="html">&lt;b&gt;Nimbus&lt;/b&gt; is down</title>
<link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://news.example/down%3Fid%3D5%26utm_source%3Dx&amp;ct=ga&amp;cd=abc"/>
<published>2026-11-23T09:00:00Z</published><updated>2026-11-23T09:00:00Z</updated>
<content type="html">The &lt;b&gt;Nimbus&lt;/b&gt; cloud</content><author><name></name></author></entry></feed>"""

PAGE = """<!DOCTYPE html><html><head><title>Cloud blog</title>
<link rel="stylesheet" href="/a.css"><link type="application/rss+xml" href="/feed?x=1&amp;y=2" rel="alternate"></head>
<body>Hello</body></html>"""


def json_feed(*items: Any) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Cloud notes",
        "language": "fr",
        "authors": [{"name": "Grace", "url": "https://notes.example/grace"}],
        "items": list(items),
    }
