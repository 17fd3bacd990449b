"""The line's reach: on the last 90 days of real mentions, whom a policy would let through and whom it would spare.

The tables give the few combinations of facts that occur, the decider judges each once, and the tables count people
by the verdicts; so page and decider can't disagree, and a million mentions cost two walks and no loop in Python.
Left out, because they are no facts of a person: hours, and who was answered before.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import orjson
from django.db import connection
from django.db.models import Q

from dashboard.reports.search import coarse
from listening.asking import kind_of, topics_of, verdicts
from listening.line import Decision, Facts, History, Policy, decide, rank
from listening.models import Brand, Mention
from listening.models.mention import MentionQuerySet
from listening.query import parse

LOOK_BACK = timedelta(days=90)
MOST_QUIET = 5000
EXAMPLES = 4
SAMPLE = 300
UNKNOWN, YOUNG, OLD = 0, 1, 2

FACTS = """
    SELECT m.id, m.author_id, m.network, m.addressed, m.is_complaint, m.mood, m.own,
      CASE WHEN %(languages)s THEN m.language ELSE '' END AS language,
      m.hidden <> '' AS hidden, m.text_gone_at IS NOT NULL AS gone, m.author_id IS NOT NULL AS known,
      CASE WHEN a.account_created_at IS NULL THEN 0 WHEN a.account_created_at > %(young)s THEN 1 ELSE 2 END AS age,
      EXISTS (SELECT FROM listening_optout o WHERE o.network = a.network AND o.key = a.key) AS wish
    FROM listening_mention m LEFT JOIN listening_author a ON a.id = m.author_id
    WHERE m.brand_id = %(brand)s AND m.published_at >= %(since)s
"""
NAMES = ("network", "addressed", "is_complaint", "mood", "own", "language", "hidden", "gone", "known", "age", "wish")
COMBINATIONS = f"SELECT {', '.join(NAMES)}, count(*) FROM ({FACTS}) f GROUP BY {', '.join(NAMES)}"  # noqa: S608
PEOPLE = f"""
    WITH judged AS (
      SELECT * FROM json_to_recordset(%(judged)s) AS told(network text, addressed text, is_complaint boolean, mood text,
        own boolean, language text, hidden boolean, gone boolean, known boolean, age int, wish boolean,
        plain int, quiet int)
    )
    SELECT best, count(*) FROM (
      SELECT min(CASE WHEN f.id = ANY(%(quiet)s) THEN quiet ELSE plain END) AS best
      FROM ({FACTS}) f JOIN judged USING ({", ".join(NAMES)}) WHERE f.known GROUP BY f.author_id
    ) person GROUP BY best
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Example:
    """A mention without its author's name, and what the line says of it; `moved` where the line in force says else."""

    mention: Mention
    who: str
    decision: Decision
    moved: bool


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


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions with the same facts, and the verdicts without and with a quiet topic."""

    values: dict[str, Any]
    posts: int
    plain: Decision
    quiet: Decision


def timeless(policy: Policy) -> Policy:
    """Without what depends on the moment and on earlier answers."""
    return replace(policy, hours=None, repeat_days=0)


def reach(brand: Brand, policy: Policy, now: datetime) -> Reach:
    """Counts for one policy over the last 90 days."""
    policy = timeless(policy)
    asked = _asked(brand, policy, now)
    groups = list(_groups(policy, asked, now))
    quiet, cut = _quiet(brand, policy, now)
    judged = [one.values | {"plain": rank(one.plain.verdict), "quiet": rank(one.quiet.verdict)} for one in groups]
    people: dict[int, int] = {}
    if groups:
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE, asked | {"judged": orjson.dumps(judged).decode(), "quiet": quiet})
            people = dict(cursor.fetchall())
    return Reach(people.get(0, 0), people.get(1, 0), people.get(2, 0), _why(groups), cut)


def _asked(brand: Brand, policy: Policy, now: datetime) -> dict[str, Any]:
    young = now - timedelta(days=policy.account_days)
    return {"brand": brand.pk, "since": now - LOOK_BACK, "languages": bool(policy.languages), "young": young}


def _groups(policy: Policy, asked: dict[str, Any], now: datetime) -> Iterator[Group]:
    with connection.cursor() as cursor:
        cursor.execute(COMBINATIONS, asked)
        rows = cursor.fetchall()
    for *values, posts in rows:
        told = dict(zip(NAMES, values, strict=True))
        facts = _facts(policy, told)
        plain = decide(policy, facts, History(), now)
        quiet = decide(policy, replace(facts, topics=("quiet",)), History(), now)
        yield Group(told, posts, plain, quiet)


def _facts(policy: Policy, told: dict[str, Any]) -> Facts:
    """As listening.asking makes them of a row, of a combination."""
    return Facts(
        network=told["network"],
        standing=told["addressed"],
        language=told["language"],
        kind=kind_of(told["is_complaint"], told["mood"]),
        own=told["own"],
        hidden="hidden" if told["hidden"] else "",
        gone=told["gone"],
        author_known=told["known"],
        account_days={UNKNOWN: None, YOUNG: 0, OLD: policy.account_days}[told["age"]],
        wish="contact" if told["wish"] else "",
    )


def _why(groups: Iterable[Group]) -> list[tuple[str, int]]:
    """Posts left alone by their first reason; the brand's own posts are nobody's to answer and not told."""
    counts: Counter[str] = Counter()
    for group in groups:
        if group.plain.verdict == "refused" and not group.values["own"]:
            counts[group.plain.reasons[0].short] += group.posts
    return counts.most_common()


def _candidates(brand: Brand, policy: Policy, now: datetime) -> MentionQuerySet:
    """What the policy may let through; never too few."""
    spoken = Q(is_addressed=True) | Q(is_complaint=True) if policy.who == "complaints" else Q(is_addressed=True)
    found = Mention.objects.filter(spoken, brand=brand, published_at__gte=now - LOOK_BACK, own=False, hidden="")
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
    found = [
        Example(one, one.author.pseudonym if one.author else "somebody", new[one.pk], _moved(new, old, one.pk))
        for one in mentions
    ]
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
