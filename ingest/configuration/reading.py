"""Read a configuration document: every value checked, nothing looked up in the database."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ingest.configuration.reading_cases import read_cases
from ingest.configuration.reading_interest import read_interest
from ingest.configuration.reading_line import read_line
from ingest.configuration.reading_sources import read_source
from ingest.configuration.reading_webhooks import read_webhooks
from ingest.configuration.shape import BrandSpec, MemberSpec, Misconfigured, QuerySpec, Spec
from ingest.configuration.values import (
    Readers,
    expect,
    filled,
    given,
    known,
    needed,
    once,
    one_of,
    read_columns,
    words,
    yes_or_no,
)
from ingest.enrich.sentiment import ENGINES
from listening.handles import NETWORKS, normal
from listening.models import Brand, Membership
from listening.query import QueryError, check_golden, parse

BRAND = ("slug", "name", "kind", "colour", "time_zone", "retention_days", "engine", "paused", "rivals", "handles",
         "queries", "members", "interest", "cases", "line", "webhooks")  # fmt: skip
QUERY = ("name", "text", "active", "must_match", "must_not_match")


def read(document: Any, environment: Mapping[str, str]) -> Spec:
    """The configuration that a decoded JSON document asks for. Raises Misconfigured.

    `environment` is where secrets written as {"env": "NAME"} come from.
    """
    top = expect(document, dict, "")
    known(top, ("version", "brands", "sources"), "")
    if top.get("version", 1) != 1:
        raise Misconfigured("version", "only version 1 is known. A newer Earshot may have written this document.")
    brands = [
        _brand(one, f"brands[{i}]", environment) for i, one in enumerate(expect(top.get("brands", []), list, "brands"))
    ]
    sources = [
        read_source(one, f"sources[{i}]", environment)
        for i, one in enumerate(expect(top.get("sources", []), list, "sources"))
    ]
    once([(brand.slug, f"{brand.path}.slug") for brand in brands])
    once([((source.kind, source.name), f"{source.path}.name") for source in sources])
    return Spec(tuple(brands), tuple(sources))


def _brand(told: Any, path: str, environment: Mapping[str, str]) -> BrandSpec:
    told = expect(told, dict, path)
    known(told, BRAND, path)
    slug = needed(told, "slug", path)
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?", slug):
        raise Misconfigured(f"{path}.slug", f"“{slug}” is not a slug: small letters, digits and hyphens, up to 60.")
    return BrandSpec(
        path=path,
        slug=slug,
        values=_columns(told, path),
        rivals=given(told, "rivals", path, words),
        handles=given(told, "handles", path, _handles),
        queries=given(told, "queries", path, _queries),
        members=given(told, "members", path, _members),
        interest=given(told, "interest", path, read_interest),
        cases=given(told, "cases", path, read_cases),
        line=given(told, "line", path, read_line),
        webhooks=given(told, "webhooks", path, lambda value, at: read_webhooks(value, at, environment)),
    )


def _columns(told: Mapping[str, Any], path: str) -> dict[str, Any]:
    readers: Readers = {
        "name": lambda value, at: filled(value, at, 120),
        "kind": lambda value, at: one_of(value, Brand.Kind.values, at),
        "colour": _colour,
        "time_zone": _zone,
        "retention_days": _days,
        "engine": lambda value, at: one_of(value, ["", *ENGINES], at),
        "paused": yes_or_no,
    }
    return read_columns(told, path, readers)


def _colour(value: Any, path: str) -> str:
    text = expect(value, str, path)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise Misconfigured(path, f"“{text}” is not a colour: write it like #2f6f8f.")
    return text


def _zone(value: Any, path: str) -> str:
    text = expect(value, str, path)
    if text not in available_timezones():
        raise Misconfigured(path, f"“{text}” is not a time zone: write one like Europe/Berlin.")
    return text


def _days(value: Any, path: str) -> int:
    days = expect(value, int, path)
    if not 1 <= days <= 3650:
        raise Misconfigured(path, "this must be between 1 and 3650 days.")
    return days


def _handles(value: Any, path: str) -> dict[str, tuple[str, ...]]:
    told = expect(value, dict, path)
    known(told, NETWORKS, path)
    return {network: _of_network(network, handles, f"{path}.{network}") for network, handles in told.items()}


def _of_network(network: str, value: Any, path: str) -> tuple[str, ...]:
    found = []
    for i, written in enumerate(words(value, path)):
        try:
            found.append(normal(network, written))
        except ValueError as error:
            raise Misconfigured(f"{path}[{i}]", str(error)) from error
    return tuple(dict.fromkeys(found))


def _queries(value: Any, path: str) -> tuple[QuerySpec, ...]:
    found = [_query(one, f"{path}[{i}]") for i, one in enumerate(expect(value, list, path))]
    once([(query.name, f"{path}[{i}].name") for i, query in enumerate(found)])
    return tuple(found)


def _query(value: Any, path: str) -> QuerySpec:
    told = expect(value, dict, path)
    known(told, QUERY, path)
    text = needed(told, "text", path)
    values: dict[str, Any] = {name: list(words(told[name], f"{path}.{name}")) for name in QUERY[3:] if name in told}
    if "active" in told:
        values["active"] = yes_or_no(told["active"], f"{path}.active")
    try:
        wrong = check_golden(parse(text), values.get("must_match", ()), values.get("must_not_match", ()))
    except QueryError as error:
        raise Misconfigured(f"{path}.text", f"{error.sentence} (at character {error.position + 1})") from error
    if wrong:
        raise Misconfigured(f"{path}.text", " ".join(broken.sentence for broken in wrong))
    return QuerySpec(needed({"name": "Main"} | told, "name", path, 120), text, values)


def _members(value: Any, path: str) -> tuple[MemberSpec, ...]:
    found = [_member(one, f"{path}[{i}]") for i, one in enumerate(expect(value, list, path))]
    once([(member.email, f"{path}[{i}].email") for i, member in enumerate(found)])
    return tuple(found)


def _member(value: Any, path: str) -> MemberSpec:
    told = expect(value, dict, path)
    known(told, ("email", "role"), path)
    email = needed(told, "email", path).lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Misconfigured(f"{path}.email", f"“{email}” is not an e-mail address.") from error
    return MemberSpec(email, one_of(needed(told, "role", path), Membership.Role.values, f"{path}.role"))
