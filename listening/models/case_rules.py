"""CaseRules: when a brand's mentions become cases by themselves, who gets them and by when; CaseRule: one such rule."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from listening.models.brand import Brand
from listening.models.user import User


class CaseRules(models.Model):
    """`from_priority` None: nothing becomes a case by its priority alone. Hours are local to the brand."""

    class Assign(models.TextChoices):
        NOBODY = "nobody", "Nobody: the team takes what it wants"
        IN_TURN = "in_turn", "In turn"
        BY_LOAD = "by_load", "Whoever has fewest open cases"

    brand = models.OneToOneField(Brand, models.CASCADE, related_name="case_rules")
    from_priority = models.PositiveSmallIntegerField(null=True, blank=True)
    only_answerable = models.BooleanField(default=True, help_text="Only what the line lets be answered.")
    assign = models.CharField(max_length=8, choices=Assign, default=Assign.NOBODY)
    last_assigned = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reply_hours = models.PositiveSmallIntegerField(default=8, help_text="Business hours until the first reply is due.")
    days = ArrayField(models.PositiveSmallIntegerField(), default=list, help_text="0 Monday ... 6 Sunday; empty: all.")
    start = models.PositiveSmallIntegerField(default=9)
    end = models.PositiveSmallIntegerField(default=17)
    voice = models.TextField(
        max_length=2000, blank=True, default="", help_text="How the brand speaks, for the writers."
    )
    seen_until = models.DateTimeField(null=True, help_text="Mentions collected until then were looked at.")
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")) & Q(end__lte=24), name="case_hours_end_after_start")
        ]


class CaseRule(models.Model):
    """Mentions that fit become cases. `query` is in the query language; empty lists mean all."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="case_rule_set")
    name = models.CharField(max_length=80)
    query = models.TextField(max_length=8192, blank=True, default="")
    kinds = ArrayField(models.CharField(max_length=9), default=list, blank=True)
    networks = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    addressed_only = models.BooleanField(default=True)
    assignee = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="case_rule_name_once_per_brand")]
