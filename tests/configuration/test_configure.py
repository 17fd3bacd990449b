"""Configuration as code: exact refusals, all or nothing, nothing twice, and back into a document."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ingest.configuration import Misconfigured, apply, export, read
from listening.interest import may_collect
from listening.models import AuditEntry, Brand, Interest, Membership, Query, QueryVersion, Source
from listening.secrets import unseal
from tests.builders import a_brand

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WHOLE: dict[str, Any] = {
    "version": 1,
    "brands": [
        {
            "slug": "acme",
            "name": "Acme",
            "colour": "#aa3311",
            "time_zone": "Europe/Berlin",
            "retention_days": 90,
            "engine": "vader",
            "rivals": ["zenith"],
            "handles": {"bluesky": ["@Acme.com"], "mastodon": ["https://mastodon.social/@acme"]},
            "queries": [{"name": "Main", "text": '"Acme Motors" OR {ACME}', "must_match": ["I love acme motors"]}],
            "members": [{"email": "Ann@example.org", "role": "admin"}],
        },
        {"slug": "zenith", "name": "Zenith", "kind": "competitor", "queries": [{"text": "zenith"}]},
    ],
    "sources": [
        {
            "kind": "x",
            "name": "Our app",
            "brands": ["acme"],
            "settings": {"use_case": "Customer care", "monthly_posts": 5000},
            "credentials": {"bearer_token": {"env": "X_TOKEN"}},
        },
        {"kind": "hackernews", "name": "Hacker News", "brands": ["acme", "zenith"]},
    ],
}
SECRETS = {"X_TOKEN": "s3cret-bearer"}


def with_(path: list[Any], value: Any) -> dict[str, Any]:
    """The whole document with one value changed."""
    document: dict[str, Any] = json.loads(json.dumps(WHOLE))
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "where", "says"),
    [
        (["brands", 1, "queries", 0, "text"], "(zenith OR", "brands[1].queries[0].text", "at character"),
        (["brands", 0, "queries", 0, "must_match"], ["about zenith"], "brands[0].queries[0].text", "must match"),
        (["brands", 0, "colur"], "#ffffff", "brands[0].colur", "colour"),
        (["brands", 0, "colour"], "red", "brands[0].colour", "#2f6f8f"),
        (["brands", 0, "time_zone"], "Berlin", "brands[0].time_zone", "Europe/Berlin"),
        (["brands", 0, "retention_days"], "90", "brands[0].retention_days", "whole number"),
        (["brands", 0, "retention_days"], True, "brands[0].retention_days", "whole number"),
        (["brands", 0, "engine"], "crystal ball", "brands[0].engine", "vader"),
        (["brands", 0, "slug"], "Acme!", "brands[0].slug", "small letters"),
        (["brands", 1, "slug"], "acme", "brands[1].slug", "brands[0].slug"),
        (["brands", 0, "handles", "x"], ["no/handle"], "brands[0].handles.x[0]", "X handle"),
        (["brands", 0, "handles", "myspace"], ["tom"], "brands[0].handles.myspace", "not known"),
        (["brands", 0, "members", 0, "role"], "boss", "brands[0].members[0].role", "admin"),
        (["brands", 0, "members", 0, "email"], "ann", "brands[0].members[0].email", "not an e-mail"),
        (["brands", 0, "interest"], {"purpose": "To learn."}, "brands[0].interest", "necessity"),
        (["brands", 0, "cases"], {"rules": [{"name": "Cancer patients"}]}, "brands[0].cases.rules[0].name", "health"),
        (["sources", 0, "kind"], "myspace", "sources[0].kind", "bluesky"),
        (["sources", 0, "settings", "monthly_posts"], "many", "sources[0].settings.monthly_posts", "whole number"),
        (["sources", 0, "settings", "use_case"], "", "sources[0].settings", "use_case"),
        (["sources", 0, "settings", "bearer_token"], "abc", "sources[0].settings.bearer_token", "secret"),
        (["sources", 0, "credentials", "bearer_token"], "abc", "sources[0].credentials.bearer_token", "env"),
        (["version"], 2, "version", "newer"),
        (["brands"], {}, "brands", "a list"),
    ],
)
def test_it_says_exactly_where_a_document_is_wrong(path: list[Any], value: Any, where: str, says: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read(with_(path, value), SECRETS)
    assert caught.value.path == where
    assert says in caught.value.sentence


@pytest.mark.django_db
def test_it_makes_everything_that_the_document_names() -> None:
    apply(read(WHOLE, SECRETS), NOW)
    acme = Brand.objects.get(slug="acme")
    assert (acme.name, acme.time_zone, acme.retention_days) == ("Acme", "Europe/Berlin", 90)
    assert acme.engine == "vader"
    assert [one.slug for one in acme.rivals.all()] == ["zenith"]
    assert set(acme.handles.values_list("network", "handle")) == {
        ("bluesky", "acme.com"),
        ("mastodon", "acme@mastodon.social"),
    }
    assert acme.queries.get().text == '"Acme Motors" OR {ACME}'
    assert Membership.objects.get(brand=acme).user.email == "ann@example.org"
    app = Source.objects.get(kind="x")
    assert unseal(app.credentials) == {"bearer_token": "s3cret-bearer"}
    assert app.settings == {"use_case": "Customer care", "monthly_posts": 5000}
    assert set(Source.objects.get(kind="hackernews").brands.values_list("slug", flat=True)) == {"acme", "zenith"}


@pytest.mark.django_db
def test_it_changes_nothing_the_second_time() -> None:
    apply(read(WHOLE, SECRETS), NOW)
    entries = AuditEntry.objects.count()
    assert apply(read(WHOLE, SECRETS), NOW) == []
    assert AuditEntry.objects.count() == entries


@pytest.mark.django_db
def test_it_does_nothing_on_a_dry_run_but_says_the_same() -> None:
    said = apply(read(WHOLE, SECRETS), NOW, dry_run=True)
    assert not Brand.objects.exists() and not AuditEntry.objects.exists()
    assert said == apply(read(WHOLE, SECRETS), NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["sources", 1, "brands"], ["acme", "nobody"], "sources[1].brands[1]"),
        (["brands", 0, "rivals"], ["nobody"], "brands[0].rivals[0]"),
        (["sources", 0, "credentials", "bearer_token"], {"env": "NOT_SET"}, "sources[0].credentials.bearer_token"),
    ],
)
def test_it_does_all_or_nothing(path: list[Any], value: Any, where: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        apply(read(with_(path, value), SECRETS), NOW)
    assert caught.value.path == where
    assert not Brand.objects.exists() and not Source.objects.exists()


@pytest.mark.django_db
def test_it_keeps_the_former_text_of_a_query() -> None:
    apply(read(WHOLE, SECRETS), NOW)
    changes = apply(read(with_(["brands", 1, "queries", 0, "text"], "zenith NOT watch"), SECRETS), NOW)
    query = Query.objects.get(brand__slug="zenith")
    assert [str(change) for change in changes] == ["changed query zenith/Main: version 2"]
    assert (query.version, query.text) == (2, "zenith NOT watch")
    assert list(QueryVersion.objects.filter(query=query).values_list("text", flat=True)) == [
        "zenith NOT watch",
        "zenith",
    ]


@pytest.mark.django_db
def test_it_leaves_alone_what_the_document_does_not_name_unless_it_is_told_to_prune() -> None:
    other = a_brand("Other")
    apply(read(WHOLE, SECRETS), NOW)
    shorter = with_(["brands", 0, "handles"], {"bluesky": [], "mastodon": ["acme@mastodon.social"]})
    assert apply(read(shorter, SECRETS), NOW) == []
    assert [str(one) for one in apply(read(shorter, SECRETS), NOW, prune=True)] == [
        "removed handle acme/bluesky/acme.com"
    ]
    assert Brand.objects.filter(pk=other.pk).exists()


@pytest.mark.django_db
def test_it_refuses_to_take_the_last_admin_away() -> None:
    apply(read(WHOLE, SECRETS), NOW)
    with pytest.raises(Misconfigured, match="without an admin"):
        apply(read(with_(["brands", 0, "members", 0, "role"], "manager"), SECRETS), NOW)
    assert Membership.objects.get(brand__slug="acme").role == "admin"


@pytest.mark.django_db
def test_it_writes_back_what_it_read_and_no_secret() -> None:
    apply(read(WHOLE, SECRETS), NOW)
    document = json.loads(json.dumps(export()))
    assert "s3cret-bearer" not in json.dumps(document)
    assert document["sources"][1]["credentials"] == {"bearer_token": {"env": "X_OUR_APP_BEARER_TOKEN"}}
    assert apply(read(document, {}), NOW, prune=True) == []
    Brand.objects.all().delete()
    Source.objects.all().delete()
    apply(read(document, {"X_OUR_APP_BEARER_TOKEN": "s3cret-bearer"}), NOW)
    assert json.loads(json.dumps(export())) == document


@pytest.mark.django_db
def test_it_lets_the_sources_of_changed_brands_pull_at_once() -> None:
    apply(read(WHOLE, SECRETS), NOW)
    Source.objects.update(next_pull_at=datetime(2027, 1, 1, tzinfo=UTC))
    apply(read(with_(["brands", 1, "queries", 0, "text"], "zenith2"), SECRETS), NOW)
    assert Source.objects.get(kind="hackernews").next_pull_at == NOW


WHY = {"purpose": "To learn.", "necessity": "Nothing less does.", "balancing": "Whoever objects is left alone."}


@pytest.mark.django_db
def test_whoever_writes_why_into_the_document_adopts_it() -> None:
    added = [one.how for one in apply(read(WHOLE, SECRETS), NOW) if one.target == "brand acme"]
    assert "nobody has adopted" in added[0]
    assert not may_collect(Brand.objects.get(slug="acme"))
    document = with_(["brands", 0, "interest"], WHY)
    assert [str(one) for one in apply(read(document, SECRETS), NOW)] == ["adopted interest acme: version 1"]
    assert may_collect(Brand.objects.get(slug="acme"))
    assert apply(read(document, SECRETS), NOW) == []
    assert export()["brands"][0]["interest"] == WHY
    apply(read(with_(["brands", 0, "interest"], WHY | {"purpose": "To answer."}), SECRETS), NOW)
    assert Interest.objects.of(Brand.objects.get(slug="acme")).version == 2  # type: ignore[union-attr]


@pytest.mark.django_db
def test_the_commands_say_what_they_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "earshot.json"
    file.write_text(json.dumps({"brands": WHOLE["brands"][1:]}))
    call_command("configure", str(file), "--dry-run")
    assert "would have added brand zenith" in capsys.readouterr().out
    call_command("configure", str(file))
    assert "added query zenith/Main" in capsys.readouterr().out
    call_command("configure", str(file))
    assert capsys.readouterr().out == "nothing to change\n"
    call_command("export_config")
    assert json.loads(capsys.readouterr().out)["brands"][0]["slug"] == "zenith"
    file.write_text("{")
    with pytest.raises(CommandError, match="is not JSON"):
        call_command("configure", str(file))
