"""Keep complaints in the order in which they are listed: addressed ones first, the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0008_headlines")]
    operations = [
        migrations.RemoveIndex(model_name="mention", name="mention_complaints"),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                fields=["brand", "is_addressed", "-published_at", "-id"],
                name="mention_complaints",
                include=["network", "language", "mood", "own", "hidden"],
                condition=models.Q(is_complaint=True),
            ),
        ),
    ]
