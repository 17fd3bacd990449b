"""Queries from other tools keep their meaning, are refused, or say what they lost."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies as st

from listening.query import QueryError, parse
from listening.query.dialects import DIALECTS, Imported, from_brandwatch, from_meltwater, from_talkwalker, from_x


@pytest.mark.parametrize(
    ("read", "theirs", "ours"),
    [
        (from_brandwatch, '(acme OR "customer service"~5) AND {BT} NOT raw:Google+', None),
        (from_brandwatch, "((a1 OR b1) AND (c1 OR d1))~5", None),
        (from_brandwatch, "(a1 OR b1) NEAR/5f (c1 OR d1)", None),
        (from_brandwatch, "language:en AND authorFollowers:[500 TO 900]", "lang:en AND followers:[500 TO 900]"),
        (from_brandwatch, "site:(a.com OR b.com) AND acme", "(site:a.com OR site:b.com) AND acme"),
        (from_brandwatch, "acme AND engagementType:RETWEET", "acme AND is:repost"),
        (from_brandwatch, 'title:"late parcel"', None),
        (from_meltwater, "a1 OR b1 AND c1 NOT d1", "a1 OR (b1 AND c1 AND NOT d1)"),
        (from_meltwater, "a1 NEAR b1", "a1 NEAR/4 b1"),
        (from_meltwater, "a1 ONEAR/10 b1", "a1 NEAR/10f b1"),
        (from_talkwalker, "BMW AND NOT bike", None),
        (from_talkwalker, 'BMW -site:"my.com" -(a1 OR b1)', "BMW AND NOT site:my.com AND NOT (a1 OR b1)"),
        (from_talkwalker, "acme AND followers:>500", "acme AND followers:[501 TO *]"),
        (from_talkwalker, '++"C++" OR acme', 'raw:"C++" OR acme'),
        (from_x, "a1 b1 OR c1", "(a1 AND b1) OR c1"),
        (from_x, 'acme -"not this" lang:en is:retweet', 'acme AND NOT "not this" AND lang:en AND is:repost'),
        (
            from_x,
            "from:jane (acme OR #acme OR @acme) has:links",
            "author:jane AND (acme OR #acme OR @acme) AND has:link",
        ),
        (from_x, "acme NEAR/5 why?", 'acme AND "NEAR/5" AND why'),
        (from_x, "coca-cola $ACME", 'coca-cola AND raw:"$ACME"'),
    ],
)
def test_it_keeps_the_meaning(read: Callable[[str], Imported], theirs: str, ours: str | None) -> None:
    answer = read(theirs)
    assert answer.query is not None
    assert answer.query.root == parse(ours or theirs).root
    assert answer.lost == ()


@pytest.mark.parametrize(
    ("read", "theirs", "ours", "lost"),
    [
        (from_brandwatch, "acme AND country:gbr", "acme", [(9, "country:gbr")]),
        (from_brandwatch, "acme NOT authorGender:male <<<note>>>", "acme", [(9, "authorGender:male")]),
        (from_meltwater, "acme^3 AND ingress:bad", "acme", [(0, "acme^3"), (11, "ingress:bad")]),
        (from_talkwalker, "acme sourcecountry:us", "acme", [(5, "sourcecountry:us")]),
        (from_x, "acme -is:nullcast", "acme", [(6, "is:nullcast")]),
        (from_x, "acme has:images", "acme AND has:media", [(5, "has:images")]),
    ],
)
def test_it_lists_what_it_could_not_translate(
    read: Callable[[str], Imported], theirs: str, ours: str, lost: list[tuple[int, str]]
) -> None:
    answer = read(theirs)
    assert answer.query is not None
    assert answer.query.root == parse(ours).root
    assert [(one.position, one.text) for one in answer.lost] == lost
    assert all(one.sentence and theirs[one.position : one.end] == one.text for one in answer.lost)


@pytest.mark.parametrize("read", [from_brandwatch, from_talkwalker])
def test_it_refuses_a_mixture_whose_reading_is_not_known(read: Callable[[str], Imported]) -> None:
    answer = read("a1 AND b1 OR c1")
    assert answer.query is None
    assert answer.error is not None
    assert "(a1 AND b1) OR c1" in answer.error.sentence


def test_it_keeps_comments() -> None:
    assert from_brandwatch("acme <<<why>>>").text == "acme <<<why>>>"


@pytest.mark.parametrize(
    ("text", "position"), [('acme "b', 5), ("(acme", 0), ("acme)", 4), ("()", 0), ("country:gbr", 0)]
)
def test_it_points_at_what_cannot_be_read(text: str, position: int) -> None:
    with pytest.raises(QueryError) as error:
        from_brandwatch(text)
    assert error.value.position == position


PIECES = [
    "acme",
    '"',
    "(",
    ")",
    " AND ",
    " OR ",
    " NOT ",
    "-",
    "NEAR",
    "NEAR/5 ",
    "ONEAR/3 ",
    "title:",
    "from:",
    "~5",
    "^2",
]
noise = st.lists(
    st.sampled_from([*PIECES, "++", "$a", "[1 TO 2]", "{", "*", "country:gbr", "<<<", "is:", " "]), max_size=12
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(DIALECTS)), noise.map("".join))
def test_it_raises_nothing_but_query_errors(name: str, text: str) -> None:
    try:
        answer = DIALECTS[name](text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        return
    assert (answer.query is None) is (answer.error is not None)
