"""Export: the configuration of this installation as a document that configure takes back; no secrets in it."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ingest.configuration.reading_cases import COLUMNS as COLUMNS_OF_CASES, RULE
from ingest.configuration.reading_sources import MADE_ELSEWHERE
from ingest.configuration.reading_webhooks import COLUMNS as COLUMNS_OF_WEBHOOKS
from ingest.sources import CATALOGUE
from listening.handles import NETWORKS
from listening.interest import text_of
from listening.models import Brand, CaseRule, CaseRules, Interest, Line, Query, Source, User, Webhook
from listening.secrets import Unreadable, unseal

COLUMNS = ("slug", "name", "kind", "colour", "time_zone", "retention_days", "engine", "paused")


def export() -> dict[str, Any]:
    """Every brand that is no sample, and every source that somebody set up."""
    brands = Brand.objects.filter(is_sample=False).order_by("slug")
    sources = Source.objects.filter(kind__in=CATALOGUE).exclude(kind__in=MADE_ELSEWHERE).order_by("kind", "name", "pk")
    return {
        "version": 1,
        "brands": [_brand(brand) for brand in brands],
        "sources": [_source(source) for source in sources],
    }


def _brand(brand: Brand) -> dict[str, Any]:
    handles: dict[str, list[str]] = {}
    for handle in brand.handles.filter(network__in=NETWORKS).order_by("network", "handle"):
        handles.setdefault(handle.network, []).append(handle.handle)
    members = brand.memberships.order_by("user__email").values_list("user__email", "role")
    return {
        **{name: getattr(brand, name) for name in COLUMNS},
        "rivals": list(brand.rivals.filter(is_sample=False).order_by("slug").values_list("slug", flat=True)),
        "handles": handles,
        "queries": [_query(query) for query in brand.queries.order_by("name")],
        "members": [{"email": email, "role": role} for email, role in members],
        **_interest(brand),
        **_cases(brand),
        "line": _line(brand),
        **_webhooks(brand),
    }


def _interest(brand: Brand) -> dict[str, Any]:
    """Nothing where nobody has adopted a record."""
    last = Interest.objects.of(brand)
    return {"interest": asdict(text_of(last))} if last and last.adopted else {}


def _cases(brand: Brand) -> dict[str, Any]:
    """Nothing where nobody decided anything about cases."""
    rules = CaseRules.objects.filter(brand=brand).first()
    if rules is None:
        return {}
    told = {name: getattr(rules, name) for name in COLUMNS_OF_CASES}
    people = dict(User.objects.working_for(brand.pk).values_list("pk", "email"))
    return {"cases": told | {"rules": [_rule(row, people) for row in brand.case_rule_set.order_by("name")]}}


def _rule(rule: CaseRule, people: Mapping[int, str]) -> dict[str, Any]:
    """Somebody who works for the brand no more is given nothing, and so is not named."""
    plain = {name: getattr(rule, name) for name in RULE if name != "assignee"}
    return plain | {"assignee": people.get(rule.assignee_id or 0)}


def _line(brand: Brand) -> dict[str, Any]:
    line = Line.objects.of(brand)
    return {"name": line.name} | line.read().as_json()


def _webhooks(brand: Brand) -> dict[str, Any]:
    """Nothing where there are none."""
    rows = [_webhook(brand, row) for row in brand.webhooks.order_by("name")]
    return {"webhooks": rows} if rows else {}


def _webhook(brand: Brand, row: Webhook) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("name", *COLUMNS_OF_WEBHOOKS)}
    return told | {"secret": {"env": _named("webhook", brand.slug, row.name, "secret")}}


def _query(query: Query) -> dict[str, Any]:
    return {name: getattr(query, name) for name in ("name", "text", "active", "must_match", "must_not_match")}


def _source(source: Source) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": source.kind,
        "name": source.name,
        "brands": list(source.brands.filter(is_sample=False).order_by("slug").values_list("slug", flat=True)),
        "settings": source.settings,
        "paused": source.state == Source.State.PAUSED,
    }
    variables = {name: {"env": _variable(source, name)} for name in _secret_names(source)}
    return told | ({"credentials": variables} if variables else {})


def _secret_names(source: Source) -> list[str]:
    try:
        return sorted(unseal(source.credentials))
    except Unreadable:
        return []


def _variable(source: Source, name: str) -> str:
    """A name to put the secret under where this document is used elsewhere: X_BEARER_TOKEN."""
    words = source.name if source.name.lower().startswith(source.kind) else f"{source.kind}_{source.name}"
    return _named(words, name)


def _named(*words: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", "_".join(words).upper()).strip("_")
