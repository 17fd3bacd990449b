"""Builders: rows for tests, with everything that a test does not care about filled in."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from listening.interest import DRAFT
from listening.models import Author, Brand, Case, Gap, Interest, Membership, Mention, Query, Source, User, Webhook
from listening.query import fold
from listening.secrets import seal
from listening.webhooks.events import EVENTS
from listening.webhooks.signing import new_secret

PASSWORD = "correct horse battery staple"
ADOPTED = asdict(DRAFT) | {"adopt": "on"}
"""What a form holds when its reader adopts the draft."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_numbers = count(1)


def a_user(email: str = "", **fields: Any) -> User:
    """Somebody who can sign in with PASSWORD."""
    return User.objects.create_user(email or f"person{next(_numbers)}@example.org", PASSWORD, **fields)


def an_administrator(email: str = "", **fields: Any) -> User:
    return a_user(email, is_superuser=True, **fields)


def a_brand(name: str = "Acme", interest: bool = True, **fields: Any) -> Brand:
    """A brand with a slug of its own; without `interest` nobody has adopted the record that collection waits for."""
    slug = f"{name.lower().replace(' ', '-')}-{next(_numbers)}"
    brand = Brand.objects.create(**{"name": name, "slug": slug} | fields)
    if interest:
        an_interest(brand)
    return brand


def an_interest(brand: Brand, **fields: Any) -> Interest:
    """The record of why the brand may listen, adopted long ago."""
    values = asdict(DRAFT) | {"brand": brand, "version": 1, "created_at": LONG_AGO}
    return Interest.objects.create(**values | fields)


def a_member(brand: Brand, role: str = Membership.Role.ADMIN, user: User | None = None) -> User:
    """A person with this role for the brand."""
    user = user or a_user(f"{role}{next(_numbers)}@example.org")
    Membership.objects.create(brand=brand, user=user, role=role)
    return user


def a_query(brand: Brand, text: str = "acme", **fields: Any) -> Query:
    return Query.objects.create(**{"brand": brand, "text": text, "name": f"Query {next(_numbers)}"} | fields)


def a_source(*brands: Brand, collecting_since: datetime | None = None, **fields: Any) -> Source:
    """A source that is on; `collecting_since` is when it was created (a year ago unless told)."""
    number = next(_numbers)
    values = {"kind": "mastodon", "name": f"Source {number}", "next_pull_at": timezone.now()} | fields
    source = Source.objects.create(**values)
    source.created_at = collecting_since or timezone.now() - timedelta(days=365)
    source.save()
    source.brands.add(*brands)
    return source


def a_gap(source: Source, start: datetime, end: datetime, reason: str = "The network was down.") -> Gap:
    return Gap.objects.create(source=source, start=start, end=end, reason=reason)


def an_author(**fields: Any) -> Author:
    number = next(_numbers)
    values = {
        "network": "mastodon",
        "key": f"{number:064x}"[::-1],
        "handle": f"handle{number}",
        "seen_at": timezone.now(),
    }
    return Author.objects.create(**values | fields)


def a_mention(brand: Brand, text: str = "I like acme", **fields: Any) -> Mention:
    """A mention of the brand, published now unless told; the generated columns are read back."""
    title = fields.get("title", "")
    values = {
        "brand": brand,
        "network": "mastodon",
        "external_id": f"post-{next(_numbers)}",
        "text": text,
        "folded": fold(f"{title}\n{text}" if title else text),
        "published_at": timezone.now(),
        "collected_at": timezone.now(),
        "language": "en",
    }
    mention = Mention.objects.create(**values | fields)
    mention.refresh_from_db()
    return mention


def a_complaint(brand: Brand, text: str = "acme broke again", **fields: Any) -> Mention:
    """A mention that the machine flagged, because of its last word."""
    start = text.rfind(" ") + 1
    reasons = [{"start": start, "end": len(text), "why": "says that something keeps failing"}]
    return a_mention(brand, text, **{"complaint": True, "complaint_reasons": reasons, "sentiment": "negative"} | fields)


def a_case(mention: Mention, **fields: Any) -> Case:
    return Case.objects.create(**{"mention": mention, "brand_id": mention.brand_id} | fields)


def a_webhook(brand: Brand, url: str = "https://hooks.example.org/earshot", **fields: Any) -> Webhook:
    """A webhook that wants to hear of everything, with a secret that nobody has seen."""
    values = {
        "brand": brand,
        "name": f"Webhook {next(_numbers)}",
        "url": url,
        "events": list(EVENTS),
        "secret": seal({"secret": new_secret()}),
        "secret_at": timezone.now(),
    }
    return Webhook.objects.create(**values | fields)


def at(text: str) -> datetime:
    """ "2026-10-25 02:30" in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
