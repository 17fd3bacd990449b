"""Rules: which mentions become cases by themselves, said twice: weakly to Postgres, and exactly of one mention."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db.models import Q

from dashboard.cases.opening import kind_of
from dashboard.reports.line import within_reach
from dashboard.reports.search import coarse
from listening.asking import said
from listening.line import Policy
from listening.models import Case, CaseRule, Mention, Sentiment
from listening.query import Matcher, Query, QueryError, parse

Kind = Case.Kind
QUESTION = Q(is_complaint=False, asks="question")
NO_QUESTION = Q(is_complaint=False) & ~Q(asks="question")
KINDS = {
    Kind.COMPLAINT: Q(is_complaint=True),
    Kind.QUESTION: QUESTION,
    Kind.PRAISE: NO_QUESTION & Q(mood=Sentiment.POSITIVE),
    Kind.OTHER: NO_QUESTION & ~Q(mood=Sentiment.POSITIVE),
}
NOTHING, EVERYTHING = Q(pk__in=()), Q(pk__isnull=False)  # an empty Q() would vanish in an "or"


@dataclass(frozen=True)
class Plan:
    """`policy`: what it refuses opens nothing; None: whatever the line says. `since_made`: a rule fits only what was
    collected after it was made."""

    from_priority: int | None
    rules: tuple[CaseRule, ...]
    policy: Policy | None = None
    since_made: bool = True

    @cached_property
    def condition(self) -> Q:
        """What Postgres should look at: perhaps too much, never too little."""
        ways = [self._of(rule) for rule in self.rules]
        if self.from_priority is not None:
            ways.append(Q(priority__gte=self.from_priority))
        wanted = reduce(or_, ways, NOTHING)
        return wanted & within_reach(self.policy) if self.policy else wanted

    def _of(self, rule: CaseRule) -> Q:
        if rule.query and rule.query not in self._queries:
            return NOTHING
        condition = EVERYTHING
        if self.since_made and rule.pk:
            condition &= Q(collected_at__gte=rule.created_at)
        if rule.kinds:
            condition &= reduce(or_, (KINDS[Kind(kind)] for kind in rule.kinds))
        if rule.networks:
            condition &= Q(network__in=rule.networks)
        if rule.addressed_only:
            condition &= Q(is_addressed=True)
        text = coarse(self._queries[rule.query]) if rule.query else None
        return condition if text is None else condition & text

    def fitting(self, mention: Mention) -> list[CaseRule]:
        """The rules that fit a mention, in order."""
        hits = {match.query_id for match in self._matcher.match(said(mention))} if self._queries else set()
        return [rule for place, rule in enumerate(self.rules) if self._fits(rule, place, mention, hits)]

    def _fits(self, rule: CaseRule, place: int, mention: Mention, hits: set[int]) -> bool:
        return (
            (not rule.query or place in hits)
            and (not rule.kinds or kind_of(mention) in rule.kinds)
            and (not rule.networks or mention.network in rule.networks)
            and (mention.is_addressed or not rule.addressed_only)
            and (not self.since_made or not rule.pk or mention.collected_at >= rule.created_at)
        )

    def high(self, mention: Mention) -> bool:
        return self.from_priority is not None and mention.priority >= self.from_priority

    @cached_property
    def _queries(self) -> dict[str, Query]:
        """The rules' queries by their text. One that can't be read any more fits nothing."""
        return dict(_readable({rule.query for rule in self.rules if rule.query}))

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(
            {place: self._queries[r.query] for place, r in enumerate(self.rules) if r.query in self._queries}
        )


def _readable(texts: Iterable[str]) -> Iterable[tuple[str, Query]]:
    for text in texts:
        try:
            yield text, parse(text)
        except QueryError:
            continue


def tags_of(rules: Sequence[CaseRule]) -> list[str]:
    """The tags of all rules that fit, each once."""
    return list(dict.fromkeys(tag for rule in rules for tag in rule.tags))
