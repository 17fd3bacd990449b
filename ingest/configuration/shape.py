"""The shape of a configuration as plain values; None means that the document doesn't say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Misconfigured(ValueError):
    """The document can't be applied: `path` is where ("brands[1].queries[0].text"), `sentence` what to do."""

    def __init__(self, path: str, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}" if path else sentence)
        self.path = path
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class QuerySpec:
    name: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemberSpec:
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class BrandSpec:
    """`values` holds the brand's plain columns that the document names."""

    path: str
    slug: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rivals: tuple[str, ...] | None = None
    handles: Mapping[str, tuple[str, ...]] | None = None
    queries: tuple[QuerySpec, ...] | None = None
    members: tuple[MemberSpec, ...] | None = None


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """`credentials` maps names to values from the environment, None where the variable is not set."""

    path: str
    kind: str
    name: str
    brands: tuple[str, ...] | None = None
    settings: Mapping[str, Any] | None = None
    credentials: Mapping[str, str | None] | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    paused: bool | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    brands: tuple[BrandSpec, ...] = ()
    sources: tuple[SourceSpec, ...] = ()
