"""What a person complained about before is counted by their time, not through all that they ever wrote."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0029_stop_said'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='mention',
            name='mention_by_author',
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(fields=['author', 'published_at'], name='mention_by_author'),
        ),
    ]
