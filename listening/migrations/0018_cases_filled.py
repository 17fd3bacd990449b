"""Cases that stand already learn their brand, kind, priority, and when they were closed."""

from django.db import migrations

FILL = """
    UPDATE listening_case AS c SET
      brand_id = m.brand_id,
      priority = m.priority,
      kind = CASE WHEN m.is_complaint THEN 'complaint' WHEN m.asks = 'question' THEN 'question'
                  WHEN m.mood = 'positive' THEN 'praise' ELSE 'other' END,
      closed_at = CASE WHEN c.status IN ('done', 'ignored') THEN c.changed_at END
    FROM listening_mention AS m WHERE m.id = c.mention_id;
"""


class Migration(migrations.Migration):
    dependencies = [("listening", "0017_cases")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
