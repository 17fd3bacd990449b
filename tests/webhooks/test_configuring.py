"""Configuration as code of webhooks: exact refusals, only what differs, and no secret where one could be read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest import announcing
from ingest.configuration import Misconfigured, apply, export, read
from listening.models import AuditEntry, Brand, Delivery, Webhook
from listening.webhooks.events import EVENTS
from listening.webhooks.signing import new_secret
from tests.builders import a_brand, a_case, a_mention, a_webhook

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DESK: dict[str, Any] = {
    "name": "Help desk",
    "url": "https://desk.example.org/a-token",
    "events": ["case.closed", "case.opened"],
    "secret": {"env": "DESK"},
}


def document(*webhooks: Any) -> dict[str, Any]:
    return {"brands": [{"slug": "acme", "name": "Acme", "webhooks": list(webhooks)}]}


def configure(*webhooks: Any, secret: str = "", **options: Any) -> list[str]:
    return [str(one) for one in apply(read(document(*webhooks), {"DESK": secret}), NOW, **options)]


@pytest.mark.parametrize(
    ("changed", "where", "says"),
    [
        ({"ulr": "https://x.example"}, ".ulr", "url"),
        ({"url": "http://desk.example.org/"}, ".url", "https://"),
        ({"url": "https://10.0.0.1/"}, ".url", "EARSHOT_ALLOW_PRIVATE"),
        ({"events": ["case.eaten"]}, ".events[0]", "case.opened"),
        ({"events": []}, ".events", "at least one"),
        ({"active": "yes"}, ".active", "true or false"),
        ({"secret": "whsec_abc"}, ".secret", "env"),
        ({"name": ""}, ".name", "must not be empty"),
        ({"name": "n" * 81}, ".name", "80"),
        ({"name": "desk\x00"}, ".name", "no table takes"),
    ],
)
def test_it_says_exactly_where_a_document_is_wrong(changed: dict[str, Any], where: str, says: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read(document(DESK | changed), {})
    assert caught.value.path == f"brands[0].webhooks[0]{where}"
    assert says in caught.value.sentence


def test_a_variable_that_holds_no_secret_is_refused_without_showing_it() -> None:
    with pytest.raises(Misconfigured, match="24 to 64 random bytes") as caught:
        read(document(DESK), {"DESK": "hunter2"})
    assert "hunter2" not in str(caught.value)


@pytest.mark.django_db
def test_a_webhook_is_made_with_the_secret_of_the_environment_and_a_second_time_changes_nothing() -> None:
    secret = new_secret()
    assert "added webhook acme/Help desk" in configure(DESK, secret=secret)
    made = Webhook.objects.get()
    assert (made.url, made.events) == (DESK["url"], ["case.opened", "case.closed"])
    assert announcing.secrets_of(made, NOW) == [secret]
    assert configure(DESK, secret=secret) == configure(DESK) == []


@pytest.mark.django_db
def test_without_a_secret_one_is_made_that_is_printed_nowhere() -> None:
    (told,) = [one for one in configure({k: v for k, v in DESK.items() if k != "secret"}) if "webhook" in one]
    assert "nobody has seen" in told
    (secret,) = announcing.secrets_of(Webhook.objects.get(), NOW)
    assert secret[6:] not in told and secret[6:] not in str(list(AuditEntry.objects.values()))


@pytest.mark.django_db
def test_what_a_new_one_needs_must_be_there() -> None:
    for missing in ("url", "events"):
        with pytest.raises(Misconfigured, match=f"“{missing}” is missing"):
            configure({k: v for k, v in DESK.items() if k != missing}, secret=new_secret())
    with pytest.raises(Misconfigured, match="variable DESK is not set"):
        configure(DESK)
    assert not Webhook.objects.exists()


@pytest.mark.django_db
def test_another_secret_signs_beside_the_former_and_another_address_starts_anew() -> None:
    first, second = new_secret(), new_secret()
    configure(DESK, secret=first)
    Webhook.objects.update(active=False, off_reason="It was gone.", failures=3, failing_since=NOW)
    told = configure(DESK | {"active": True, "url": "https://new.example.org/b-token"}, secret=second)
    assert told == ["changed webhook acme/Help desk: url, active", "changed webhook acme/Help desk: secret"]
    webhook = Webhook.objects.get()
    assert announcing.secrets_of(webhook, NOW) == [second, first]
    assert (webhook.active, webhook.off_reason, webhook.failures) == (True, "", 0)
    kept = str(list(AuditEntry.objects.values()))
    assert "token" not in kept and second[6:] not in kept


@pytest.mark.django_db
def test_only_prune_removes_what_the_list_leaves_out() -> None:
    configure(DESK, secret=new_secret())
    assert configure() == []
    assert configure(prune=True) == ["removed webhook acme/Help desk"]


@pytest.mark.django_db
def test_what_waits_for_one_that_is_switched_off_is_kept_as_failed() -> None:
    configure(DESK, secret=new_secret())
    a_case(a_mention(Brand.objects.get()))
    configure(DESK | {"active": False})
    assert Delivery.objects.get().state == "failed"


@pytest.mark.django_db
def test_what_is_exported_can_be_applied_and_holds_no_secret() -> None:
    webhook = a_webhook(a_brand("Acme", slug="acme"), name="Help desk")
    told = export()
    (only,) = told["brands"][0]["webhooks"]
    assert only["secret"] == {"env": "WEBHOOK_ACME_HELP_DESK_SECRET"} and only["events"] == list(EVENTS)
    assert webhook.secret not in str(told)
    assert apply(read(told, {}), NOW) == []
