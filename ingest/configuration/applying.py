"""Apply a configuration: all of it or nothing, only what differs, and a list of what was done."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ingest.configuration.applying_cases import apply_cases, apply_line
from ingest.configuration.applying_webhooks import apply_webhooks
from ingest.configuration.change import Change, columns
from ingest.configuration.shape import BrandSpec, MemberSpec, Misconfigured, QuerySpec, SourceSpec, Spec
from ingest.sources import load
from listening.interest import Text, adopt, not_yet, text_of
from listening.models import AuditEntry, Brand, Handle, Interest, Membership, Query, Source, User
from listening.revise import begin, revise
from listening.secrets import Unreadable, seal, unseal


def apply(spec: Spec, now: datetime, prune: bool = False, dry_run: bool = False) -> list[Change]:
    """Make it so, in one transaction; the list is empty when nothing differed. Raises Misconfigured, nothing done.

    What the document doesn't name stays. With `prune`, queries, handles, members, rules and webhooks of a named brand
    go when a list of them is there and leaves them out. `dry_run` rolls everything back.
    """
    with transaction.atomic():
        changes = list(_all(spec, now, prune))
        if changes:
            _ring(spec, now)
        AuditEntry.objects.bulk_create(
            [AuditEntry(verb=f"configured: {c.verb}", target=c.target[:200], detail={"how": c.how}) for c in changes]
        )
        transaction.set_rollback(dry_run)
    return changes


def _all(spec: Spec, now: datetime, prune: bool) -> Iterator[Change]:
    for told in spec.brands:
        yield from _brand(told, now, prune)
    for told in spec.brands:
        yield from _rivals(told)
    for one in spec.sources:
        yield from _source(one, now)


def _ring(spec: Spec, now: datetime) -> None:
    """What changed takes effect with a pull at once."""
    named = Brand.objects.filter(slug__in=[told.slug for told in spec.brands])
    Source.objects.filter(brands__in=named, state=Source.State.ON, next_pull_at__gt=now).update(next_pull_at=now)


def _brand(told: BrandSpec, now: datetime, prune: bool) -> Iterator[Change]:
    brand = Brand.objects.filter(slug=told.slug).first()
    if brand is None:
        if "name" not in told.values:
            raise Misconfigured(told.path, "“name” is missing, and there is no such brand yet.")
        brand = Brand.objects.create(slug=told.slug, **told.values)
        yield Change("added", f"brand {told.slug}", "" if told.interest else not_yet(brand))
    else:
        yield from columns(brand, told.values, f"brand {told.slug}")
    yield from _handles(brand, told.handles or {}, prune)
    yield from _queries(brand, told.queries, prune)
    yield from _members(brand, told, prune)
    yield from _interest(brand, told.interest, now)
    yield from apply_cases(brand, told.cases, now, prune)
    yield from apply_line(brand, told.line)
    yield from apply_webhooks(brand, told.webhooks, now, prune)


def _interest(brand: Brand, told: Text | None, now: datetime) -> Iterator[Change]:
    """Whoever writes a record into the document adopts it; a new version where the words differ."""
    if told is None:
        return
    last = Interest.objects.of(brand)
    if last is None or not last.adopted or text_of(last) != told:
        version = adopt(brand, None, told, now).version
        yield Change("adopted", f"interest {brand.slug}", f"version {version}")


def _handles(brand: Brand, told: Mapping[str, Iterable[str]], prune: bool) -> Iterator[Change]:
    for network, handles in told.items():
        kept = set(brand.handles.filter(network=network).values_list("handle", flat=True))
        for handle in handles:
            if handle not in kept:
                Handle.objects.create(brand=brand, network=network, handle=handle)
                yield Change("added", f"handle {brand.slug}/{network}/{handle}")
        for handle in sorted(kept - set(handles)) if prune else ():
            brand.handles.filter(network=network, handle=handle).delete()
            yield Change("removed", f"handle {brand.slug}/{network}/{handle}")


def _queries(brand: Brand, told: Iterable[QuerySpec] | None, prune: bool) -> Iterator[Change]:
    if told is None:
        return
    for one in told:
        yield from _query(brand, one)
    for row in brand.queries.exclude(name__in=[one.name for one in told]) if prune else ():
        row.delete()
        yield Change("removed", f"query {brand.slug}/{row.name}")


def _query(brand: Brand, told: QuerySpec) -> Iterator[Change]:
    row = Query.objects.filter(brand=brand, name=told.name).first()
    target = f"query {brand.slug}/{told.name}"
    if row is None:
        begin(brand, told.name, told.text, None, **told.values)
        yield Change("added", target)
        return
    if revise(row, told.text, None):
        yield Change("changed", target, f"version {row.version}")
    yield from columns(row, told.values, target)


def _members(brand: Brand, told: BrandSpec, prune: bool) -> Iterator[Change]:
    if told.members is None:
        return
    admins = brand.memberships.filter(role=Membership.Role.ADMIN)
    had_admins = admins.exists()
    for one in told.members:
        yield from _member(brand, one)
    left_out = brand.memberships.exclude(user__email__in=[one.email for one in told.members])
    for row in left_out.select_related("user") if prune else ():
        row.delete()
        yield Change("removed", f"member {brand.slug}/{row.user.email}")
    if had_admins and not admins.all().exists():
        raise Misconfigured(f"{told.path}.members", "this would leave the brand without an admin. Name at least one.")


def _member(brand: Brand, told: MemberSpec) -> Iterator[Change]:
    user = User.objects.filter(email__iexact=told.email).first() or User.objects.create_user(told.email)
    row = Membership.objects.filter(brand=brand, user=user).first()
    target = f"member {brand.slug}/{told.email}"
    if row is None:
        Membership.objects.create(brand=brand, user=user, role=told.role)
        yield Change("added", target, told.role)
    else:
        yield from columns(row, {"role": told.role}, target)


def _rivals(told: BrandSpec) -> Iterator[Change]:
    if told.rivals is None:
        return
    brand = Brand.objects.get(slug=told.slug)
    found = _brands(told.rivals, f"{told.path}.rivals")
    if {one.pk for one in found} != set(brand.rivals.values_list("pk", flat=True)):
        brand.rivals.set(found)
        yield Change("changed", f"brand {told.slug}", f"rivals = {', '.join(told.rivals) or 'none'}")


def _brands(slugs: Iterable[str], path: str) -> list[Brand]:
    found = []
    for i, slug in enumerate(slugs):
        brand = Brand.objects.filter(slug=slug).first()
        if brand is None:
            raise Misconfigured(f"{path}[{i}]", f"there is no brand “{slug}”, neither here nor in the database.")
        found.append(brand)
    return found


def _source(told: SourceSpec, now: datetime) -> Iterator[Change]:
    row = Source.objects.filter(kind=told.kind, name=told.name).first()
    target = f"source {told.kind}/{told.name}"
    values = _source_values(told, row)
    if row is None:
        row = Source.objects.create(kind=told.kind, name=told.name, next_pull_at=now, **values)
        yield Change("added", target)
    else:
        yield from columns(row, values, target, show=False)
    if told.brands is not None:
        brands = _brands(told.brands, f"{told.path}.brands")
        if {one.pk for one in brands} != set(row.brands.values_list("pk", flat=True)):
            row.brands.set(brands)
            yield Change("changed", target, f"brands = {', '.join(told.brands) or 'none'}")


def _source_values(told: SourceSpec, row: Source | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if told.settings is not None:
        values["settings"] = dict(told.settings)
    if told.paused is not None:
        paused = row is not None and row.state == Source.State.PAUSED
        if told.paused != paused:
            values["state"] = Source.State.PAUSED if told.paused else Source.State.ON
    secrets = _secrets(told, _stored(row))
    if secrets != _stored(row):
        values["credentials"] = seal(secrets) if secrets else ""
    return values


def _secrets(told: SourceSpec, stored: Mapping[str, str]) -> dict[str, str]:
    """Stored secrets with those of the document on top; a variable that is not set keeps what is stored."""
    secrets = dict(stored)
    for name, value in (told.credentials or {}).items():
        if value:
            secrets[name] = value
        elif name not in stored:
            variable = told.variables[name]
            raise Misconfigured(f"{told.path}.credentials.{name}", f"the environment variable {variable} is not set.")
    for one in load(told.kind).fields:
        if one.type == "secret" and one.required and not secrets.get(one.name):
            raise Misconfigured(f"{told.path}.credentials", f'“{one.name}” is missing: write {{"env": "NAME"}}.')
    return secrets


def _stored(row: Source | None) -> dict[str, str]:
    try:
        return unseal(row.credentials) if row else {}
    except Unreadable:
        return {}
