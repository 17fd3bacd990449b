"""Around: what belongs to a case's post: the person's earlier posts, the conversation, and others of the same theme.

Of a person only that is gathered which they said in the same way: who spoke to the brand is shown with what they said
to it; who may be answered though only overheard, with what was overheard. So a name and a pseudonym are never joined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from dashboard.reports import mentions as lists
from dashboard.reports.mentions import Row
from dashboard.reports.narrow import Narrow
from dashboard.reports.period import Period, last_days
from dashboard.reports.themes import examples
from dashboard.reports.volume import Totals, totals
from listening.asking import Asked
from listening.models import Brand, Case, Mention, Theme, ThemeMember
from listening.models.mention import ANSWERS, THREAD, MentionQuerySet

EARLIER = 5
AROUND = 10
THEME_DAYS = 30
OPTED_OUT = "This person asked to be left alone, so what they wrote before is not gathered here."
OVERHEARD = (
    "This person did not speak to you and your line leaves them alone, so what they wrote before is not gathered here."
)
UNKNOWN = "It is not known who wrote this."


@dataclass(frozen=True, slots=True)
class Past:
    """What a person said before, the newest first; `why_not` says why it is not shown; `answered_at` when you last
    answered them; `more` that there is more than is shown."""

    posts: list[Row]
    more: bool = False
    why_not: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SameTheme:
    """The theme of a post, what was said about it in a period, and a few other posts."""

    theme: Theme
    totals: Totals
    posts: list[Row]
    period: Period


def past(brand: Brand, mention: Mention, asked: Asked) -> Past:
    """Earlier posts of the same person about the brand: those whose text is there, if they may be gathered. `asked` is
    what the line says of an answer, and by what."""
    verdict, facts, history = asked
    if mention.author is None:
        return Past([], why_not=UNKNOWN)
    if facts.wish or facts.stop:
        return Past([], why_not=OPTED_OUT)
    if not mention.is_addressed and verdict.verdict == "refused":
        return Past([], why_not=OVERHEARD)
    same_way = Mention.objects.filter(author=mention.author_id, brand=brand, is_addressed=mention.is_addressed)
    earlier = _readable(same_way).filter(published_at__lte=mention.published_at).exclude(pk=mention.pk)
    found = list(earlier.order_by("-published_at", "-pk")[: EARLIER + 1])
    return Past(_briefly(found[:EARLIER]), len(found) > EARLIER, answered_at=history.answered_at)


def thread(brand: Brand, mention: Mention) -> list[Row]:
    """The stored posts of the same conversation nearest to this one, with it, the oldest first."""
    keys = {mention.thread_root, mention.reply_to, mention.external_id} - {""}
    told = Mention.objects.alias(thread=THREAD).filter(ANSWERS, brand=brand, thread__in=keys)
    ids = set(_nearest(told.filter(network=mention.network), mention))
    named = {mention.thread_root, mention.reply_to, mention.quote_of} - {""}
    ids |= set(_stored(brand, mention.network, named))
    if not ids - {mention.pk}:
        return []
    posts = _readable(Mention.objects.filter(brand=brand, pk__in=ids | {mention.pk}))
    return _briefly(list(posts.order_by("published_at", "pk")))


def _briefly(mentions: Sequence[Mention]) -> list[Row]:
    cases = dict(Case.objects.filter(mention__in=mentions).order_by().values_list("mention_id", "pk"))
    return [lists.brief(one, cases.get(one.pk)) for one in mentions]


def _nearest(told: MentionQuerySet, mention: Mention) -> Iterable[int]:
    at, ids = mention.published_at, told.values_list("pk", flat=True)
    yield from ids.filter(published_at__lt=at).order_by("-published_at", "-pk")[:AROUND]
    yield from ids.filter(published_at__gte=at).order_by("published_at", "pk")[:AROUND]


def _stored(brand: Brand, network: str, external_ids: set[str]) -> Iterable[int]:
    found = Mention.objects.filter(Q(external_id__in=external_ids), network=network, brand=brand)
    return found.order_by().values_list("pk", flat=True) if external_ids else []


def _readable(mentions: MentionQuerySet) -> MentionQuerySet:
    kept = mentions.filter(hidden="", text_gone_at=None)
    return kept.select_related("author").defer(*lists.DEFERRED)


def same_theme(brand: Brand, mention: Mention, now: datetime) -> SameTheme | None:
    """How much was said of the post's theme in the last 30 days, and three other posts; None without a theme."""
    member = ThemeMember.objects.filter(mention=mention.pk).select_related("theme__merged_into").first()
    theme = member.theme if member else None
    if theme is not None and theme.merged_into:
        theme = theme.merged_into
    if theme is None or theme.retired_at:
        return None
    period = last_days(THEME_DAYS, ZoneInfo(brand.time_zone), now)
    counted = totals([brand], period, Narrow(theme=str(theme.pk)))
    return SameTheme(theme, counted, examples(brand, period, [theme.pk], but=mention.pk).get(theme.pk, []), period)
