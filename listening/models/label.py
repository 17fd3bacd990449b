"""Label: one person's word on one mention, given without seeing the machine's; Sitting: fifty of them in a row."""

from django.db import models
from django.db.models import Q

from listening.models.brand import Brand
from listening.models.mention import Mention, Sentiment
from listening.models.user import User


class Why(models.TextChoices):
    """Why a mention was put before somebody. Only the random ones say how good an engine is on all mentions."""

    RANDOM = "random", "Drawn at random"
    UNSURE = "unsure", "The machine was unsure"
    DISAGREEMENT = "disagreement", "Two findings disagree"
    SECOND = "second", "Somebody else labelled it before"


class Answer(models.TextChoices):
    YES = "yes", "Complaint"
    NO = "no", "No complaint"
    UNCLEAR = "unclear", "Can't tell"


class Sitting(models.Model):
    """What one person was given to label. `plan` is [{"mention": id, "why": Why}, ...] in the order of the questions,
    `skipped` the ids of mentions that the person passed over."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="sittings")
    person = models.ForeignKey(User, models.CASCADE, related_name="sittings")
    plan = models.JSONField(default=list)
    skipped = models.JSONField(default=list)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "person"], condition=Q(finished_at=None), name="sitting_open_once_per_person"
            )
        ]


class Label(models.Model):
    """One person's word, with what the machine said at that time frozen beside it, so that the quality of an engine
    stays computable after the mention was scored anew.

    `first` is whether nobody had labelled the mention before; `trainable` whether the network's terms let its text
    teach a model; `replaced` the corrections that the label took the place of, for undoing it.
    """

    mention = models.ForeignKey(Mention, models.CASCADE, related_name="labels")
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="labels")
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="labels")
    sitting = models.ForeignKey(Sitting, models.SET_NULL, null=True, related_name="labels")
    why = models.CharField(max_length=12, choices=Why)
    sentiment = models.CharField(max_length=8, choices=Sentiment)
    complaint = models.CharField(max_length=8, choices=Answer)
    first = models.BooleanField(default=True)
    trainable = models.BooleanField(default=False)
    replaced = models.JSONField(default=dict)

    machine_sentiment = models.CharField(max_length=8, choices=Sentiment)
    p_negative = models.FloatField(null=True)
    p_neutral = models.FloatField(null=True)
    p_positive = models.FloatField(null=True)
    sentiment_engine = models.CharField(max_length=40)
    machine_complaint = models.BooleanField()
    complaint_p = models.FloatField(null=True)
    complaint_engine = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["mention", "person"], name="label_once_per_person"),
            models.CheckConstraint(
                condition=Q(sentiment__in=["negative", "neutral", "positive"]), name="label_sentiment_known"
            ),
            models.CheckConstraint(condition=Q(complaint__in=Answer.values), name="label_complaint_known"),
            models.CheckConstraint(condition=Q(why__in=Why.values), name="label_why_known"),
        ]
        indexes = [models.Index(fields=["brand", "created_at"], name="label_of_brand")]

    def __str__(self) -> str:
        return f"{self.sentiment}, complaint {self.complaint}: mention {self.mention_id}"
