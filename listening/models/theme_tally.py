"""ThemeTally, ThemeTallyDay: how many sorted mentions there are per theme, hour or day, and kind of mention.

Exact by construction, like the tally: a trigger on the mention table keeps each ThemeMember equal to its mention, and
triggers on ThemeMember add rows here, all in the transaction that changes the mention or sorts it. A cell may be
spread over several rows, whose `n` may be negative; its count is their sum. A theme of NULL is "ungrouped".
"""

from django.db import connection, models

from listening.models.brand import Brand
from listening.models.cells import add, fold, local_day
from listening.models.theme import Theme

KIND = ("network", "language", "mood", "is_complaint", "is_addressed", "is_unsure")
COPIED = ("published_at", *KIND)


class ThemeTally(models.Model):
    """`hour` is the start of the hour in UTC."""

    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    theme = models.ForeignKey(
        Theme, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    hour = models.DateTimeField()
    network = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    mood = models.CharField(max_length=8)
    is_complaint = models.BooleanField()
    is_addressed = models.BooleanField()
    is_unsure = models.BooleanField()
    n = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["brand", "theme", "hour"], name="theme_by_hour", include=[*KIND, "n"]),
        ]


class ThemeTallyDay(models.Model):
    """`day` is the local day of the brand, made of whole UTC hours like the days of the tally."""

    brand = models.ForeignKey(Brand, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    theme = models.ForeignKey(
        Theme, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    day = models.DateField()
    network = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    mood = models.CharField(max_length=8)
    is_complaint = models.BooleanField()
    is_addressed = models.BooleanField()
    is_unsure = models.BooleanField()
    n = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["brand", "day"], name="theme_by_day", include=["theme", *KIND, "n"]),
        ]


HOUR = "date_trunc('hour', r.published_at, 'UTC')"
DAY = local_day(HOUR)
TABLES = {
    "themetally": ("hour", HOUR, ""),
    "themetallyday": ("day", DAY, "LEFT JOIN listening_brand AS b ON b.id = r.brand_id"),
}


def _cell(table: str) -> str:
    return ", ".join(("brand_id", "theme_id", TABLES[table][0], *KIND))


def _rows(table: str, rows: str, n: str) -> str:
    time, expression, join = TABLES[table]
    kinds = ", ".join(f"r.{name}" for name in KIND)
    return f"""SELECT r.brand_id, r.theme_id, {expression} AS {time}, {kinds}, {n} AS n
               FROM {rows} AS r {join} WHERE r.counted"""


def _add(table: str, rows: str) -> str:
    return add(f"listening_{table}", _cell(table), rows)


def _both(*parts: tuple[str, str]) -> str:
    return "\n".join(_add(table, " UNION ALL ".join(_rows(table, rows, n) for rows, n in parts)) for table in TABLES)


def _function(name: str, body: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION listening_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {body} RETURN NULL; END $$;"""


DAYS = _rows("themetallyday", "listening_thememember", "1")
NEW, OLD = ("new_rows", "1"), ("old_rows", "-1")
MENTION = ", ".join(f"m.{name}" for name in COPIED) + ", NOT m.own AND m.hidden = ''"
KEPT = ", ".join(f"k.{name}" for name in (*COPIED, "counted"))
EDITED = "o.folded IS DISTINCT FROM m.folded AND m.text_gone_at IS NULL"

THEME_TRIGGERS = "\n".join(
    (
        _function("themetally_insert", _both(NEW)),
        _function("themetally_delete", _both(OLD)),
        _function("themetally_update", _both(OLD, NEW)),
        _function("themetally_truncate", "DELETE FROM listening_themetally; DELETE FROM listening_themetallyday;"),
        _function(
            "themetally_moved",
            f"""LOCK TABLE listening_themetallyday IN SHARE ROW EXCLUSIVE MODE;
                DELETE FROM listening_themetallyday WHERE brand_id = NEW.id;
                {_add("themetallyday", f"{DAYS} AND r.brand_id = NEW.id")}""",
        ),
        _function(
            "thememember_follow",
            f"""UPDATE listening_thememember AS k
                SET ({", ".join(COPIED)}, counted, stale) = ({MENTION}, k.stale OR ({EDITED}))
                FROM new_rows AS m JOIN old_rows AS o ON o.id = m.id
                WHERE k.mention_id = m.id AND (({MENTION}) IS DISTINCT FROM ({KEPT}) OR ({EDITED}));""",
        ),
        _function(
            "thememember_leave",
            "DELETE FROM listening_thememember AS k USING old_rows AS o WHERE k.mention_id = o.id;",
        ),
        _function("thememember_empty", "DELETE FROM listening_thememember;"),
        """
CREATE TRIGGER themetally_insert AFTER INSERT ON listening_thememember
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_themetally_insert();
CREATE TRIGGER themetally_delete AFTER DELETE ON listening_thememember
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_themetally_delete();
CREATE TRIGGER themetally_update AFTER UPDATE ON listening_thememember
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION listening_themetally_update();
CREATE TRIGGER themetally_truncate AFTER TRUNCATE ON listening_thememember
  FOR EACH STATEMENT EXECUTE FUNCTION listening_themetally_truncate();
CREATE TRIGGER themetally_moved AFTER UPDATE OF time_zone ON listening_brand
  FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION listening_themetally_moved();
CREATE TRIGGER thememember_follow AFTER UPDATE ON listening_mention
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION listening_thememember_follow();
CREATE TRIGGER thememember_leave AFTER DELETE ON listening_mention
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION listening_thememember_leave();
CREATE TRIGGER thememember_empty AFTER TRUNCATE ON listening_mention
  FOR EACH STATEMENT EXECUTE FUNCTION listening_thememember_empty();
""",
    )
)

NO_THEME_TRIGGERS = """
DROP TRIGGER IF EXISTS thememember_follow ON listening_mention;
DROP TRIGGER IF EXISTS thememember_leave ON listening_mention;
DROP TRIGGER IF EXISTS thememember_empty ON listening_mention;
DROP TRIGGER IF EXISTS themetally_moved ON listening_brand;
DROP TRIGGER IF EXISTS themetally_insert ON listening_thememember;
DROP TRIGGER IF EXISTS themetally_delete ON listening_thememember;
DROP TRIGGER IF EXISTS themetally_update ON listening_thememember;
DROP TRIGGER IF EXISTS themetally_truncate ON listening_thememember;
DROP FUNCTION IF EXISTS listening_themetally_insert, listening_themetally_delete, listening_themetally_update;
DROP FUNCTION IF EXISTS listening_themetally_truncate, listening_themetally_moved, listening_thememember_follow;
DROP FUNCTION IF EXISTS listening_thememember_leave, listening_thememember_empty;
"""


# Copies that differ from their mention count as a cell that is wrong as well.
DIFFERENCES = f"""
    SELECT brand_id, theme_id, hour, {", ".join(KIND)}, sum(n) FILTER (WHERE told) AS tally,
           coalesce(sum(n) FILTER (WHERE NOT told), 0) AS mentions
    FROM (
        SELECT {_cell("themetally")}, n, true AS told FROM listening_themetally
        UNION ALL
        SELECT m.brand_id, k.theme_id, date_trunc('hour', m.published_at, 'UTC'),
               {", ".join(f"m.{name}" for name in KIND)}, 1, false
        FROM listening_thememember AS k JOIN listening_mention AS m ON m.id = k.mention_id
        WHERE NOT m.own AND m.hidden = ''
    ) AS cells
    GROUP BY {_cell("themetally")}
    HAVING coalesce(sum(n) FILTER (WHERE told), 0) <> coalesce(sum(n) FILTER (WHERE NOT told), 0)
"""
DAY_DIFFERENCES = f"""
    SELECT brand_id, theme_id, day AS hour, {", ".join(KIND)}, sum(n) FILTER (WHERE told) AS tally,
           coalesce(sum(n) FILTER (WHERE NOT told), 0) AS mentions
    FROM (
        SELECT {_cell("themetallyday")}, n, true AS told FROM listening_themetallyday
        UNION ALL
        SELECT {_cell("themetallyday")}, n, false
        FROM ({DAYS}) AS counted
    ) AS cells
    GROUP BY {_cell("themetallyday")}
    HAVING coalesce(sum(n) FILTER (WHERE told), 0) <> coalesce(sum(n) FILTER (WHERE NOT told), 0)
"""
REBUILD = f"""
    LOCK TABLE listening_thememember IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM listening_thememember AS k WHERE NOT EXISTS (SELECT FROM listening_mention m WHERE m.id = k.mention_id);
    UPDATE listening_thememember AS k SET ({", ".join(COPIED)}, counted) = ({MENTION})
    FROM listening_mention AS m WHERE k.mention_id = m.id AND ({MENTION}) IS DISTINCT FROM ({KEPT});
    DELETE FROM listening_themetally;
    DELETE FROM listening_themetallyday;
    {_add("themetally", _rows("themetally", "listening_thememember", "1"))}
    {_add("themetallyday", DAYS)}
"""


def fold_themes() -> int:
    """Merge rows of the same cell. Returns how many rows went away."""
    return sum(fold(f"listening_{table}", TABLES[table][0], _cell(table), most=2000) for table in TABLES)


def theme_differences() -> list[dict[str, object]]:
    """Cells whose count is not the number of mentions, shaped like those of the tally; "engine" names the theme."""
    found: list[dict[str, object]] = []
    with connection.cursor() as cursor:
        for sql in (DIFFERENCES, DAY_DIFFERENCES):
            cursor.execute(sql)
            for brand, theme, hour, *kind, tally, mentions in cursor.fetchall():
                cell = {"brand_id": brand, "hour": hour, **dict(zip(KIND, kind, strict=True))}
                counts = {"tally": int(tally or 0), "mentions": int(mentions)}
                found.append({**cell, "engine": f"theme {theme or 'none'}", **counts})
    return found


def rebuild_themes() -> None:
    """Count everything again from the mentions; call inside a transaction that keeps writers of mentions out."""
    with connection.cursor() as cursor:
        cursor.execute(REBUILD)
