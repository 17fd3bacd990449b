"""The shape of a configuration as plain values; None means that the document doesn't say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from listening.interest import Text


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
class RuleSpec:
    """`gives`: the document says whom the cases go to; `assignee` is an address, None for the brand's way."""

    path: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    gives: bool = False
    assignee: str | None = None


@dataclass(frozen=True, slots=True)
class CasesSpec:
    """`values` holds the plain columns of CaseRules that the document names."""

    path: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rules: tuple[RuleSpec, ...] | None = None


@dataclass(frozen=True, slots=True)
class LineSpec:
    """`values` in the JSON form of listening.line.Policy."""

    path: str
    name: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WebhookSpec:
    """`values` holds the plain columns that the document names; `secret` is "" where its variable is not set."""

    path: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    variable: str = ""
    secret: str = field(default="", repr=False)


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
    interest: Text | None = None
    cases: CasesSpec | None = None
    line: LineSpec | None = None
    webhooks: tuple[WebhookSpec, ...] | None = None


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
