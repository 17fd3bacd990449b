"""Tally: how many mentions there are per hour and kind of mention, exact by construction.

Statement-level triggers on the mention table add rows here in the same transaction, whoever changes a mention. A cell
may be spread over several rows, whose `n` may be negative: a cell's count is their sum, so writers only ever insert
and cannot deadlock. `fold_tally` merges the rows of a cell now and then; nobody reading can see the difference.
"""

from django.db import connection, models

from listening.models.brand import Brand
from listening.models.cells import add, fold
from listening.models.tally_day import DAY_DIFFERENCES, fold_days, rebuild_days

CELL = ("brand_id", "hour", "network", "language", "mood", "is_complaint", "is_addressed", "is_unsure", "engine")

REPORTED = (*CELL, "tally", "mentions")


class Tally(models.Model):
    """`hour` is the start of the hour in UTC; `engine` the sentiment engine's version."""

    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", db_constraint=False)
    hour = models.DateTimeField()
    network = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    mood = models.CharField(max_length=8)
    is_complaint = models.BooleanField()
    is_addressed = models.BooleanField()
    is_unsure = models.BooleanField(default=False)
    engine = models.CharField(max_length=40)
    n = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["brand", "hour"],
                name="tally_by_hour",
                include=["network", "language", "mood", "is_complaint", "is_addressed", "is_unsure", "engine", "n"],
            )
        ]


COLUMNS = ", ".join(CELL)
COUNT = """
    SELECT brand_id, date_trunc('hour', published_at, 'UTC') AS hour, network, language, mood, is_complaint,
           is_addressed, is_unsure, sentiment_engine AS engine, {n} AS n
    FROM {rows} WHERE NOT own AND hidden = ''
"""


def _added(rows: str, n: str) -> str:
    return COUNT.format(rows=rows, n=n)


def _add(rows: str) -> str:
    return add("listening_tally", COLUMNS, rows)


TRIGGERS = f"""
CREATE OR REPLACE FUNCTION listening_tally_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_add(_added("new_rows", "1"))}
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION listening_tally_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_add(_added("old_rows", "-1"))}
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION listening_tally_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_add(f"{_added('old_rows', '-1')} UNION ALL {_added('new_rows', '1')}")}
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION listening_tally_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM listening_tally;
  RETURN NULL;
END $$;
CREATE TRIGGER tally_insert AFTER INSERT ON listening_mention
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_tally_insert();
CREATE TRIGGER tally_delete AFTER DELETE ON listening_mention
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_tally_delete();
CREATE TRIGGER tally_update AFTER UPDATE ON listening_mention
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_tally_update();
CREATE TRIGGER tally_truncate AFTER TRUNCATE ON listening_mention
  FOR EACH STATEMENT EXECUTE FUNCTION listening_tally_truncate();
"""

NO_TRIGGERS = """
DROP TRIGGER IF EXISTS tally_insert ON listening_mention;
DROP TRIGGER IF EXISTS tally_delete ON listening_mention;
DROP TRIGGER IF EXISTS tally_update ON listening_mention;
DROP TRIGGER IF EXISTS tally_truncate ON listening_mention;
DROP FUNCTION IF EXISTS listening_tally_insert, listening_tally_delete;
DROP FUNCTION IF EXISTS listening_tally_update, listening_tally_truncate;
"""

DIFFERENCES = f"""
    SELECT {COLUMNS}, coalesce(t.n, 0)::bigint AS tally, coalesce(m.n, 0)::bigint AS mentions
    FROM (SELECT {COLUMNS}, sum(n) AS n FROM listening_tally GROUP BY {COLUMNS} HAVING sum(n) <> 0) AS t
    FULL JOIN (SELECT {COLUMNS}, sum(n) AS n FROM ({_added("listening_mention", "1")}) AS c GROUP BY {COLUMNS}) AS m
    USING ({COLUMNS})
    WHERE coalesce(t.n, 0) <> coalesce(m.n, 0)
    ORDER BY {COLUMNS}
"""

REBUILD = f"""
    LOCK TABLE listening_mention IN SHARE MODE;
    TRUNCATE listening_tally;
    {_add(_added("listening_mention", "1"))}
"""


def fold_tally() -> int:
    """Merge rows of the same cell, of hours and of days. Returns how many rows went away."""
    return fold("listening_tally", "hour", COLUMNS, most=5000) + fold_days()


def tally_differences() -> list[dict[str, object]]:
    """Cells whose tally is not the number of mentions: by hour, then by day ("hour" is a date, "engine" empty)."""
    days = [
        {name: cell.get(name, cell["day"] if name == "hour" else "") for name in REPORTED}
        for cell in _rows(DAY_DIFFERENCES)
    ]
    return [*_rows(DIFFERENCES), *days]


def _rows(sql: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def rebuild_tally() -> None:
    """Count everything again; writers of mentions wait meanwhile. Call inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(REBUILD)
    rebuild_days()
