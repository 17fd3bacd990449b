"""Keep the tally exact by statement-level triggers on the mention table."""

from django.db import migrations

from listening.models.tally import NO_TRIGGERS, TRIGGERS


class Migration(migrations.Migration):
    dependencies = [("listening", "0001_tables")]
    operations = [migrations.RunSQL(TRIGGERS, NO_TRIGGERS)]
