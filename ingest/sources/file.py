"""File: posts that somebody hands in. It is never pulled; a brand's imports hang on it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from ingest.importing import FIELDS, Plan, RowError, guess, read
from ingest.record import Record
from ingest.sources.base import Broken, Check, Cursor, Page, Policy, Source, Target, Tracked

PAGE = 1000


class File(Source):
    """`guess` and `read` are the whole of it; pages offer them through the catalogue."""

    kind: ClassVar[str] = "file"
    label: ClassVar[str] = "File"
    network: ClassVar[str] = "web"
    summary: ClassVar[str] = "Posts from CSV, TSV, JSON Lines, or saved pages of X's API."
    needs_account: ClassVar[bool] = False
    columns: ClassVar[Mapping[str, str]] = FIELDS
    policy: ClassVar[Policy] = Policy(
        sweep_days=None,
        note="You hand these posts in: see to it that the terms of where they come from allow it.",
    )

    @staticmethod
    def guess(source: str | Path | BinaryIO, **given: Any) -> Plan:
        """How to read a file; see `ingest.importing.guess`. Raises Unusable."""
        return guess(source, **given)

    @staticmethod
    def read(source: str | Path | BinaryIO, plan: Plan) -> Iterator[Record | RowError]:
        """Its rows; see `ingest.importing.read`. Raises Unusable."""
        return read(source, plan)

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        """None: files come when somebody brings them."""
        return []

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        """Pages of one file, `params` {"path", "plan"}; the cursor counts rows that were taken."""
        plan = Plan.from_json(target.params["plan"])
        taken = int((cursor or {}).get("rows", 0))
        items = islice(read(target.params["path"], plan), taken, None)
        while not self.config.out_of_time():
            part = list(islice(items, PAGE))
            taken += len(part)
            done = len(part) < PAGE
            yield Page(
                records=[item for item in part if isinstance(item, Record)],
                broken=[Broken({"row": e.row, "raw": e.raw}, e.reason) for e in part if isinstance(e, RowError)],
                cursor={"rows": taken},
                done=done,
            )
            if done:
                return

    def check(self) -> Check:
        return Check(True, "Files need no connection.")
