"""Write fewer indexes for each mention, and keep complaints in the order of their list."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('listening', '0008_headlines'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='mention',
            name='mention_complaints',
        ),
        migrations.AlterField(
            model_name='mention',
            name='author',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mentions', to='listening.author'),
        ),
        migrations.AlterField(
            model_name='mention',
            name='brand',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='listening.brand'),
        ),
        migrations.AlterField(
            model_name='mention',
            name='complaint_person',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='mention',
            name='sentiment_person',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(condition=models.Q(('is_complaint', True)), fields=['brand', 'is_addressed', '-published_at', '-id'], include=('network', 'language', 'mood', 'own', 'hidden'), name='mention_complaints'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(condition=models.Q(('sentiment_person__isnull', False)), fields=['sentiment_person'], name='mention_mood_by'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(condition=models.Q(('complaint_person__isnull', False)), fields=['complaint_person'], name='mention_complaint_by'),
        ),
    ]
