"""The line's reach: on the last 90 days of real mentions, whom a policy would let through and whom it would spare.

The tables give the few combinations of facts that occur, with their posts and people, and the decider judges each once;
so page and decider can't disagree, and a million mentions cost one walk and no loop over them in Python.
Left out, because they are no facts of a person: hours, and who was answered before.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import orjson
from django.db import connection
from django.db.models import Q

from dashboard.reports.marking import said
from dashboard.reports.mentions import who
from dashboard.reports.search import coarse
from listening.asking import is_question, kind_of, topics_of, verdicts
from listening.line import Decision, Facts, History, Policy, decide, rank
from listening.models import Brand, Mention
from listening.models.mention import MentionQuerySet
from listening.query import parse

LOOK_BACK = timedelta(days=90)
MOST_QUIET = 5000
EXAMPLES = 4
SAMPLE = 300
UNKNOWN, YOUNG, OLD = 0, 1, 2

# One walk over the mentions. People are told by the combinations that their posts have, because those are few.
COMBINATIONS = """
    WITH base AS (
      SELECT author_id, network, addressed, is_complaint, mood, own, %(kinds)s AND asks = 'question' AS asked,
        CASE WHEN %(languages)s THEN language ELSE '' END AS language, hidden <> '' AS hidden,
        text_gone_at IS NOT NULL AS gone, id = ANY(%(quiet)s) AS touched, count(*) AS n
      FROM listening_mention WHERE brand_id = %(brand)s AND published_at >= %(since)s
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ), told AS MATERIALIZED (
      SELECT b.author_id, b.n, json_build_array(
        b.network, b.addressed, b.is_complaint, b.mood, b.own, b.asked, b.language, b.hidden, b.gone, b.touched,
        a.id IS NOT NULL,
        CASE WHEN a.account_created_at IS NULL THEN 0 WHEN a.account_created_at > %(young)s THEN 1 ELSE 2 END,
        EXISTS (SELECT FROM listening_optout o WHERE o.network = a.network AND o.key = a.key)
        OR EXISTS (SELECT FROM listening_optoutrequest r WHERE r.network = a.network AND r.key = a.key
          AND r.state IN ('open', 'asked', 'agreed')))::text AS key
      FROM base b LEFT JOIN listening_author a ON a.id = b.author_id
    )
    SELECT ARRAY[key], sum(n)::bigint, false AS people FROM told GROUP BY key
    UNION ALL
    SELECT keys, count(*), true FROM (
      SELECT array_agg(key ORDER BY key) AS keys FROM told WHERE author_id IS NOT NULL GROUP BY author_id
    ) person GROUP BY keys
"""
NAMES = ("network", "addressed", "is_complaint", "mood", "own", "asked", "language", "hidden", "gone", "touched",
         "known", "age", "wish")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A mention without its author's name, in its text neither, and what the line says of it.

    `moved` where the line in force says something else.
    """

    mention: Mention
    who: str
    decision: Decision
    moved: bool

    @property
    def text(self) -> str:
        return said(self.mention)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people could be answered, could be with a second person, and are left alone; and why posts are left.

    `why`: (reason, posts), the most frequent first. `cut`: quiet topics were only looked for in the newest candidates.
    """

    allowed: int
    ask: int
    spared: int
    why: list[tuple[str, int]]
    cut: bool

    @property
    def through(self) -> int:
        return self.allowed + self.ask

    @property
    def everybody(self) -> int:
        return self.through + self.spared


def timeless(policy: Policy) -> Policy:
    """Without what depends on the moment and on earlier answers."""
    return replace(policy, hours=None, repeat_days=0)


def reach(brand: Brand, policy: Policy, now: datetime) -> Reach:
    """Counts for one policy over the last 90 days."""
    policy = timeless(policy)
    quiet, cut = _quiet(brand, policy, now)
    rows = _combinations(brand, policy, quiet, now)
    judged = {keys[0]: _judged(policy, keys[0], now) for keys, _, people in rows if not people}
    best: Counter[int] = Counter()
    why: Counter[str] = Counter()
    for keys, n, people in rows:
        if people:
            best[min(rank(judged[key].verdict) for key in keys)] += n
        elif judged[keys[0]].verdict == "refused" and not _told(keys[0])["own"]:
            why[judged[keys[0]].reasons[0].short] += n
    return Reach(best[0], best[1], best[2], why.most_common(), cut)


def _combinations(brand: Brand, policy: Policy, quiet: list[int], now: datetime) -> list[tuple[list[str], int, bool]]:
    """(combinations, n, people): with `people`, n people whose posts have these; else n posts that have this one."""
    young = now - timedelta(days=policy.account_days)
    asked: dict[str, Any] = {
        "brand": brand.pk,
        "since": now - LOOK_BACK,
        "languages": bool(policy.languages),
        "kinds": "question" in policy.kinds,
        "young": young,
    }
    with connection.cursor() as cursor:
        cursor.execute(COMBINATIONS, asked | {"quiet": quiet})
        return list(cursor.fetchall())


def _told(key: str) -> dict[str, Any]:
    return dict(zip(NAMES, orjson.loads(key), strict=True))


def _judged(policy: Policy, key: str, now: datetime) -> Decision:
    return decide(policy, _facts(policy, _told(key)), History(), now)


def _facts(policy: Policy, told: dict[str, Any]) -> Facts:
    """As listening.asking makes them of a row, of a combination."""
    return Facts(
        network=told["network"],
        standing=told["addressed"],
        language=told["language"],
        kind=kind_of(told["is_complaint"], told["mood"]),
        question=is_question(told["is_complaint"], "question" if told["asked"] else ""),
        own=told["own"],
        hidden="hidden" if told["hidden"] else "",
        gone=told["gone"],
        author_known=told["known"],
        account_days={UNKNOWN: None, YOUNG: 0, OLD: policy.account_days}[told["age"]],
        topics=("quiet",) if told["touched"] else (),
        wish="contact" if told["wish"] else "",
    )


def within_reach(policy: Policy) -> Q:
    """Whom the policy may let through; never too few."""
    return Q(is_addressed=True) | Q(is_complaint=True) if policy.who == "complaints" else Q(is_addressed=True)


def _candidates(brand: Brand, policy: Policy, now: datetime) -> MentionQuerySet:
    """What the policy may let through; never too few."""
    found = Mention.objects.filter(
        within_reach(policy), brand=brand, published_at__gte=now - LOOK_BACK, own=False, hidden=""
    )
    return found.filter(text_gone_at=None).exclude(author=None).order_by("-published_at", "-pk")


def _quiet(brand: Brand, policy: Policy, now: datetime) -> tuple[list[int], bool]:
    """Ids of the candidates that touch a quiet topic, and whether there were too many to look at all of them."""
    if not policy.topics or policy.who == "nobody":
        return [], False
    conditions = [coarse(parse(topic.query)) for topic in policy.topics]
    found = _candidates(brand, policy, now).defer("raw", "folded", "links")
    if None not in conditions:
        found = found.filter(reduce(or_, (one for one in conditions if one is not None)))
    mentions = list(found[: MOST_QUIET + 1])
    return [one.pk for one in mentions[:MOST_QUIET] if topics_of(policy.topics, one)], len(mentions) > MOST_QUIET


def examples(brand: Brand, policy: Policy, live: Policy, now: datetime) -> tuple[list[Example], list[Example]]:
    """A few people whom the policy lets through, and a few whom it spares; first those whom it treats anew.

    One post a person, out of the newest: a sample, not a count.
    """
    mentions = _sample(brand, policy, now)
    new = verdicts(brand, timeless(policy), mentions, now)
    old = verdicts(brand, timeless(live), mentions, now)
    found = [Example(one, who(one), new[one.pk], _moved(new, old, one.pk)) for one in mentions]
    found.sort(key=lambda example: not example.moved)
    through = [one for one in found if one.decision.verdict != "refused"]
    return _one_each(through), _one_each(one for one in found if one.decision.verdict == "refused")


def _moved(new: dict[int, Decision], old: dict[int, Decision], pk: int) -> bool:
    return new[pk].verdict != old[pk].verdict


def _sample(brand: Brand, policy: Policy, now: datetime) -> Sequence[Mention]:
    newest = Mention.objects.filter(brand=brand, published_at__gte=now - LOOK_BACK, own=False, hidden="")
    newest = newest.filter(text_gone_at=None).exclude(author=None).order_by("-published_at", "-pk")
    widest = replace(policy, who="complaints")
    ids = {*_candidates(brand, widest, now).values_list("pk", flat=True)[:SAMPLE]}
    ids |= {*newest.values_list("pk", flat=True)[:SAMPLE]}
    whole = Mention.objects.filter(pk__in=ids).select_related("author").defer("raw", "folded", "links")
    return list(whole.order_by("-published_at", "-pk"))


def _one_each(found: Iterable[Example]) -> list[Example]:
    by_person: dict[int | None, Example] = {}
    for one in found:
        by_person.setdefault(one.mention.author_id, one)
    return list(by_person.values())[:EXAMPLES]
