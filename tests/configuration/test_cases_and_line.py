"""Configuration as code of a brand's cases and line: exact refusals, only what differs, and back into a document."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.configuration import Misconfigured, apply, export, read
from listening.models import Brand, CaseRule, CaseRules, Line, User
from tests.builders import a_brand, a_member

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASES: dict[str, Any] = {
    "from_priority": 50,
    "assign": "in_turn",
    "reply_hours": 4,
    "days": [4, 0],
    "start": 8,
    "end": 20,
    "voice": "Say du.",
    "rules": [
        {
            "name": "Refunds",
            "query": "refund",
            "kinds": ["complaint"],
            "tags": ["money"],
            "assignee": "Ann@example.org",
        },
        {"name": "All of Bluesky", "networks": ["bluesky"], "addressed_only": False},
    ],
}
LINE: dict[str, Any] = {
    "who": "complaints",
    "hours": {"start": 9, "end": 17},
    "topics": [{"name": "Death", "query": "died"}],
}


def document(cases: Any = None, line: Any = None) -> dict[str, Any]:
    told: dict[str, Any] = {"slug": "acme", "name": "Acme", "members": [{"email": "ann@example.org", "role": "admin"}]}
    told |= {} if cases is None else {"cases": cases}
    return {"brands": [told | ({} if line is None else {"line": line})]}


def configure(cases: Any = None, line: Any = None, **options: Any) -> list[str]:
    return [str(one) for one in apply(read(document(cases, line), {}), NOW, **options)]


@pytest.mark.parametrize(
    ("cases", "where", "says"),
    [
        ({"from_prority": 5}, ".from_prority", "from_priority"),
        ({"from_priority": 201}, ".from_priority", "between 0 and 200"),
        ({"assign": "dice"}, ".assign", "by_load"),
        ({"reply_hours": 0}, ".reply_hours", "between 1 and 720"),
        ({"reply_hours": "8"}, ".reply_hours", "whole number"),
        ({"days": [7]}, ".days[0]", "between 0 and 6"),
        ({"start": 17, "end": 9}, ".end", "later hour"),
        ({"voice": "x" * 2001}, ".voice", "2,000"),
        ({"rules": [{"query": "a"}]}, ".rules[0]", "“name” is missing"),
        ({"rules": [{"name": "A", "query": "(a"}]}, ".rules[0].query", "at character"),
        ({"rules": [{"name": "A", "kinds": ["rant"]}]}, ".rules[0].kinds[0]", "praise"),
        ({"rules": [{"name": "A", "tags": [""]}]}, ".rules[0].tags", "1 to 40"),
        ({"rules": [{"name": "A"}, {"name": "A"}]}, ".rules[1].name", "twice"),
    ],
)
def test_it_says_where_cases_are_wrong(cases: Any, where: str, says: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read(document(cases), {})
    assert caught.value.path == f"brands[0].cases{where}" and says in caught.value.sentence


@pytest.mark.parametrize(
    ("line", "where", "says"),
    [
        ({"whom": "all"}, ".whom", "who"),
        ({"who": "all"}, ".who", "spoken_to"),
        ({"networks": ["myspace"]}, ".networks[0]", "bluesky"),
        ({"kinds": ["rant"]}, ".kinds[0]", "question"),
        ({"repeat_days": -1}, ".repeat_days", "between 0"),
        ({"hours": {"start": 9}}, ".hours", "“end” is missing"),
        ({"hours": {"start": 9, "end": 25}}, ".hours.end", "between 1 and 24"),
        ({"topics": [{"name": "Death", "query": "(died"}]}, ".topics[0].query", "Death"),
        ({"disclose": "yes"}, ".disclose", "true or false"),
        ({"name": "n" * 81}, ".name", "80 characters"),
    ],
)
def test_it_says_where_a_line_is_wrong(line: Any, where: str, says: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read(document(line=line), {})
    assert caught.value.path == f"brands[0].line{where}" and says in caught.value.sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cases", "line", "where"),
    [
        ({"rules": [{"name": "A", "assignee": "bob@example.org"}]}, None, "brands[0].cases.rules[0].assignee"),
        ({"start": 18}, None, "brands[0].cases"),
        (None, {"hours": {"start": 17, "end": 9}}, "brands[0].line"),
    ],
)
def test_it_does_all_or_nothing(cases: Any, line: Any, where: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        configure(cases, line)
    assert caught.value.path == where and not Brand.objects.exists()


@pytest.mark.django_db
def test_it_makes_cases_and_line_as_told_and_nothing_the_second_time() -> None:
    assert configure(CASES, LINE, dry_run=True) and not Brand.objects.exists()
    said = configure(CASES, LINE)
    rules, ann = CaseRules.objects.get(), User.objects.get(email="ann@example.org")
    assert (rules.from_priority, rules.assign, rules.days, rules.start, rules.end) == (50, "in_turn", [0, 4], 8, 20)
    assert (rules.seen_until, rules.set_at, rules.voice) == (NOW, NOW, "Say du.")
    refunds = CaseRule.objects.get(name="Refunds")
    assert (refunds.assignee, refunds.kinds, refunds.tags, refunds.active) == (ann, ["complaint"], ["money"], True)
    assert CaseRule.objects.get(name="All of Bluesky").addressed_only is False
    line = Line.objects.of(rules.brand)
    policy = line.read()
    assert (line.version, line.name, policy.who, policy.repeat_days) == (2, "Answer complaints", "complaints", 30)
    assert policy.hours is not None and policy.hours.days == (0, 1, 2, 3, 4)
    assert any(one.startswith("changed line acme: version 2, “Answer complaints”.") for one in said)
    assert configure(CASES, LINE) == []
    assert Line.objects.count() == 2


@pytest.mark.django_db
def test_what_is_not_named_stays_and_pruning_takes_what_the_list_leaves_out() -> None:
    configure(CASES, LINE)
    assert configure() == configure({}, {}) == []
    assert configure({"reply_hours": 2, "rules": []}) == ["changed cases acme: reply_hours = 2"]
    assert configure({"rules": [{"name": "Refunds", "active": False}]}, prune=True) == [
        "changed rule acme/Refunds: active = False",
        "removed rule acme/All of Bluesky",
    ]
    assert CaseRule.objects.get().assignee is not None
    assert len(configure({"rules": [{"name": "Refunds", "assignee": None}]})) == 1
    assert CaseRule.objects.get().assignee is None
    assert configure(line={"name": "Ours"}) == ["changed line acme: version 3, “Ours”."]


@pytest.mark.django_db
def test_it_writes_back_what_it_read() -> None:
    configure(CASES, LINE)
    written = json.loads(json.dumps(export()))
    assert apply(read(written, {}), NOW, prune=True) == []
    Brand.objects.all().delete()
    apply(read(written, {}), NOW)
    assert json.loads(json.dumps(export())) == written


@pytest.mark.django_db
def test_somebody_who_left_is_not_written_down() -> None:
    brand = a_brand()
    CaseRules.objects.create(brand=brand)
    CaseRule.objects.create(brand=brand, name="A", assignee=a_member(a_brand()))
    written = next(one for one in export()["brands"] if one["slug"] == brand.slug)
    assert written["cases"]["rules"][0]["assignee"] is None
