"""TallyDay: the tally by local day of the brand's time zone, for reports on weeks and months.

A month of hours is some forty thousand cells, a month of days a few thousand. Kept exact like the hourly tally, by
triggers on the mention table; a brand that moves to another zone gets its days counted again in the same transaction.
A day holds the whole UTC hours that begin on it, so days and hours agree in zones with half-hour offsets too.
"""

from django.db import connection, models

from listening.models.brand import Brand
from listening.models.cells import add, fold, local_day

CELL = ("brand_id", "day", "network", "language", "mood", "is_complaint", "is_addressed", "is_unsure", "engine")


class TallyDay(models.Model):
    """A cell may be spread over several rows, whose `n` may be negative: a cell's count is their sum."""

    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", db_constraint=False)
    day = models.DateField()
    network = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    mood = models.CharField(max_length=8)
    is_complaint = models.BooleanField()
    is_addressed = models.BooleanField()
    is_unsure = models.BooleanField(default=False)
    engine = models.CharField(max_length=40, default="")
    n = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["brand", "day"],
                name="tally_by_day",
                include=["network", "language", "mood", "is_complaint", "is_addressed", "is_unsure", "engine", "n"],
            )
        ]


COLUMNS = ", ".join(CELL)
OF_MENTIONS = f"""
    SELECT m.brand_id, {local_day("date_trunc('hour', m.published_at, 'UTC')")} AS day,
           m.network, m.language, m.mood, m.is_complaint, m.is_addressed, m.is_unsure, m.sentiment_engine AS engine,
           {{n}} AS n
    FROM {{rows}} AS m LEFT JOIN listening_brand AS b ON b.id = m.brand_id WHERE NOT m.own AND m.hidden = ''
"""
OF_HOURS = f"""
    SELECT t.brand_id, {local_day("t.hour")} AS day,
           t.network, t.language, t.mood, t.is_complaint, t.is_addressed, t.is_unsure, t.engine, t.n
    FROM listening_tally AS t LEFT JOIN listening_brand AS b ON b.id = t.brand_id
"""


def _add(rows: str) -> str:
    return add("listening_tallyday", COLUMNS, rows)


NEW = OF_MENTIONS.format(rows="new_rows", n="1")
OLD = OF_MENTIONS.format(rows="old_rows", n="-1")

# A change of zone locks the days against writers: those that are under way have finished before the days are counted
# again, and later ones see the new zone.
DAY_TRIGGERS = f"""
CREATE OR REPLACE FUNCTION listening_tallyday_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_add(NEW)} RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION listening_tallyday_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_add(OLD)} RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION listening_tallyday_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_add(f"{OLD} UNION ALL {NEW}")} RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION listening_tallyday_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM listening_tallyday; RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION listening_tallyday_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE listening_tallyday IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM listening_tallyday WHERE brand_id = NEW.id;
  {_add(f"{OF_HOURS} WHERE t.brand_id = NEW.id")}
  RETURN NULL;
END $$;
CREATE TRIGGER tallyday_insert AFTER INSERT ON listening_mention
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_tallyday_insert();
CREATE TRIGGER tallyday_delete AFTER DELETE ON listening_mention
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_tallyday_delete();
CREATE TRIGGER tallyday_update AFTER UPDATE ON listening_mention
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION listening_tallyday_update();
CREATE TRIGGER tallyday_truncate AFTER TRUNCATE ON listening_mention
  FOR EACH STATEMENT EXECUTE FUNCTION listening_tallyday_truncate();
CREATE TRIGGER tallyday_moved AFTER UPDATE OF time_zone ON listening_brand
  FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION listening_tallyday_moved();
"""

NO_DAY_TRIGGERS = """
DROP TRIGGER IF EXISTS tallyday_insert ON listening_mention;
DROP TRIGGER IF EXISTS tallyday_delete ON listening_mention;
DROP TRIGGER IF EXISTS tallyday_update ON listening_mention;
DROP TRIGGER IF EXISTS tallyday_truncate ON listening_mention;
DROP TRIGGER IF EXISTS tallyday_moved ON listening_brand;
DROP FUNCTION IF EXISTS listening_tallyday_insert, listening_tallyday_delete, listening_tallyday_update;
DROP FUNCTION IF EXISTS listening_tallyday_truncate, listening_tallyday_moved;
"""

FILL = _add(OF_HOURS)

DAY_DIFFERENCES = f"""
    SELECT {COLUMNS}, coalesce(d.n, 0)::bigint AS tally, coalesce(h.n, 0)::bigint AS mentions
    FROM (SELECT {COLUMNS}, sum(n) AS n FROM listening_tallyday GROUP BY {COLUMNS} HAVING sum(n) <> 0) AS d
    FULL JOIN (SELECT {COLUMNS}, sum(n) AS n FROM ({OF_MENTIONS.format(rows="listening_mention", n="1")}) AS c
               GROUP BY {COLUMNS}) AS h USING ({COLUMNS})
    WHERE coalesce(d.n, 0) <> coalesce(h.n, 0)
    ORDER BY {COLUMNS}
"""


def fold_days() -> int:
    """Merge rows of the same cell. Returns how many rows went away."""
    return fold("listening_tallyday", "day", COLUMNS, most=500)


def rebuild_days() -> None:
    """Count all days again from the hours, which must be right; call inside a transaction that keeps writers out."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM listening_tallyday")
        cursor.execute(FILL)
