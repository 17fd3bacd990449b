"""Count by local day as well, exactly like by hour."""

import django.db.models.deletion
from django.db import migrations, models

from listening.models.tally_day import DAY_TRIGGERS, NO_DAY_TRIGGERS

# As the tables are at this point; later migrations that add columns to a cell count the days again.
FILL = """
    INSERT INTO listening_tallyday (brand_id, day, network, language, mood, is_complaint, is_addressed, n)
    SELECT t.brand_id, (t.hour AT TIME ZONE coalesce(b.time_zone, 'UTC'))::date,
           t.network, t.language, t.mood, t.is_complaint, t.is_addressed, sum(t.n)
    FROM listening_tally AS t LEFT JOIN listening_brand AS b ON b.id = t.brand_id
    GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(t.n) <> 0
"""


class Migration(migrations.Migration):
    dependencies = [("listening", "0005_tally_outlives_brand")]
    operations = [
        migrations.CreateModel(
            name="TallyDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("network", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=8)),
                ("mood", models.CharField(max_length=8)),
                ("is_complaint", models.BooleanField()),
                ("is_addressed", models.BooleanField()),
                ("n", models.IntegerField()),
                ("brand", models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="listening.brand")),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["brand", "day"],
                        include=["network", "language", "mood", "is_complaint", "is_addressed", "n"],
                        name="tally_by_day",
                    )
                ]
            },
        ),
        migrations.RunSQL(DAY_TRIGGERS, NO_DAY_TRIGGERS),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
