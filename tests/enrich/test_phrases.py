"""Word patterns: how they are written and what they find."""

import pytest

from ingest.enrich.cues import GROUPS
from ingest.enrich.phrases import HANDLE, LINK, Phrases, expand, spans, words


@pytest.mark.parametrize(
    ("pattern", "spellings"),
    [
        ("still waiting", {("still", "waiting")}),
        ("(a|b) c", {("a", "c"), ("b", "c")}),
        ("(so|) long", {("so", "long"), ("long",)}),
        ("no (one|body at all)", {("no", "one"), ("no", "body", "at", "all")}),
    ],
)
def test_it_spells_out_a_pattern(pattern: str, spellings: set[tuple[str, ...]]) -> None:
    assert set(expand(pattern)) == spellings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("STILL waiting here", [("wait", "STILL waiting")]),
        ("still, waiting", [("wait", "still, waiting")]),
        ("still. waiting", []),
        ("2 days later, three weeks later", [("later", "2 days later"), ("later", "three weeks later")]),
        ("a refund and refunds", [("money", "refund"), ("money", "refunds")]),
        ("was told yesterday", [("told", "was told yesterday")]),
        ("can\u2019t open", [("broken", "can\u2019t open")]),
        ("nothing here", []),
    ],
)
def test_it_finds_patterns_and_where_they_stand(text: str, found: list[tuple[str, str]]) -> None:
    phrases = Phrases(
        [("wait", "still waiting"), ("later", "# (days|weeks) later"), ("money", "refund~"), ("told", "was told *"),
         ("told", "was told"), ("broken", "can't open")]
    )  # fmt: skip
    places = spans(text)
    cut = [(one.name, text[places[one.first][0] : places[one.last][1]]) for one in phrases.find(words(text))]
    assert cut == found


def test_links_and_handles_are_no_words() -> None:
    assert words("@slow https://x.example/broken www.fail.example #ok") == [
        HANDLE,
        LINK,
        LINK,
        "ok",
    ]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_every_pattern_of_the_table_can_be_found(group: object) -> None:
    """A pattern of a shape that the walk can't meet would be dead weight."""
    patterns = group.patterns  # type: ignore[attr-defined]
    for pattern in patterns:
        for spelling in expand(pattern):
            text = " ".join({"*": "word", "#": "3"}.get(word, word) for word in spelling).replace("~", "ing")
            if set(text) <= set("abcdefghijklmnopqrstuvwxyz' 0123456789"):
                assert list(Phrases([("it", pattern)]).find(words(text))), (pattern, text)
                break
