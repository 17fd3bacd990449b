"""HTML becomes the lines that a reader would have seen."""

import pytest

from ingest.clean import clean_text
from ingest.markup import to_text

MASTODON_LINK = (
    '<p><span class="h-card"><a href="https://s.example/@acme" class="u-url mention">@<span>acme</span></a></span>'
    ' look <a href="https://example.com/a/very/long/path"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.com/a/very</span><span class="invisible">/long/path</span></a> '
    '<a href="https://s.example/tags/fail" class="mention hashtag">#<span>fail</span></a></p>'
)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<p>a <b>bold</b> word</p>", "a bold word"),
        ('<a href="https://x.example">the text</a> of a link', "the text of a link"),
        (MASTODON_LINK, "@acme look https://example.com/a/very/long/path #fail"),
        ('seen<span class="invisible">acme acme</span> words', "seen words"),
        ('<p class="quote-inline">RE: <a href="#">x</a></p><p>mine</p>', "mine"),
        ('nice <img class="emojione" alt=":blobcat:" src="x.png"> cat', "nice :blobcat: cat"),
        ('<img alt="a long description" src="x.png">photo', "photo"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("x < y and y > z", "x < y and y > z"),
        ("<!-- comment -->shown<!-- ", "shown"),
        ("<scr<script>ipt>alert(1)</script>", "ipt>alert(1)"),
        ("&#128513; &nbsp; &eacute;", "😁 é"),
        ("<p>line\nwrapped</p>", "line wrapped"),
        ("<pre>a\n  b</pre>", "a\nb"),
    ],
)
def test_it_reads_markup_as_a_reader_would(markup: str, text: str) -> None:
    assert clean_text(to_text(markup)) == text


def test_it_says_where_it_stopped_reading() -> None:
    assert to_text("<b>a</b>" * 4001).endswith("a […]")


@pytest.mark.parametrize("hostile", ["<", "<!--", "<a href='", "<div>", "<ul><li>", "&", "<b><i>"])
def test_it_comes_to_an_end_with_hostile_markup(hostile: str) -> None:
    """Would run for hours if the cost were quadratic."""
    markup = hostile * 100_000
    assert len(to_text(markup)) <= len(markup)
