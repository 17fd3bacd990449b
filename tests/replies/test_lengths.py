"""Lengths as each network counts them."""

import pytest

from listening.lengths import measure, signs

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
WAVE = "\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}"
FLAG = "\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E}"


@pytest.mark.parametrize(
    ("text", "x", "bluesky", "mastodon"),
    [
        ("", 0, 0, 0),
        ("thank you", 9, 9, 9),
        ("größer", 6, 6, 6),
        ("e\u0301te\u0301", 3, 3, 3),
        ("ありがとう", 10, 5, 5),
        (f"{FAMILY}{WAVE}{FLAG}{FLAG}", 8, 4, 4),
        ("see https://acme.example/a/very/long/address?of=many&signs=1", 27, 60, 27),
        ("see acme.com now", 31, 16, 16),
        ("@rosa@social.example hello", 11 + 15, 26, 11),
        ("a\r\nb", 4, 3, 3),
    ],
)
def test_it_counts_as_the_network_does(text: str, x: int, bluesky: int, mastodon: int) -> None:
    told = [measure(network, text).used for network in ("bluesky", "mastodon")]
    assert told == [bluesky, mastodon]
    if "@rosa@" not in text:  # names with a host mean nothing at X
        assert measure("x", text).used == x


def test_a_limit_may_be_another_one_and_bluesky_has_two() -> None:
    assert measure("mastodon", "x" * 501).fits is False
    assert measure("mastodon", "x" * 501, 1000).left == 499
    assert measure("bluesky", "x" * 300).fits and not measure("bluesky", "x" * 301).fits
    assert not measure("bluesky", ("e" + "\u0301" * 20) * 100).fits, "few signs, many bytes"
    assert measure("elsewhere", "x" * 9000).fits
    assert measure("reddit", "x" * 10_000).fits and not measure("reddit", "x" * 10_001).fits


def test_signs_are_what_people_see() -> None:
    assert signs(f"a{FAMILY}{FLAG}b") == ["a", FAMILY, FLAG, "b"]
