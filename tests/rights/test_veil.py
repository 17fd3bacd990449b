"""An author's own handle and name are covered in what they wrote, and nothing moves."""

from dataclasses import dataclass

import pytest

from listening.veil import veiled


@dataclass(frozen=True)
class Signed:
    handle: str | None
    name: str | None


@pytest.mark.parametrize(
    ("handle", "name", "text", "shown"),
    [
        ("rosa", "", "I am @rosa, ask rosa", "I am @••••, ask rosa"),
        ("rosa", "", "@Rosa! https://x.com/rosa/status/1 u/rosa", "@••••! https://x.com/••••/status/1 u/••••"),
        ("rosa", "", "@rosalind and @arosa", "@rosalind and @arosa"),
        ("rosa_k9", "", "rosa_k9 here, ROSA_K9", "••••••• here, •••••••"),
        ("rosa@mas.to", "", "from @rosa@mas.to or @rosa", "from @••••••••••• or @••••"),
        ("rosa.bsky.social", "", "@rosa and rosa.bsky.social", "@•••• and ••••••••••••••••"),
        ("", "Rosa Kowalski", "Yours, rosa kowalski", "Yours, •••••••••••••"),
        ("", "Order", "my order", "my order"),
        ("rosa", "Rosa Kowalski", "acme is late", "acme is late"),
        (None, None, "acme is late", "acme is late"),
    ],
)
def test_it_covers_who_wrote_it_and_nobody_else(handle: str | None, name: str | None, text: str, shown: str) -> None:
    found = veiled(text, Signed(handle, name))
    assert found == shown
    assert len(found) == len(text)


def test_it_leaves_a_post_of_nobody_as_it_is() -> None:
    assert veiled("@rosa", None) == "@rosa"
