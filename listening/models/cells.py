"""Cells: the SQL that all tallies share. A cell's count may be spread over several rows, whose `n` may be negative; its
count is their sum, so that writers only ever add rows, and rows of the same cell are merged from time to time.
"""

from django.db import connection


def local_day(hour: str) -> str:
    """The day on which a UTC hour begins where the brand is; needs the brand as `b`."""
    return f"({hour} AT TIME ZONE coalesce(b.time_zone, 'UTC'))::date"


def add(table: str, cell: str, rows: str) -> str:
    """A statement that adds what `rows` (a query of the columns of a cell and `n`) come to."""
    return f"""
    INSERT INTO {table} ({cell}, n)
    SELECT {cell}, sum(n) FROM ({rows}) AS c GROUP BY {cell} HAVING sum(n) <> 0;
    """


def fold(table: str, time: str, cell: str, most: int) -> int:
    """Merge rows of the same cell, in at most so many hours or days (column `time`). Returns how many rows went.

    One statement: a reader sees the rows before or after the merge, never between. FOR UPDATE SKIP LOCKED leaves the
    rows of a merge that runs elsewhere alone; hours that are still being written are merged as well, for rows that a
    writer adds meanwhile are new rows.
    """
    merge = f"""
    WITH crowded AS (
        SELECT brand_id, {time} FROM {table} GROUP BY brand_id, {time}
        HAVING count(*) > count(DISTINCT ({cell})) LIMIT {most}
    ), mine AS (
        SELECT id FROM {table} WHERE (brand_id, {time}) IN (SELECT brand_id, {time} FROM crowded)
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM {table} WHERE id IN (SELECT id FROM mine) RETURNING *
    ), kept AS (
        INSERT INTO {table} ({cell}, n)
        SELECT {cell}, sum(n) FROM gone GROUP BY {cell} HAVING sum(n) <> 0 RETURNING 1
    ) SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM kept)
    """
    with connection.cursor() as cursor:
        cursor.execute(merge)
        return int(cursor.fetchone()[0])
