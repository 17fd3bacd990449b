"""Forget names: handle and name of people that were shown long enough, also where they signed their own posts."""

from datetime import datetime

from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower, StrIndex

from listening.models import Author, Mention
from listening.query import fold
from listening.veil import veiled


def forget_names(now: datetime) -> int:
    """Returns how many people. What they wrote is covered first, because afterwards nobody knows what to cover."""
    due = Author.objects.filter(shown_until__lt=now)
    for mention in _signed(due).iterator():
        _cover(mention)
    return due.update(handle="", name="", url="", shown_until=None)


def _signed(due: QuerySet[Author]) -> QuerySet[Mention]:
    """Posts in which the name of their author may stand; the pattern of listening.veil decides."""
    handle = _before(_before(F("author__handle"), "@"), ".bsky.social")
    by_handle = ~Q(author__handle="") & (Q(handle_in_text__gt=0) | Q(handle_in_title__gt=0))
    by_name = ~Q(author__name="") & (Q(name_in_text__gt=0) | Q(name_in_title__gt=0))
    found = Mention.objects.filter(author__in=due, text_gone_at=None).order_by()
    found = found.alias(
        **{f"handle_in_{field}": StrIndex(Lower(field), Lower(handle)) for field in ("text", "title")},
        **{f"name_in_{field}": StrIndex(Lower(field), Lower("author__name")) for field in ("text", "title")},
    )
    return found.filter(by_handle | by_name).select_related("author").only("text", "title", "author")


def _before(text: F | Func, mark: str) -> Func:
    return Func(text, Value(mark), Value(1), function="split_part", output_field=TextField())


def _cover(mention: Mention) -> None:
    """Sign by sign, so that what matched stays where it was."""
    title, text = veiled(mention.title, mention.author), veiled(mention.text, mention.author)
    if (title, text) != (mention.title, mention.text):
        folded = fold(f"{title}\n{text}" if title else text)
        Mention.objects.filter(pk=mention.pk).update(title=title, text=text, folded=folded)
