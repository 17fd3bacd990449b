"""Lexicons: whether a JSON value is what atproto's own schema says, as far as loopback servers need to know."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "record": dict,
}


class Lexicons:
    """Schemas of a folder of lexicon files, by NSID."""

    def __init__(self, folder: Path) -> None:
        read = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))
        self._known = {lexicon["id"]: lexicon["defs"] for lexicon in read}

    def faults(self, reference: str, value: Any) -> list[str]:
        """What is wrong with `value` as `nsid#name`; references to lexicons that are not here are not followed."""
        nsid, _, name = reference.partition("#")
        schema = self._known.get(nsid, {}).get(name or "main")
        return list(self._check(schema, value, nsid, reference)) if schema else []

    def _check(self, schema: Any, value: Any, nsid: str, where: str) -> Iterator[str]:
        kind = schema["type"]
        if kind == "ref":
            target = schema["ref"]
            yield from self.faults(nsid + target if target.startswith("#") else target, value)
            return
        if kind in _TYPES and (not isinstance(value, _TYPES[kind]) or (kind == "integer" and value is True)):
            yield f"{where}: {value!r} is no {kind}"
            return
        if kind == "array":
            for inner in value:
                yield from self._check(schema["items"], inner, nsid, f"{where}[]")
        if kind in ("object", "record"):
            yield from self._check_object(schema.get("record", schema), value, nsid, where)

    def _check_object(self, schema: Any, value: Any, nsid: str, where: str) -> Iterator[str]:
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{where}: {name} is missing"
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                yield from self._check(inner, value[name], nsid, f"{where}.{name}")
