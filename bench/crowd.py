"""Crowd: a brand and two rivals with as many mentions as asked for, written by Postgres itself.

Triggers and the text index are off meanwhile; the tally is rebuilt and everything vacuumed, as autovacuum would.
"""

from django.db import connection, transaction
from django.utils import timezone

from listening.interest import DRAFT, adopt
from listening.models import Brand, Membership, Notice, Query, Source, User
from listening.models.tally import rebuild_tally

DAYS = 90
OWN_SHARE = 0.6  # of all mentions concern the brand, the rest its two rivals
PEOPLE = 20  # mentions per author

AUTHORS = """
    INSERT INTO listening_author (network, key_version, key, handle, name, url, followers, seen_at)
    SELECT 'bluesky', 1, md5('person' || g) || md5('x' || g), 'handle' || g, '', '', g %% 5000, now()
    FROM generate_series(%(first)s + 1, %(last)s) AS g
"""

# Newer days have more mentions; one in a hundred is Welsh. One in fifty thousand says "zebra", and a few dozen of the
# first ten thousand, so that a search for it fills a page at every size; so do complaints about safety, two in a
# thousand. One in fifty says the same as ninety-nine others.
MENTIONS = """
    INSERT INTO listening_mention (
        brand_id, source_id, network, external_id, url, title, text, folded, published_at, collected_at, author_id,
        language, own, hidden, public_ok, back_fill, sentiment, compound, sentiment_engine, complaint, complaint_p,
        complaint_reasons, complaint_engine, addressed, addressed_evidence, reply_to, thread_root, quote_of, repost_of,
        community, links, spans, query_versions, complaint_kind, complaint_strength, asks, likes, group_key)
    SELECT brand, %(source)s, network, 'b' || g, 'https://example.org/' || g, '', words, lower(words), at, at,
        (SELECT min(id) FROM listening_author) + (g %% %(people)s),
        CASE WHEN g %% 100 = 7 THEN 'cy' WHEN r3 < 0.6 THEN 'en' WHEN r3 < 0.75 THEN 'de' WHEN r3 < 0.85 THEN 'fr'
             WHEN r3 < 0.92 THEN 'es' WHEN r3 < 0.96 THEN 'pt' ELSE 'ja' END,
        r1 < 0.01, CASE WHEN r2 < 0.002 THEN 'withheld' ELSE '' END, true, false, mood, 0.3, 'vader-3.3.2', complaint,
        CASE WHEN complaint THEN 0.8 ELSE 0.1 END,
        CASE WHEN complaint THEN '[{"start": 0, "end": 9, "why": "says that something broke"}]'::jsonb ELSE '[]' END,
        'cues-1', addressed, '', '', '', '', '', '', '[]', jsonb_build_object(%(query)s::text, '[[10, 14]]'::jsonb),
        jsonb_build_object(%(query)s::text, 1),
        CASE WHEN NOT complaint THEN '' WHEN g %% 1000 < 2 OR g <= 10000 AND g %% 100 < 2 THEN 'safety'
             WHEN r3 < 0.5 THEN 'delivery' ELSE 'price' END,
        CASE WHEN complaint THEN 1 + g %% 3 END, CASE WHEN g %% 4 = 1 THEN 'request' ELSE '' END, g %% 40,
        CASE WHEN g %% 50 = 3 THEN g / 5000 ELSE -g END
    FROM (
        SELECT g, r1, r2, r3,
            CASE WHEN r4 < %(own)s THEN %(brand)s WHEN r4 < (1 + %(own)s) / 2 THEN %(rival)s ELSE %(other)s END
                AS brand,
            %(now)s::timestamptz - (power(random(), 1.2) * %(days)s) * interval '1 day' AS at,
            (ARRAY['bluesky', 'bluesky', 'bluesky', 'mastodon', 'mastodon', 'hackernews', 'web', 'x'])
                [1 + floor(r2 * 8)::int] AS network,
            (ARRAY['negative', 'neutral', 'neutral', 'positive', 'positive', 'unscored'])
                [1 + floor(r1 * 6)::int] AS mood,
            r1 < 0.166 AND r2 < 0.5 AS complaint,
            CASE WHEN r3 > 0.9 THEN 'mentioned' WHEN r3 > 0.85 THEN 'replied' WHEN r3 > 0.82 THEN 'in_thread'
                ELSE 'talked_about' END AS addressed,
            'Broken at acme '
                || (ARRAY['again and again', 'but the staff is kind', 'and so is my week', 'since the update'])
                [1 + floor(r3 * 4)::int]
                || ' ' || md5(g::text)
                || CASE WHEN g %% 50000 = 11 OR g < 10000 AND g %% 150 = 11 THEN ' zebra' ELSE '' END AS words
        FROM (SELECT g, random() AS r1, random() AS r2, random() AS r3, random() AS r4
              FROM generate_series(%(first)s + 1, %(last)s) AS g) AS dice
    ) AS posts
"""

# Every complaint that addresses a brand is a case, and of the first ten thousand mentions every complaint, so that tabs
# and pages are full at every size; but those about safety are nobody's yet. A third is open, a tenth of it overdue;
# what is done or waits for them was answered within two days.
CASES = """
    INSERT INTO listening_case (
        brand_id, mention_id, kind, origin, status, tags, priority, version, due_at, replied_at, closed_at,
        snoozed_until, snooze_reason, solved, changed_at, created_at)
    SELECT brand_id, id, 'complaint', 'rule', status, '{}', priority, 1,
        CASE WHEN id %% 10 = 3 THEN published_at ELSE now() + interval '1 day' END,
        CASE WHEN status IN ('waiting', 'done') THEN published_at + interval '1 hour' * (1 + id %% 40) END,
        CASE WHEN status IN ('done', 'ignored') THEN published_at END,
        CASE WHEN status = 'snoozed' THEN now() + interval '1 day' END, '', '', published_at, published_at
    FROM (SELECT *, (ARRAY['new', 'in_progress', 'done', 'done', 'done', 'ignored', 'waiting', 'snoozed', 'new'])
            [1 + id %% 9] AS status FROM listening_mention
          WHERE is_complaint AND (is_addressed OR id <= 10000) AND NOT own AND complaint_kind <> 'safety') AS told
    ON CONFLICT DO NOTHING
"""


def a_brand() -> tuple[Brand, User]:
    """The brand, with its rivals, a source, a query, an admin and a few colleagues."""
    brand, rival, other = (Brand.objects.create(name=name, slug=name.lower()) for name in ("Acme", "Bolt", "Cord"))
    for one in (brand, rival, other):
        adopt(one, None, DRAFT, timezone.now())
    brand.rivals.add(rival, other)
    source = Source.objects.create(kind="bluesky", name="Bluesky", next_pull_at="2100-01-01T00:00Z")
    source.brands.add(brand, rival, other)
    Source.objects.update(created_at="2020-01-01T00:00Z", last_success_at="2100-01-01T00:00Z")
    Query.objects.create(brand=brand, name="Main", text="acme")
    Notice.objects.create(brand=brand, public=True)
    admin = User.objects.create_user("admin@example.org", "unused", is_superuser=True)
    for i in range(5):
        colleague = User.objects.create_user(f"colleague{i}@example.org", "unused")
        Membership.objects.create(brand=brand, user=colleague, role=Membership.Role.MARKETER)
    return brand, admin


def grow(brand: Brand, first: int, last: int, now: str) -> None:
    """Add the mentions numbered `first` + 1 to `last`, published in the 90 days before `now` (ISO 8601)."""
    rival, other = brand.rivals.order_by("pk")
    values: dict[str, int | float | str] = {
        "first": first, "last": last, "brand": brand.pk, "rival": rival.pk, "other": other.pk, "own": OWN_SHARE,
        "days": DAYS, "now": now, "people": max(1, last // PEOPLE), "source": Source.objects.get().pk,
        "query": str(Query.objects.get().pk),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers, no foreign key checks
        cursor.execute("DROP INDEX mention_text")
        cursor.execute(AUTHORS, {"first": first // PEOPLE, "last": last // PEOPLE})
        cursor.execute(MENTIONS, values)
        cursor.execute(CASES, {})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE INDEX mention_text ON listening_mention USING gin (folded gin_trgm_ops)")
        rebuild_tally()
    with connection.cursor() as cursor:
        for table in ("mention", "author", "tally", "tallyday", "case"):
            cursor.execute(f"VACUUM ANALYZE listening_{table}")
