"""What stands at a network is known again as what we wrote, though the network rewrote its links and names."""

import pytest

from ingest.saying import bare

OURS = "Sorry! See acme.com/help, or write to us: https://acme.example/a?b=1."


@pytest.mark.parametrize(
    ("stands", "markup"),
    [
        ("@ann Sorry! See https://t.co/abc, or write to us: https://t.co/def.", False),
        (
            '<p><span class="h-card"><a href="https://m.example/@ann">@<span>ann</span></a></span> Sorry! See '
            'acme.com/help, or write to us: <a href="https://acme.example/a?b=1"><span class="invisible">https://</span>'
            '<span class="">acme.example/a?b=1</span></a>.</p>',
            True,
        ),
        (f"@ann·of·girona {OURS}", False),
    ],
    ids=["x", "mastodon", "youtube"],
)
def test_the_same_words_are_the_same(stands: str, markup: bool) -> None:
    assert bare(stands, markup) == bare(OURS)


@pytest.mark.parametrize("other", ["Sorry! See acme.com/help.", "Sorry, see acme.com/help, or write to us: acme.com."])
def test_other_words_are_others(other: str) -> None:
    assert bare(other) != bare(OURS)
