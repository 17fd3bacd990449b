"""Policy: where one brand draws its line, as plain values that are kept as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self

from listening.line.topics import DEFAULT_TOPICS
from listening.query import QueryError, parse

Who = Literal["nobody", "spoken_to", "complaints"]
SecondPerson = Literal["never", "overheard", "always"]
WHO: tuple[Who, ...] = ("nobody", "spoken_to", "complaints")
SECOND_PERSON: tuple[SecondPerson, ...] = ("never", "overheard", "always")
KINDS = ("complaint", "question", "praise", "other")
MOST_TOPICS = 20
MOST_DAYS = 3650


class Unfit(ValueError):
    """A value that no policy may have; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that is not a company's business: a name and a query in the query language."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When the brand answers, in its time zone: from `start` o'clock to before `end`, on `days` (0 = Monday)."""

    start: int
    end: int
    days: tuple[int, ...] = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of a brand's line. Empty `networks`, `kinds` or `languages` mean all of them.

    `kinds`            of KINDS. A question is praise or another mention too, so whoever chose these chose it as well
    `who`              "spoken_to": who spoke to the brand; "complaints": also who complains of it in public; "nobody"
    `second_person`    whose answers a second person must approve: nobody's, those to overheard people, all
    `topics`           quiet topics: who spoke to the brand about one is answered with a second person, others never
    `hours`            outside of them a second person must approve; None = at any time
    `repeat_days`      the same person once in so many days, unless they write again; 0 = as often as wanted
    `account_days`     accounts younger than this are left alone, those of unknown age need a second person; 0 = any
    `disclose`         each answer names the brand, or holds the words of `disclosure`
    `no_private_data`  an answer in public never asks for private data
    `version`          the number of the stored version, 0 for a policy that is not stored
    """

    who: Who = "spoken_to"
    networks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    second_person: SecondPerson = "overheard"
    topics: tuple[Topic, ...] = tuple(Topic(*one) for one in DEFAULT_TOPICS)
    hours: Hours | None = None
    repeat_days: int = 30
    account_days: int = 0
    disclose: bool = True
    disclosure: str = ""
    no_private_data: bool = True
    version: int = field(default=0, compare=False)

    @classmethod
    def read(cls, told: Mapping[str, Any], version: int = 0) -> Self:
        """From its JSON form. Raises Unfit; what is not told has its default."""
        known = {one.name for one in fields(cls)} - {"version"}
        if unknown := sorted(set(told) - known):
            raise Unfit(f"A policy has no “{unknown[0]}”.")
        values = dict(told)
        for name in ("networks", "kinds", "languages"):
            values[name] = tuple(values.get(name, ()))
        if "topics" in values:
            values["topics"] = tuple(Topic(**topic) for topic in values["topics"])
        if values.get("hours"):
            values["hours"] = Hours(**values["hours"] | {"days": tuple(values["hours"]["days"])})
        policy = cls(**values, version=version)
        check(policy)
        return policy

    def as_json(self) -> dict[str, Any]:
        """What `read` reads, every value written out, so that a stored version never changes its meaning."""
        hours = self.hours and {"start": self.hours.start, "end": self.hours.end, "days": list(self.hours.days)}
        return {
            "who": self.who,
            "networks": list(self.networks),
            "kinds": list(self.kinds),
            "languages": list(self.languages),
            "second_person": self.second_person,
            "topics": [{"name": topic.name, "query": topic.query} for topic in self.topics],
            "hours": hours,
            "repeat_days": self.repeat_days,
            "account_days": self.account_days,
            "disclose": self.disclose,
            "disclosure": self.disclosure,
            "no_private_data": self.no_private_data,
        }


def check(policy: Policy) -> None:
    """Raises Unfit with a sentence for values that no policy may have."""
    if policy.who not in WHO or policy.second_person not in SECOND_PERSON:
        raise Unfit("That is no choice of who may be answered.")
    if unknown := [kind for kind in policy.kinds if kind not in KINDS]:
        raise Unfit(f"There is no kind “{unknown[0]}”: choose among {', '.join(KINDS)}.")
    for days in (policy.repeat_days, policy.account_days):
        if not 0 <= days <= MOST_DAYS:
            raise Unfit(f"Days are between 0 and {MOST_DAYS}.")
    if policy.hours and not (0 <= policy.hours.start < policy.hours.end <= 24 and policy.hours.days):
        raise Unfit("Hours begin before they end, between 0 and 24, on at least one day.")
    if len(policy.topics) > MOST_TOPICS or len({topic.name for topic in policy.topics}) < len(policy.topics):
        raise Unfit(f"Up to {MOST_TOPICS} quiet topics, each with a name of its own.")
    for topic in policy.topics:
        check_topic(topic)


def check_topic(topic: Topic) -> None:
    if not topic.name.strip():
        raise Unfit("A quiet topic needs a name.")
    try:
        parse(topic.query)
    except QueryError as error:
        raise Unfit(f"The quiet topic “{topic.name}”: {error.sentence}") from error
