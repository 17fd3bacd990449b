"""Reading JSON values with their path, so that every refusal says exactly where."""

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from ingest.configuration.shape import Misconfigured

T = TypeVar("T")
Readers = Mapping[str, Callable[[Any, str], Any]]
"""By key: what makes a checked value of (value, path)."""
NAMES = {str: "text", bool: "true or false", int: "a whole number", list: "a list", dict: "an object"}


def expect(value: Any, kind: type[T], path: str) -> T:
    """The value, when it is of this JSON type."""
    right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if not right:
        raise Misconfigured(path, f"this must be {NAMES[kind]}, not {_shown(value)}.")
    if isinstance(value, str) and "\x00" in value:
        raise Misconfigured(path, "this holds the sign \\u0000, which no table takes. Take it out.")
    return value  # type: ignore[no-any-return]


def words(value: Any, path: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(expect(one, str, f"{path}[{i}]") for i, one in enumerate(expect(value, list, path)))


def known(told: Mapping[str, Any], names: Collection[str], path: str) -> None:
    """Refuse keys that nobody reads: a typing mistake must not be silence."""
    for name in told:
        if name not in names:
            near = get_close_matches(name, names, 1)
            hint = f"did you mean “{near[0]}”?" if near else f"known here: {', '.join(sorted(names))}."
            raise Misconfigured(join(path, name), f"this is not known; {hint}")


def needed(told: Mapping[str, Any], name: str, path: str, most: int | None = None) -> str:
    """A text that must be there and say something, in at most so many characters."""
    if name not in told:
        raise Misconfigured(path, f"“{name}” is missing.")
    return filled(told[name], join(path, name), most)


def filled(value: Any, path: str, most: int | None = None) -> str:
    """A text that says something, in at most so many characters."""
    text = expect(value, str, path).strip()
    if not text:
        raise Misconfigured(path, "this must not be empty.")
    return text if most is None else up_to(text, most, path)


def one_of(value: Any, allowed: Collection[str], path: str) -> str:
    text = expect(value, str, path)
    if text not in allowed:
        raise Misconfigured(path, f"“{text}” is not one of {', '.join(sorted(allowed))}.")
    return text


def between(value: Any, least: int, most: int, path: str) -> int:
    """A whole number within bounds, both included."""
    number = expect(value, int, path)
    if not least <= number <= most:
        raise Misconfigured(path, f"this must be between {least} and {most}.")
    return number


def up_to(text: str, most: int, path: str) -> str:
    """A text of at most so many characters."""
    if len(text) > most:
        raise Misconfigured(path, f"this must not be longer than {most:,} characters.")
    return text


def variable(value: Any, path: str) -> str:
    """The name of the environment variable that holds a secret."""
    if not isinstance(value, dict) or set(value) != {"env"}:
        raise Misconfigured(
            path, 'secrets don\'t belong into this file: write {"env": "NAME"} and set the variable NAME.'
        )
    return needed(value, "env", path)


def yes_or_no(value: Any, path: str) -> bool:
    return expect(value, bool, path)


def read_columns(told: Mapping[str, Any], path: str, readers: Readers) -> dict[str, Any]:
    """Those of these columns that the document names, each by its reader."""
    return {name: reader(told[name], join(path, name)) for name, reader in readers.items() if name in told}


def given(told: Mapping[str, Any], name: str, path: str, reader: Callable[[Any, str], T]) -> T | None:
    """What a reader makes of a key; None where the document doesn't have it."""
    return reader(told[name], join(path, name)) if name in told else None


def once(keys: list[tuple[Any, str]]) -> None:
    """Refuse the second of two equal keys; each comes with its path."""
    seen: dict[Any, str] = {}
    for key, path in keys:
        if key in seen:
            raise Misconfigured(path, f"this is there twice, also at {seen[key]}.")
        seen[key] = path


def join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
