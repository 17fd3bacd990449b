"""Read what a document says about a brand's line: the values of listening.line.Policy."""

from typing import Any

from ingest.configuration.shape import LineSpec, Misconfigured
from ingest.configuration.values import Readers, between, expect, known, needed, one_of, read_columns, words, yes_or_no
from listening.line import Topic, Unfit
from listening.line.policy import KINDS, MOST_DAYS, SECOND_PERSON, WHO, check_topic
from listening.line.terms import TERMS


def read_line(value: Any, path: str) -> LineSpec:
    """Raises Misconfigured."""
    told = expect(value, dict, path)
    known(told, ("name", *READERS), path)
    name = needed(told, "name", path, 80) if "name" in told else None
    return LineSpec(path, name, read_columns(told, path, READERS))


def _networks(value: Any, path: str) -> list[str]:
    return [one_of(one, TERMS, f"{path}[{i}]") for i, one in enumerate(words(value, path))]


def _kinds(value: Any, path: str) -> list[str]:
    return [one_of(one, KINDS, f"{path}[{i}]") for i, one in enumerate(words(value, path))]


def _topics(value: Any, path: str) -> list[dict[str, str]]:
    return [_topic(one, f"{path}[{i}]") for i, one in enumerate(expect(value, list, path))]


def _topic(value: Any, path: str) -> dict[str, str]:
    told = expect(value, dict, path)
    known(told, ("name", "query"), path)
    topic = Topic(needed(told, "name", path), needed(told, "query", path))
    try:
        check_topic(topic)
    except Unfit as error:
        raise Misconfigured(f"{path}.query", str(error)) from error
    return {"name": topic.name, "query": topic.query}


def _hours(value: Any, path: str) -> dict[str, Any] | None:
    if value is None:
        return None
    told = {"days": [0, 1, 2, 3, 4]} | expect(value, dict, path)
    known(told, ("start", "end", "days"), path)
    for name in ("start", "end"):
        if name not in told:
            raise Misconfigured(path, f"“{name}” is missing.")
    days = [between(one, 0, 6, f"{path}.days[{i}]") for i, one in enumerate(expect(told["days"], list, f"{path}.days"))]
    return {
        "start": between(told["start"], 0, 23, f"{path}.start"),
        "end": between(told["end"], 1, 24, f"{path}.end"),
        "days": days,
    }


def _count(value: Any, path: str) -> int:
    return between(value, 0, MOST_DAYS, path)


READERS: Readers = {
    "who": lambda value, at: one_of(value, WHO, at),
    "networks": _networks,
    "kinds": _kinds,
    "languages": lambda value, at: list(words(value, at)),
    "second_person": lambda value, at: one_of(value, SECOND_PERSON, at),
    "topics": _topics,
    "hours": _hours,
    "repeat_days": _count,
    "account_days": _count,
    "disclose": yes_or_no,
    "disclosure": lambda value, at: expect(value, str, at),
    "no_private_data": yes_or_no,
}
