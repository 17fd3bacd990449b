"""Read one source of a configuration by the fields that its network declares."""

from collections.abc import Mapping
from typing import Any

from ingest.configuration.shape import Misconfigured, SourceSpec
from ingest.configuration.values import expect, given, known, needed, one_of, variable, words, yes_or_no
from ingest.sources import CATALOGUE, load
from ingest.sources.base import Field, Source as Kind

SOURCE = ("kind", "name", "brands", "settings", "credentials", "paused")
MADE_ELSEWHERE = ("file", "sample")
EVERY = Field("every_minutes", "Pull every (minutes)", "int")


def read_source(value: Any, path: str, environment: Mapping[str, str]) -> SourceSpec:
    """Raises Misconfigured."""
    told = expect(value, dict, path)
    known(told, SOURCE, path)
    kind = one_of(needed(told, "kind", path), [k for k in CATALOGUE if k not in MADE_ELSEWHERE], f"{path}.kind")
    network = load(kind)
    variables = given(told, "credentials", path, lambda v, at: _variables(network, v, at))
    return SourceSpec(
        path=path,
        kind=kind,
        name=needed({"name": network.label} | told, "name", path, 120),
        brands=given(told, "brands", path, words),
        settings=given(told, "settings", path, lambda v, at: _settings(network, v, at)),
        credentials=None if variables is None else {name: environment.get(var) for name, var in variables.items()},
        variables=variables or {},
        paused=given(told, "paused", path, yes_or_no),
    )


def plain_fields(network: type[Kind]) -> dict[str, Field]:
    """The network's settings by name, secrets left out."""
    own = {one.name: one for one in network.fields if one.type != "secret"}
    return own if network.stream else {EVERY.name: EVERY, **own}


def secret_names(network: type[Kind]) -> list[str]:
    return [one.name for one in network.fields if one.type == "secret"]


def _settings(network: type[Kind], value: Any, path: str) -> dict[str, Any]:
    told = expect(value, dict, path)
    fields = plain_fields(network)
    for name in set(told) & set(secret_names(network)):
        raise Misconfigured(f"{path}.{name}", 'this is a secret: write it under "credentials" as {"env": "NAME"}.')
    known(told, fields, path)
    for one in fields.values():
        if one.required and one.default is None and told.get(one.name) in (None, "", []):
            raise Misconfigured(path, f"{network.label} needs “{one.name}”: {one.label}.")
    return {name: _setting(fields[name], one, f"{path}.{name}") for name, one in told.items() if one is not None}


def _setting(one: Field, value: Any, path: str) -> Any:
    right = _typed(one, value, path)
    try:
        if one.check and right not in ("", []):
            one.check(right)
    except ValueError as error:
        raise Misconfigured(path, str(error)) from error
    return right


def _typed(one: Field, value: Any, path: str) -> Any:
    if one.type == "list":
        return list(words(value, path))
    if one.type == "int":
        number = expect(value, int, path)
        if number < 0:
            raise Misconfigured(path, "this must not be negative.")
        return number
    if one.type == "bool":
        return expect(value, bool, path)
    if one.type == "choice":
        return one_of(value, [name for name, _ in one.choices], path)
    return expect(value, str, path)


def _variables(network: type[Kind], value: Any, path: str) -> dict[str, str]:
    """{credential: name of the environment variable that holds it}"""
    told = expect(value, dict, path)
    known(told, secret_names(network), path)
    return {name: variable(one, f"{path}.{name}") for name, one in told.items()}
