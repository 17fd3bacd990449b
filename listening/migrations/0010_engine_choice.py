"""Which engine a brand chose, which findings an engine was unsure of, and reading mentions again with another one.

The cells of both tallies tell unsure mentions and engines apart, so the days are counted again from the hours.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from listening.models.tally import NO_TRIGGERS, TRIGGERS
from listening.models.tally_day import DAY_TRIGGERS, FILL, NO_DAY_TRIGGERS


class Migration(migrations.Migration):
    dependencies = [("listening", "0009_perf_mention_indexes")]
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
        migrations.CreateModel(
            name='Rescore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('engine', models.CharField(max_length=20)),
                ('from_version', models.CharField(blank=True, default='', max_length=200)),
                ('to_version', models.CharField(blank=True, default='', max_length=40)),
                ('state', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('cancelled', 'Cancelled'), ('failed', 'Failed')], default='running', max_length=9)),
                ('at', models.DateTimeField(null=True)),
                ('last_id', models.BigIntegerField(default=0)),
                ('total', models.PositiveBigIntegerField(default=0)),
                ('done', models.PositiveBigIntegerField(default=0)),
                ('changed', models.PositiveBigIntegerField(default=0)),
                ('seconds', models.FloatField(default=0)),
                ('sentence', models.TextField(blank=True, default='')),
                ('lease_until', models.DateTimeField(null=True)),
                ('lease_number', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.RemoveIndex(
            model_name='mention',
            name='mention_newest',
        ),
        migrations.RemoveIndex(
            model_name='tally',
            name='tally_by_hour',
        ),
        migrations.RemoveIndex(
            model_name='tallyday',
            name='tally_by_day',
        ),
        migrations.AddField(
            model_name='mention',
            name='is_unsure',
            field=models.GeneratedField(db_persist=True, expression=models.Q(('sentiment_by_person', None), ('unsure', True)), output_field=models.BooleanField()),
        ),
        migrations.AddField(
            model_name='tally',
            name='is_unsure',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='tallyday',
            name='engine',
            field=models.CharField(default='', max_length=40),
        ),
        migrations.AddField(
            model_name='tallyday',
            name='is_unsure',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(fields=['brand', '-published_at', '-id'], include=('network', 'language', 'mood', 'is_complaint', 'is_addressed', 'is_unsure', 'own', 'hidden'), name='mention_newest'),
        ),
        migrations.AddIndex(
            model_name='tally',
            index=models.Index(fields=['brand', 'hour'], include=('network', 'language', 'mood', 'is_complaint', 'is_addressed', 'is_unsure', 'engine', 'n'), name='tally_by_hour'),
        ),
        migrations.AddIndex(
            model_name='tallyday',
            index=models.Index(fields=['brand', 'day'], include=('network', 'language', 'mood', 'is_complaint', 'is_addressed', 'is_unsure', 'engine', 'n'), name='tally_by_day'),
        ),
        migrations.AddField(
            model_name='rescore',
            name='brand',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rescores', to='listening.brand'),
        ),
        migrations.AddField(
            model_name='rescore',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='rescore',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('brand',), name='rescore_running_once'),
        ),
        migrations.RunSQL([NO_TRIGGERS, TRIGGERS, NO_DAY_TRIGGERS, DAY_TRIGGERS], migrations.RunSQL.noop),
        migrations.RunSQL(["DELETE FROM listening_tallyday", FILL], migrations.RunSQL.noop),
    ]
