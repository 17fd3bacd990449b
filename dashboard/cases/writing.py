"""Writing: where an answer can go out from, and what a saved reply says when it is filled in."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from ingest.sources import CATALOGUE, load
from listening.models import Brand, Case, Mention, Notice, SavedReply, Source
from listening.secrets import Unreadable, unseal


@dataclass(frozen=True, slots=True)
class Way:
    """How an answer reaches the network: by a source that may write, or by hand there; `why` is a sentence."""

    source: Source | None
    why: str
    longest: int | None = None


def way_of(case: Case) -> Way:
    """Case with brand and mention."""
    network = case.mention.network
    if case.brand.is_sample:
        return Way(None, "The sample brand's people are made up: nothing is sent.")
    kinds = [kind for kind in CATALOGUE if load(kind).writes and load(kind).network == network]
    if not kinds:
        return Way(None, "Earshot can't answer on this network: answer there, and note it here.")
    for row in case.brand.sources.filter(kind__in=kinds).exclude(state=Source.State.PAUSED).order_by("pk"):
        if _may_write(row):
            return Way(
                row, f"It goes out through the source “{row.name}”.", int(row.settings.get("longest") or 0) or None
            )
    return Way(None, "No source may answer here for this brand: answer at the network, and note it here.")


def may_send(case: Case) -> bool:
    return way_of(case).source is not None


def _may_write(row: Source) -> bool:
    try:
        return load(row.kind).may_write(row.settings, unseal(row.credentials))
    except Unreadable:
        return False


def fill(text: str, values: dict[str, str]) -> str:
    """A saved reply's words with {name} and the like replaced; other braces stay as they are."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def values_of(mention: Mention, brand: Brand, disclosure: str) -> dict[str, str]:
    """What the variables stand for; {link} is the brand's public page, where it is public."""
    author = mention.author if mention.is_addressed else None  # who was overheard is not called by name
    name = (author.name or author.handle) if author else ""
    public = Notice.objects.filter(brand=brand, public=True).exists()
    link = f"{settings.PUBLIC_URL}{reverse('notice', args=[brand.slug])}" if public else ""
    return {"name": name or "there", "brand": brand.name, "disclosure": disclosure or brand.name, "link": link}


def saved_for(brand: Brand, language: str) -> list[SavedReply]:
    """The brand's saved replies, those in the mention's language first."""
    return sorted(brand.saved_replies.all(), key=lambda one: (one.language not in (language, ""), one.name.lower()))
