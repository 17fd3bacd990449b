"""Finding: what is kept of one person, in which brands, as numbers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db.models import Count, Q, QuerySet

from listening.models import Author, Brand, Case, Contact, LineDecision, Mention, Note, Reply, Reveal
from listening.people import authors_of, hashes_of


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one brand."""

    brand: str
    mentions: int
    texts: int
    cases: int
    notes: int
    replies: int
    names_shown: int
    decisions: int
    contacts: int


@dataclass(frozen=True, slots=True)
class Found:
    """`known`: rows of authors; `brands` only those that keep something."""

    known: int
    brands: list[Kept]

    @property
    def nothing(self) -> bool:
        return not self.known and not self.brands

    def as_json(self) -> dict[str, object]:
        return {"known": self.known, "brands": [asdict(one) for one in self.brands]}


def found(network: str, told: Mapping[str, str]) -> Found:
    """Everything that belongs to this person; `told` holds "handle", "id" or both."""
    authors = authors_of(network, told)
    mentions = mentions_of(authors)
    contacts = contacts_of(network, told, authors)
    brands = Brand.objects.filter(Q(mentions__in=mentions) | Q(contacts__in=contacts)).distinct()
    return Found(authors.count(), [_kept(brand, mentions, contacts) for brand in brands])


def mentions_of(authors: QuerySet[Author]) -> QuerySet[Mention]:
    """In all brands, those that are hidden too."""
    return Mention.objects.filter(author__in=authors.order_by().values("pk")).order_by()


def contacts_of(network: str, told: Mapping[str, str], authors: QuerySet[Author]) -> QuerySet[Contact]:
    keys = {*hashes_of(network, told), *authors.values_list("key", flat=True)}
    return Contact.objects.filter(network=network, key__in=keys)


def _kept(brand: Brand, mentions: QuerySet[Mention], contacts: QuerySet[Contact]) -> Kept:
    mine = mentions.filter(brand=brand)
    cases = Case.objects.filter(mention__in=mine)
    told = mine.aggregate(n=Count("pk"), texts=Count("pk", filter=Q(text_gone_at=None)))
    return Kept(
        brand=brand.name,
        mentions=told["n"],
        texts=told["texts"],
        cases=cases.count(),
        notes=Note.objects.filter(case__in=cases).count(),
        replies=Reply.objects.filter(case__in=cases).count(),
        names_shown=Reveal.objects.filter(case__in=cases).count(),
        decisions=LineDecision.objects.filter(mention__in=mine).count(),
        contacts=contacts.filter(brand=brand).count(),
    )
