"""Splitting: a person says that a mention is not the same as the others of its group, or takes that back."""

from django.db import transaction

from dashboard import audit
from listening.models import Mention, Split, User


@transaction.atomic
def split(mention: Mention, user: User) -> bool:
    """Let a mention stand alone, for good; False where it does already. Keys of posts alone are below zero and small,
    those of groups are hashes of 64 bits."""
    mention = Mention.objects.select_for_update(of=("self",)).get(pk=mention.pk)
    if mention.group_key is None or Split.objects.filter(mention=mention).exists():
        return False
    Split.objects.create(mention=mention, former=mention.group_key, by=user)
    Mention.objects.filter(pk=mention.pk).update(group_key=-mention.pk)
    audit.note(user, "took a mention out of its group", mention.brand, f"mention {mention.pk}")
    return True


@transaction.atomic
def join(mention: Mention, user: User) -> bool:
    """Put it back; False where nobody took it out."""
    parted = Split.objects.filter(mention=mention).first()
    if parted is None:
        return False
    Mention.objects.filter(pk=mention.pk).update(group_key=parted.former)
    parted.delete()
    audit.note(user, "put a mention back into its group", mention.brand, f"mention {mention.pk}")
    return True
