"""Read what a document says about a brand's cases: priority, people, service level and rules."""

from typing import Any

from ingest.configuration.shape import CasesSpec, Misconfigured, RuleSpec
from ingest.configuration.values import (
    Readers,
    between,
    expect,
    given,
    known,
    needed,
    once,
    one_of,
    read_columns,
    up_to,
    words,
    yes_or_no,
)
from listening.models import Case, CaseRules
from listening.query import QueryError, parse
from listening.sensitive import sensitive

CASES = ("from_priority", "only_answerable", "assign", "reply_hours", "days", "start", "end", "voice", "rules")
RULE = ("name", "query", "kinds", "networks", "addressed_only", "assignee", "tags", "active")
MOST_TAGS = 20


def read_cases(value: Any, path: str) -> CasesSpec:
    """Raises Misconfigured."""
    told = expect(value, dict, path)
    known(told, CASES, path)
    values = read_columns(told, path, COLUMNS)
    if "start" in values and "end" in values and values["start"] >= values["end"]:
        raise Misconfigured(f"{path}.end", "the day ends before it begins: write a later hour.")
    return CasesSpec(path, values, given(told, "rules", path, _rules))


def _days(value: Any, path: str) -> list[int]:
    return sorted({between(one, 0, 6, f"{path}[{i}]") for i, one in enumerate(expect(value, list, path))})


COLUMNS: Readers = {
    "from_priority": lambda value, at: None if value is None else between(value, 0, 200, at),
    "only_answerable": yes_or_no,
    "assign": lambda value, at: one_of(value, CaseRules.Assign.values, at),
    "reply_hours": lambda value, at: between(value, 1, 720, at),
    "days": _days,
    "start": lambda value, at: between(value, 0, 23, at),
    "end": lambda value, at: between(value, 1, 24, at),
    "voice": lambda value, at: up_to(expect(value, str, at), 2000, at),
}


def _rules(value: Any, path: str) -> tuple[RuleSpec, ...]:
    found = [_rule(one, f"{path}[{i}]") for i, one in enumerate(expect(value, list, path))]
    once([(rule.name, f"{rule.path}.name") for rule in found])
    return tuple(found)


def _rule(value: Any, path: str) -> RuleSpec:
    told = expect(value, dict, path)
    known(told, RULE, path)
    name = needed(told, "name", path, 80)
    if refused := sensitive(name):
        raise Misconfigured(f"{path}.name", refused)
    return RuleSpec(
        path=path,
        name=name,
        values=read_columns(told, path, RULE_COLUMNS),
        gives="assignee" in told,
        assignee=None if told.get("assignee") is None else needed(told, "assignee", path).lower(),
    )


def _query(value: Any, path: str) -> str:
    text = expect(value, str, path).strip()
    try:
        if text:
            parse(text)
    except QueryError as error:
        raise Misconfigured(path, f"{error.sentence} (at character {error.position + 1})") from error
    return text


def _kinds(value: Any, path: str) -> list[str]:
    return [one_of(one, Case.Kind.values, f"{path}[{i}]") for i, one in enumerate(expect(value, list, path))]


def _tags(value: Any, path: str) -> list[str]:
    tags = list(dict.fromkeys(words(value, path)))
    if len(tags) > MOST_TAGS or any(not 0 < len(tag) <= 40 for tag in tags):
        raise Misconfigured(path, f"these are up to {MOST_TAGS} tags of 1 to 40 characters.")
    if refused := next(filter(None, map(sensitive, tags)), None):
        raise Misconfigured(path, refused)
    return tags


RULE_COLUMNS: Readers = {
    "query": _query,
    "kinds": _kinds,
    "networks": lambda value, at: list(words(value, at)),
    "addressed_only": yes_or_no,
    "tags": _tags,
    "active": yes_or_no,
}
