"""What was never understood is looked through for people who stepped out, many pieces at a time."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ingest.importing.errors import AT_ONCE, error_list
from ingest.importing.plan import RowError
from ingest.opt_out import opt_out
from listening.naming import name_somebody_gone

pytestmark = pytest.mark.django_db


def test_one_query_says_of_each_piece_whether_it_names_somebody_who_stepped_out(django_assert_num_queries: Any) -> None:
    opt_out("x", "77", "asked", timezone.now(), handle="Ann")
    told = [(["x"], {"by": "@ann"}), (["x"], "ann said so"), (["x"], {"id": 77}), (["x"], "anna"), (["web"], "ann")]
    with django_assert_num_queries(1):
        assert name_somebody_gone(told) == [True, True, True, False, False]


def test_a_list_of_rows_that_were_left_out_asks_for_many_at_once(tmp_path: Path) -> None:
    asked: list[int] = []

    def withheld(raws: Any) -> list[bool]:
        asked.append(len(raws))
        return [raw == "7" for raw in raws]

    with error_list(tmp_path / "errors.csv", withheld) as errors:
        for number in range(AT_ONCE + 10):
            errors.add(RowError(number, None, "no date", str(number)))
    assert asked == [AT_ONCE, 10]
    lines = (tmp_path / "errors.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == AT_ONCE + 11 and lines[8] == "7,,no date," and lines[-1] == f"{number},,no date,{number}"
