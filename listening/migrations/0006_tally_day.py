"""Count by local day as well, exactly like by hour."""

import django.db.models.deletion
from django.db import migrations, models

from listening.models.tally_day import DAY_TRIGGERS, FILL, NO_DAY_TRIGGERS


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
