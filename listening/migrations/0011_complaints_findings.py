"""Findings around complaints, their priority, groups of the same text, and what a brand changed about them.

The generated column rewrites the table of mentions once: count a minute for a few million rows.
"""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("listening", "0010_engine_choice"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComplaintRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("threshold", models.FloatField(null=True)),
                ("number", models.PositiveIntegerField(default=1)),
                ("set_at", models.DateTimeField(null=True)),
                ("applied", models.CharField(default="", max_length=120)),
                ("applying", models.CharField(default="", max_length=120)),
                ("after", models.BigIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="KindPhrase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("phrase", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["kind", "phrase"],
            },
        ),
        migrations.CreateModel(
            name="Split",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("former", models.BigIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="mention",
            name="mention_complaints",
        ),
        migrations.AddField(
            model_name="mention",
            name="asks",
            field=models.CharField(
                blank=True, db_default="", default="", help_text='"question", "request" or "".', max_length=8
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="complaint_kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="mention",
            name="complaint_strength",
            field=models.SmallIntegerField(help_text="1 mild, 2 clear, 3 strong: an estimate.", null=True),
        ),
        migrations.AddField(
            model_name="mention",
            name="details_engine",
            field=models.CharField(
                db_default="", default="", help_text="What found kind, strength, asks, waiting.", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="group_key",
            field=models.BigIntegerField(help_text="The same for reposts and near-duplicates of a brand.", null=True),
        ),
        migrations.AddField(
            model_name="mention",
            name="repeats",
            field=models.SmallIntegerField(
                db_default=0, default=0, help_text="Earlier complaints of the author in the 30 days before."
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="waiting_days",
            field=models.SmallIntegerField(help_text="How many days the author says to have waited.", null=True),
        ),
        migrations.AddField(
            model_name="mention",
            name="priority",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.CombinedExpression(
                    django.db.models.expressions.CombinedExpression(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.Case(
                                        models.When(models.Q(("complaint_strength__gte", 3)), then=models.Value(30)),
                                        models.When(models.Q(("complaint_strength__gte", 2)), then=models.Value(20)),
                                        models.When(models.Q(("complaint_strength__gte", 1)), then=models.Value(10)),
                                        default=models.Value(0),
                                        output_field=models.SmallIntegerField(),
                                    ),
                                    "+",
                                    models.Case(
                                        models.When(
                                            models.Q(("addressed__in", ["mentioned", "replied", "quoted", "own_page"])),
                                            then=models.Value(20),
                                        ),
                                        default=models.Value(0),
                                        output_field=models.SmallIntegerField(),
                                    ),
                                ),
                                "+",
                                models.Case(
                                    models.When(models.Q(("asks", ""), _negated=True), then=models.Value(10)),
                                    default=models.Value(0),
                                    output_field=models.SmallIntegerField(),
                                ),
                            ),
                            "+",
                            models.Case(
                                models.When(models.Q(("waiting_days__gte", 7)), then=models.Value(20)),
                                models.When(models.Q(("waiting_days__gte", 1)), then=models.Value(10)),
                                default=models.Value(0),
                                output_field=models.SmallIntegerField(),
                            ),
                        ),
                        "+",
                        models.Case(
                            models.When(models.Q(("repeats__gte", 3)), then=models.Value(20)),
                            models.When(models.Q(("repeats__gte", 1)), then=models.Value(10)),
                            default=models.Value(0),
                            output_field=models.SmallIntegerField(),
                        ),
                    ),
                    "+",
                    models.Case(
                        models.When(
                            models.Q(("likes__gte", 1000), ("shares__gte", 1000), _connector="OR"),
                            then=models.Value(20),
                        ),
                        models.When(
                            models.Q(("likes__gte", 10), ("shares__gte", 10), _connector="OR"), then=models.Value(10)
                        ),
                        default=models.Value(0),
                        output_field=models.SmallIntegerField(),
                    ),
                ),
                output_field=models.SmallIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("complaint_by_person__isnull", False)),
                fields=["brand"],
                name="mention_complaint_labels",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("is_complaint", True)),
                fields=["brand", "is_addressed", "-published_at", "-id"],
                include=("network", "language", "mood", "own", "hidden", "complaint_kind"),
                name="mention_complaints",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("is_complaint", True)),
                fields=["brand", "-is_addressed", "-priority", "published_at", "id"],
                include=("network", "language", "mood", "own", "hidden", "complaint_kind"),
                name="mention_priority",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("group_key__isnull", False)),
                fields=["brand", "group_key", "published_at", "id"],
                include=("network", "language", "mood", "is_complaint", "is_addressed", "own", "hidden"),
                name="mention_by_group",
            ),
        ),
        migrations.AddField(
            model_name="complaintrules",
            name="brand",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="complaint_rules", to="listening.brand"
            ),
        ),
        migrations.AddField(
            model_name="complaintrules",
            name="set_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="kindphrase",
            name="brand",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="kind_phrases", to="listening.brand"
            ),
        ),
        migrations.AddField(
            model_name="kindphrase",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="split",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="split",
            name="mention",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="split", to="listening.mention"
            ),
        ),
        migrations.AddConstraint(
            model_name="complaintrules",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("threshold", None), models.Q(("threshold__gt", 0), ("threshold__lt", 1)), _connector="OR"
                ),
                name="complaint_threshold_is_a_probability",
            ),
        ),
        migrations.AddConstraint(
            model_name="kindphrase",
            constraint=models.UniqueConstraint(
                models.F("brand"), django.db.models.functions.text.Lower("phrase"), name="kind_phrase_once_per_brand"
            ),
        ),
    ]
