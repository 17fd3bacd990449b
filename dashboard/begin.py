"""Begin: a new brand with its query and sources, ready for its first pull."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from django.db import transaction

from dashboard import bells
from dashboard.audit import note
from dashboard.forms.handles import accounts_of, keep_accounts
from dashboard.forms.start import Chosen, StartForm
from dashboard.slugs import free_slug
from listening.interest import adopt
from listening.models import Brand, Membership, Source, Subscription, User
from listening.revise import begin as begin_query

COLOURS = ("#2f6f8f", "#b5622b", "#4f7a3a", "#7a4f8f", "#a8435a", "#3f6fb5", "#8a7a2b", "#2b8a7a")


@transaction.atomic
def begin(form: StartForm, user: User, now: datetime) -> Brand:
    """Make what a valid form asks for, and ring for the first pulls after the commit."""
    values = {name: form.cleaned_data[name] for name in ("name", "kind", "time_zone")}
    brand = Brand.objects.create(slug=free_slug(values["name"]), colour=_colour(), **values)
    Membership.objects.create(brand=brand, user=user, role=Membership.Role.ADMIN)
    Subscription.objects.get_or_create(brand=brand, user=user)
    adopt(brand, user, form.interest, now)
    keep_accounts(brand, accounts_of(brand), form.accounts)
    begin_query(brand, "Main", form.cleaned_data["text"], user)
    sources = list(_sources(brand, form.chosen, now))
    for source in sources:
        bells.pull(source)
    note(user, "adopted legitimate interest", brand, brand.name, version=1)
    note(user, "added brand", brand, brand.name, sources=[source.kind for source in sources])
    return brand


def _sources(brand: Brand, chosen: Iterable[Chosen], now: datetime) -> Iterable[Source]:
    """A source that already asks a network the same way serves the new brand too: one stream is enough."""
    for one in chosen:
        source = _same(one) or _new(one, now)
        source.brands.add(brand)
        yield source


def _same(one: Chosen) -> Source | None:
    rows: Any = Source.objects.filter(kind=one.kind.kind, settings=one.settings, state=Source.State.ON)
    found: Source | None = rows.order_by("pk").first()
    return found


def _new(one: Chosen, now: datetime) -> Source:
    taken = set(Source.objects.filter(kind=one.kind.kind).values_list("name", flat=True))
    names = (one.kind.label if n == 1 else f"{one.kind.label} {n}" for n in count(1))
    name = next(name for name in names if name not in taken)
    return Source.objects.create(kind=one.kind.kind, name=name, settings=one.settings, next_pull_at=now)


def _colour() -> str:
    return COLOURS[Brand.objects.count() % len(COLOURS)]
