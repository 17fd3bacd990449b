"""Mention: one post that concerns one brand, what the machine found in it, and what people corrected."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import MD5, Coalesce, NullIf

from listening import priority
from listening.models.brand import Brand
from listening.models.person import Author
from listening.models.source import Source
from listening.models.user import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Sentiment(models.TextChoices):
    NEGATIVE = "negative", "Negative"
    NEUTRAL = "neutral", "Neutral"
    POSITIVE = "positive", "Positive"
    UNSCORED = "unscored", "Not scored"


class Addressed(models.TextChoices):
    """How a post stands to the brand, by the evidence on the network; the first four are addressed to it."""

    MENTIONED = "mentioned", "Mentions the brand's account"
    REPLIED = "replied", "Replies to the brand"
    QUOTED = "quoted", "Quotes the brand"
    OWN_PAGE = "own_page", "On the brand's own page"
    IN_THREAD = "in_thread", "In a thread the brand started"
    TALKED_ABOUT = "talked_about", "Talks about the brand"


ADDRESSED = (Addressed.MENTIONED, Addressed.REPLIED, Addressed.QUOTED, Addressed.OWN_PAGE)


def stored_priority() -> CombinedExpression:
    """The parts of `listening.priority` that a post carries, as Postgres computes them."""

    def steps(table: Sequence[tuple[int, int]], *columns: str) -> Case:
        alternatives = [
            When(reduce(or_, (Q(**{f"{column}__gte": least}) for column in columns)), then=Value(points))
            for least, points in table
        ]
        return Case(*alternatives, default=Value(0), output_field=models.SmallIntegerField())

    def when(condition: Q, points: int) -> Case:
        return Case(When(condition, then=Value(points)), default=Value(0), output_field=models.SmallIntegerField())

    return (
        steps(priority.STRENGTH, "complaint_strength")
        + when(Q(addressed__in=[str(a) for a in ADDRESSED]), priority.ADDRESSED)
        + when(~Q(asks=""), priority.ASKS)
        + steps(priority.WAITING, "waiting_days")
        + steps(priority.REPEATS, "repeats")
        + steps(priority.SPREAD, "likes", "shares")
    )


THREAD = Coalesce(NullIf(F("thread_root"), Value("", models.TextField())), F("reply_to"))
"""What a conversation is known by: its first post where the network tells it, else the one that was answered."""
ANSWERS = ~Q(thread_root="", reply_to="")


class MentionQuerySet(models.QuerySet["Mention"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MentionQuerySet":
        """Mentions of the brands that this person may see."""
        return self.filter(brand__in=Brand.objects.visible_to(user))

    def counted(self) -> "MentionQuerySet":
        """Mentions that figures count: not the brand's own posts, and not hidden."""
        return self.filter(own=False, hidden="")


class Mention(models.Model):
    """Unique per (brand, network, external id as text).

    Machine findings carry the version of the engine; a person's correction has its own column and wins: the
    generated columns `mood` and `is_complaint` are what figures and filters read.
    `spans` are character offsets into `text`: {"query id": [[start, end], ...]}.
    """

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="mentions", db_index=False)
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="mentions", db_index=False)
    network = models.CharField(max_length=20)
    external_id = models.TextField()
    url = models.TextField(blank=True, default="")
    title = models.TextField(blank=True, default="")
    text = models.TextField()
    folded = models.TextField(default="", help_text="fold(title + newline + text): what searches look through.")
    published_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField()
    author = models.ForeignKey(Author, models.SET_NULL, null=True, related_name="mentions", db_index=False)
    language = models.CharField(max_length=8, default="unknown")

    own = models.BooleanField(default=False, help_text="Written by the brand itself.")
    hidden = models.CharField(max_length=20, blank=True, default="", help_text="Why it must not be shown.")
    public_ok = models.BooleanField(default=True)
    back_fill = models.BooleanField(default=False, help_text="Older than the start of collection: no alarms.")

    sentiment = models.CharField(max_length=8, choices=Sentiment, default=Sentiment.UNSCORED)
    compound = models.FloatField(null=True)
    p_negative = models.FloatField(null=True)
    p_neutral = models.FloatField(null=True)
    p_positive = models.FloatField(null=True)
    unsure = models.BooleanField(default=False, db_default=False, help_text="Too close to call for the engine.")
    sentiment_engine = models.CharField(max_length=40, default="")
    sentiment_by_person = models.CharField(max_length=8, choices=Sentiment, null=True)
    sentiment_person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)

    complaint = models.BooleanField(default=False)
    complaint_p = models.FloatField(null=True)
    complaint_reasons = models.JSONField(default=list, help_text='[{"start": 0, "end": 4, "why": "..."}]')
    complaint_engine = models.CharField(max_length=40, default="")
    complaint_by_person = models.BooleanField(null=True)
    complaint_person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    complaint_kind = models.CharField(max_length=40, default="", db_default="", blank=True)
    complaint_strength = models.SmallIntegerField(null=True, help_text="1 mild, 2 clear, 3 strong: an estimate.")
    asks = models.CharField(
        max_length=8, default="", db_default="", blank=True, help_text='"question", "request" or "".'
    )
    waiting_days = models.SmallIntegerField(null=True, help_text="How many days the author says to have waited.")
    details_engine = models.CharField(
        max_length=80, default="", db_default="", help_text="What found kind, strength, asks, waiting."
    )
    repeats = models.SmallIntegerField(
        default=0, db_default=0, help_text="Earlier complaints of the author in the 30 days before."
    )
    group_key = models.BigIntegerField(null=True, help_text="The same for reposts and near-duplicates of a brand.")

    addressed = models.CharField(max_length=12, choices=Addressed, default=Addressed.TALKED_ABOUT)
    addressed_evidence = models.CharField(max_length=300, default="")

    mood = models.GeneratedField(
        expression=Coalesce(F("sentiment_by_person"), F("sentiment")),
        output_field=models.CharField(max_length=8, choices=Sentiment),
        db_persist=True,
    )
    is_complaint = models.GeneratedField(
        expression=Coalesce(F("complaint_by_person"), F("complaint")),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_unsure = models.GeneratedField(  # a person who decided was sure
        expression=Q(unsure=True, sentiment_by_person=None),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_addressed = models.GeneratedField(
        expression=Q(addressed__in=[str(a) for a in ADDRESSED]),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    priority = models.GeneratedField(
        expression=stored_priority(), output_field=models.SmallIntegerField(), db_persist=True
    )

    reply_to = models.TextField(blank=True, default="")
    thread_root = models.TextField(blank=True, default="")
    quote_of = models.TextField(blank=True, default="")
    repost_of = models.TextField(blank=True, default="")
    repost_author = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="Keyed hash: whose words a repost repeats."
    )
    community = models.CharField(max_length=200, blank=True, default="")
    links = models.JSONField(default=list)
    media = models.PositiveSmallIntegerField(null=True)
    replies = models.PositiveBigIntegerField(null=True)
    likes = models.PositiveBigIntegerField(null=True)
    shares = models.PositiveBigIntegerField(null=True)
    views = models.PositiveBigIntegerField(null=True)
    rating = models.FloatField(null=True)
    spans = models.JSONField(default=dict)
    query_versions = models.JSONField(default=dict, help_text='{"query id": version}: which text matched.')
    raw = models.JSONField(null=True)
    text_gone_at = models.DateTimeField(null=True, help_text="When retention took the text; the row still counts.")
    swept_at = models.DateTimeField(null=True, help_text="When the network was last asked whether the post is there.")
    alive_at = models.DateTimeField(null=True, help_text="When it last said that it is; not told: when collected.")

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "network", "external_id"], name="mention_once_per_brand"),
            models.CheckConstraint(condition=Q(sentiment__in=Sentiment.values), name="mention_sentiment_known"),
            models.CheckConstraint(condition=Q(addressed__in=Addressed.values), name="mention_addressed_known"),
        ]
        # Each index is written for each mention, so none is there twice: foreign keys have none of their own.
        indexes = [
            models.Index(  # holds what lists are filtered by, so that finding a page touches no rows
                fields=["brand", "-published_at", "-id"],
                name="mention_newest",
                include=["network", "language", "mood", "is_complaint", "is_addressed", "is_unsure", "own", "hidden"],
            ),
            models.Index(  # the order of the list of complaints: addressed ones, then overheard ones
                fields=["brand", "is_addressed", "-published_at", "-id"],
                name="mention_complaints",
                include=["network", "language", "mood", "own", "hidden", "complaint_kind"],
                condition=Q(is_complaint=True),
            ),
            models.Index(  # the order of listening.priority at any moment
                fields=["brand", "-is_addressed", "-priority", "published_at", "id"],
                name="mention_priority",
                condition=Q(is_complaint=True),
                include=["network", "language", "mood", "own", "hidden", "complaint_kind"],
            ),
            models.Index(
                fields=["brand", "complaint_kind", "is_addressed", "-published_at", "-id"],
                name="mention_kind",
                condition=Q(is_complaint=True),
                include=["network", "language", "mood", "own", "hidden"],
            ),
            models.Index(
                fields=["brand"], name="mention_complaint_labels", condition=Q(complaint_by_person__isnull=False)
            ),
            models.Index(
                fields=["brand", "group_key", "published_at", "id"],
                name="mention_by_group",
                condition=Q(group_key__isnull=False),
                include=["network", "language", "mood", "is_complaint", "is_addressed", "own", "hidden"],
            ),
            models.Index(fields=["network", "external_id"], name="mention_by_post"),
            models.Index(F("brand"), THREAD, name="mention_by_thread", condition=ANSWERS),
            models.Index(fields=["author", "published_at"], name="mention_by_author"),
            models.Index(fields=["source", "-published_at"], name="mention_of_source"),  # sweeps begin with the young
            models.Index(fields=["network", "repost_of"], name="mention_by_original", condition=~Q(repost_of="")),
            models.Index(fields=["repost_author"], name="mention_by_reposted", condition=~Q(repost_author="")),
            models.Index(F("brand"), MD5("title"), name="mention_by_title", condition=~Q(title="")),
            models.Index(fields=["collected_at"], name="mention_collected"),
            models.Index(
                fields=["sentiment_person"], name="mention_mood_by", condition=Q(sentiment_person__isnull=False)
            ),
            models.Index(
                fields=["complaint_person"], name="mention_complaint_by", condition=Q(complaint_person__isnull=False)
            ),
            GinIndex(fields=["folded"], name="mention_text", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.external_id}"
