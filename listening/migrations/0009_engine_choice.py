"""Which engine a brand chose, and which findings an engine was unsure of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0008_headlines")]
    operations = [
        migrations.AddField(
            model_name="brand",
            name="engine",
            field=models.CharField(blank=True, default="", help_text="Empty: the installation's.", max_length=20),
        ),
        migrations.AddField(
            model_name="mention",
            name="unsure",
            field=models.BooleanField(db_default=False, default=False, help_text="Too close to call for the engine."),
        ),
    ]
