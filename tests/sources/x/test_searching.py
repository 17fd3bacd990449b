"""What is typed into X's search: room is left for what every search of ours leaves out."""

import pytest

from ingest.sources.x.searching import search_texts
from listening.query import parse


def test_it_leaves_out_advertisements_and_what_a_brand_says_itself() -> None:
    (text,) = search_texts(parse("#acme"), ["acme", "acme_help", "not a handle", "acme_jobs", "acme_four"])
    assert text == "(#acme) -is:nullcast -from:acme -from:acme_help -from:acme_jobs"


@pytest.mark.parametrize("own", [[], ["acme", "a_name_of_15_chr", "b_name_of_15_ch"]])
def test_it_keeps_to_512_characters(own: list[str]) -> None:
    words = [f"#word{n:03}" for n in range(300)]
    texts = search_texts(parse(" OR ".join(words)), own)
    assert all(len(text) <= 512 for text in texts)
    assert max(map(len, texts)) > 480
    assert [word for text in texts for word in text[1:].partition(")")[0].split(" OR ")] == words


@pytest.mark.parametrize("query", ["complain*", "lang:en", "source:bluesky AND acme"])
def test_it_searches_not_at_all_where_search_cannot_help(query: str) -> None:
    assert search_texts(parse(query)) == []
