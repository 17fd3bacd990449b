"""Writing: where an answer can go out from, and what a saved reply says when it is filled in."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from dashboard.revealing import Hidden, reveal
from ingest.sources import that_write
from listening.models import Brand, Case, Notice, SavedReply, Source, User
from listening.writers import NoWriter, writer


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
    kinds = that_write(network)
    if not kinds:
        return Way(None, "Earshot can't answer on this network: answer there, and note it here.")
    try:
        row = writer(case.brand, kinds)
    except NoWriter as error:
        usual = "No source may answer here for this brand: answer at the network, and note it here."
        return Way(None, error.unreadable or usual)
    return Way(row, f"It goes out through the source “{row.name}”.", int(row.settings.get("longest") or 0) or None)


def may_send(case: Case) -> bool:
    return way_of(case).source is not None


def fill(text: str, values: dict[str, str]) -> str:
    """A saved reply's words with {name} and the like replaced; other braces stay as they are."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def name_for(case: Case, user: User, now: datetime) -> str:
    """What an answer may call the person, "" where it may not. Who reads it sees the name, so it is shown as names are:
    to whom it may be, and noted."""
    if not case.mention.is_addressed:  # who was overheard is not called by name
        return ""
    try:
        shown = reveal(case, user, now)
    except Hidden:
        return ""
    return shown.name or shown.handle


def values_of(brand: Brand, name: str, disclosure: str) -> dict[str, str]:
    """What the variables stand for; {link} is the brand's public page, where it is public."""
    public = Notice.objects.filter(brand=brand, public=True).exists()
    link = f"{settings.PUBLIC_URL}{reverse('notice', args=[brand.slug])}" if public else ""
    return {"name": name or "there", "brand": brand.name, "disclosure": disclosure or brand.name, "link": link}


def saved_for(brand: Brand, language: str) -> list[SavedReply]:
    """The brand's saved replies, those in the mention's language first."""
    return sorted(brand.saved_replies.all(), key=lambda one: (one.language not in (language, ""), one.name.lower()))
