"""Read what a document says about a brand's webhooks; their secrets come from the environment."""

from collections.abc import Mapping
from typing import Any

from ingest.configuration.shape import Misconfigured, WebhookSpec
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
    variable,
    yes_or_no,
)
from listening.addresses import ForbiddenAddress
from listening.webhooks.address import check_address
from listening.webhooks.events import EVENTS
from listening.webhooks.signing import NoSecret, key_of

WEBHOOK = ("name", "url", "events", "active", "secret")


def read_webhooks(value: Any, path: str, environment: Mapping[str, str]) -> tuple[WebhookSpec, ...]:
    """Raises Misconfigured."""
    found = [_webhook(one, f"{path}[{i}]", environment) for i, one in enumerate(expect(value, list, path))]
    once([(one.name, f"{one.path}.name") for one in found])
    return tuple(found)


def _webhook(value: Any, path: str, environment: Mapping[str, str]) -> WebhookSpec:
    told = expect(value, dict, path)
    known(told, WEBHOOK, path)
    name = needed(told, "name", path, 80)
    named = given(told, "secret", path, variable) or ""
    secret = _secret(environment.get(named, ""), f"{path}.secret")
    return WebhookSpec(path, name, read_columns(told, path, COLUMNS), named, secret)


def _url(value: Any, path: str) -> str:
    text = filled(value, path, 2000)
    try:
        check_address(text)
    except ForbiddenAddress as error:
        raise Misconfigured(path, error.sentence) from error
    return text


def _events(value: Any, path: str) -> list[str]:
    told = [one_of(one, EVENTS, f"{path}[{i}]") for i, one in enumerate(expect(value, list, path))]
    if not told:
        raise Misconfigured(path, "this must name at least one event.")
    return [kind for kind in EVENTS if kind in told]


def _secret(text: str, path: str) -> str:
    try:
        if text:
            key_of(text)
    except NoSecret as error:
        raise Misconfigured(path, str(error)) from error
    return text


COLUMNS: Readers = {"url": _url, "events": _events, "active": yes_or_no}
