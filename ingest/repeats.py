"""Repeats: how often the author of a complaint complained about the brand in the thirty days before.

New complaints are counted as they are inserted, for writing each row twice would be twice the work: what stands before
it in the same page by `count_before`, what is stored by `earlier`. `AGAIN` counts anew for rows that are stored.
"""

from datetime import datetime, timedelta
from typing import Any

MONTH = timedelta(days=30)
MOST = 10
"""Counted up to here: more says no more of a person, and who wrote thousands of posts must not hold up a page."""


def earlier(one: str, others: str) -> str:
    """SQL: how many complaints about the brand of `one` its author wrote before it, of the stored rows `o` for which
    `others` holds. OFFSET 0 keeps the planner from any other way to them than by their author and time: where it knows
    little of the table yet, it walks all mentions that the brand had in the month, for each complaint."""
    return f"""(
        SELECT count(*) FROM (
          SELECT FROM (
            SELECT * FROM listening_mention WHERE author_id = {one}.author_id
              AND published_at > {one}.published_at - interval '30 days' AND published_at <= {one}.published_at
            OFFSET 0
          ) AS o
          WHERE o.brand_id = {one}.brand_id AND o.is_complaint AND {others} AND o.repost_of = ''
          LIMIT {MOST}
        ) AS earlier
    )"""


AGAIN = f"""
    UPDATE listening_mention AS m SET repeats = told.n FROM (
      SELECT one.id, {earlier("one", "o.id <> one.id")} AS n
      FROM listening_mention one WHERE one.id = ANY(%s) AND one.is_complaint AND one.author_id IS NOT NULL
    ) AS told WHERE m.id = told.id AND m.repeats <> told.n
"""


def count_before(rows: list[dict[str, Any]]) -> None:
    """Note on each complaint of a page, as "before", how many of the same person stand before it in that very page."""
    seen: dict[tuple[int, int], list[datetime]] = {}
    for row in sorted(rows, key=lambda row: (row["published_at"], row["external_id"])):
        if not row["complaint"] or not row["author_id"]:
            continue
        times = seen.setdefault((row["brand_id"], row["author_id"]), [])
        row["before"] = sum(row["published_at"] - time < MONTH for time in times[-MOST:])
        if not row["repost_of"]:
            times.append(row["published_at"])
