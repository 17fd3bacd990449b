"""Marking: pieces join to the whole text, whatever the spans."""

from hypothesis import given, strategies as st

from dashboard.reports.marking import Piece, pieces

SPANS = st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30), st.sampled_from(["match", "complaint", "search"])))


@given(st.text(max_size=25), SPANS)
def test_it_never_loses_or_doubles_a_character(text: str, spans: list[tuple[int, int, str]]) -> None:
    assert "".join(piece.text for piece in pieces(text, spans)) == text


def test_it_marks_overlapping_spans_with_both_reasons() -> None:
    found = pieces("acme broke", [(0, 4, "match"), (2, 10, "complaint")])
    assert found == [Piece("ac", ("match",)), Piece("me", ("match", "complaint")), Piece(" broke", ("complaint",))]


def test_it_counts_characters_and_not_bytes() -> None:
    assert pieces("☕️ café acme", [(8, 12, "match")])[-1] == Piece("acme", ("match",))
