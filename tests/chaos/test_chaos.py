"""Whatever dies under load, nothing is lost or doubled: three of the fifty runs of `python -m tests.chaos`."""

import pytest

from tests.chaos.runs import VICTIMS, run, stage


@pytest.mark.parametrize("victim", ["store", "told", "all"])
def test_the_ledger_and_the_database_agree_after(victim: str) -> None:
    with stage() as one:
        outcome = run(one, VICTIMS.index(victim))
    assert outcome.well, outcome
    assert outcome.expected > 100
