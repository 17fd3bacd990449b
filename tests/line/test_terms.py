"""The networks' terms stand in one table, and each source of the catalogue allows at least what the table allows."""

import pytest

from ingest.sources import CATALOGUE, load
from listening.line import terms_of
from listening.line.terms import TERMS


@pytest.mark.parametrize("kind", [kind for kind in CATALOGUE if load(kind).network in TERMS])
def test_the_line_never_answers_what_a_source_forbids(kind: str) -> None:
    source = load(kind)
    assert set(terms_of(source.network).reply_to) <= set(source.policy.reply_to)
