"""What may teach a model: each source's policy and the table by network say the same."""

import pytest

from ingest.sources import CATALOGUE, load
from ingest.sources.base import NOT_TRAINABLE


@pytest.mark.parametrize("kind", CATALOGUE)
def test_a_sources_policy_agrees_with_its_network(kind: str) -> None:
    source = load(kind)
    assert source.policy.trainable == (source.network not in NOT_TRAINABLE)


def test_each_refusal_names_where_it_is_written() -> None:
    assert set(NOT_TRAINABLE) == {"x", "reddit", "youtube"}
    assert all("/" in reason for reason in NOT_TRAINABLE.values())
