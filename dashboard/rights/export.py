"""Export: everything that is kept of one person, with plain words for what the machine found; the same for both forms.

Colleagues' names stand in it only where they answered: the person may know who did. What the network itself told is in
the JSON alone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from dashboard.rights.finding import contacts_of, mentions_of
from dashboard.templatetags.earshot import language, network as network_name
from listening.models import Author, Brand, Case, Contact, Interest, Mention, OptOut, RightsRequest
from listening.people import authors_of, hashes_of
from listening.retention import days_kept, kept_by, text_goes

MOODS = {"negative": "negative", "neutral": "neutral", "positive": "positive", "unscored": "not read yet"}
ASKS = {"question": "asks a question", "request": "asks for something"}
NOTES = [
    "Reasons of the line are written for the team: “you” is the brand in them, and “they” is you.",
    "Weekly letters to the team quote posts without their authors; letters that quote an erased post are emptied.",
    "Counts per hour (how many posts, how many complaints) stay when posts go; nobody can be told from them.",
    "A keyed hash stands for the account. It cannot be undone without a key that is not in the database.",
]

Told = dict[str, Any]


def export(request: RightsRequest, told: Mapping[str, str], now: datetime) -> Told:
    """JSON-compatible; times are ISO 8601 in UTC."""
    authors = authors_of(request.network, told)
    mentions = mentions_of(authors)
    contacts = contacts_of(request.network, told, authors)
    wishes = OptOut.objects.filter(network=request.network, key__in=hashes_of(request.network, told))
    return {
        "made_at": now.isoformat(),
        "asked": {"network": network_name(request.network), **told, "received": request.received.isoformat()},
        "account": [_account(one) for one in authors],
        "wishes": sorted({wish.get_scope_display() for wish in wishes}),
        "brands": [_brand(brand, mentions, contacts) for brand in _concerned(mentions, contacts)],
        "notes": NOTES,
    }


def _concerned(mentions: QuerySet[Mention], contacts: QuerySet[Contact]) -> Iterable[Brand]:
    ids = {*mentions.values_list("brand", flat=True), *contacts.order_by().values_list("brand", flat=True)}
    return Brand.objects.filter(pk__in=ids)


def _account(author: Author) -> Told:
    return {
        "shown_to_the_team_as": author.pseudonym,
        "handle": author.handle or None,
        "name": author.name or None,
        "profile": author.url or None,
        "followers": author.followers,
        "account_created": _iso(author.account_created_at),
        "last_read": _iso(author.seen_at),
        "name_goes": _iso(_name_goes(author)),
        "keyed_hash": author.key,
    }


def _name_goes(author: Author) -> datetime | None:
    limit = kept_by(author.network).text
    shown = author.shown_until
    return min(shown, author.seen_at + limit) if shown and limit else shown


def _brand(brand: Brand, mentions: QuerySet[Mention], contacts: QuerySet[Contact]) -> Told:
    record = Interest.objects.of(brand)
    kept = days_kept(brand)
    mine = mentions.filter(brand=brand).select_related("source").prefetch_related("decisions").defer("folded")
    posts = list(mine.order_by("-published_at", "-pk"))
    cases = _cases(posts)
    return {
        "brand": brand.name,
        "why": record.purpose if record else None,
        "posts": [_post(one, cases.get(one.pk), kept.get(one.network, brand.retention_days)) for one in posts],
        "answered_at": [one.at.isoformat() for one in contacts.filter(brand=brand)],
    }


def _post(mention: Mention, case: Told | None, days: int) -> Told:
    return {
        "network": network_name(mention.network),
        "id": mention.external_id,
        "address": mention.url or None,
        "published": mention.published_at.isoformat(),
        "edited": _iso(mention.edited_at),
        "collected": mention.collected_at.isoformat(),
        "collected_from": mention.source.name if mention.source else None,
        "title": mention.title or None,
        "text": mention.text or None,
        "text_goes": text_goes(mention.network, mention.published_at, mention.collected_at, days).isoformat(),
        "text_gone": _iso(mention.text_gone_at),
        "hidden": mention.hidden or None,
        "found": _findings(mention),
        "decisions": [
            {"at": one.created_at.isoformat(), "verdict": one.verdict, "reasons": one.reasons}
            for one in mention.decisions.all()
        ],
        "case": case,
        "as_the_network_told_it": mention.raw,
    }


def _findings(mention: Mention) -> list[str]:
    """What the machine found, or a person corrected, in plain words."""
    by = "corrected by a person" if mention.sentiment_by_person else "found by a machine, an estimate"
    said = [f"Language: {language(mention.language)}.", f"Sentiment: {MOODS[mention.mood]} ({by})."]
    by = "corrected by a person" if mention.complaint_by_person is not None else "found by a machine, an estimate"
    said.append(f"Complaint: {'yes' if mention.is_complaint else 'no'} ({by}).")
    if mention.is_complaint and mention.complaint_kind:
        said.append(f"The complaint is about: {mention.complaint_kind}.")
    if mention.asks in ASKS:
        said.append(f"The post {ASKS[mention.asks]}.")
    if mention.waiting_days is not None:
        said.append(f"Says to have waited {mention.waiting_days} days.")
    standing = f"How it stands to the brand: {mention.get_addressed_display().lower()}."
    return [*said, standing if not mention.addressed_evidence else f"{standing} {mention.addressed_evidence}"]


def _cases(posts: list[Mention]) -> dict[int, Told]:
    """By mention."""
    rows = Case.objects.filter(mention__in=[one.pk for one in posts])
    rows = rows.prefetch_related("notes", "replies__author", "reveals")
    return {case.mention_id: _case(case) for case in rows}


def _case(case: Case) -> Told:
    return {
        "opened": case.created_at.isoformat(),
        "state": case.get_status_display(),
        "tags": case.tags,
        "notes_of_the_team": [{"at": one.created_at.isoformat(), "text": one.text} for one in case.notes.all()],
        "answers": [
            {
                "at": _iso(one.sent_at),
                "state": one.get_state_display(),
                "by": str(one.author) if one.author else None,
                "text": one.text,
            }
            for one in case.replies.all()
        ],
        "name_shown_at": [one.at.isoformat() for one in case.reveals.all()],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
