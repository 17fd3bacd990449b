"""Asking the line: gathers what it needs from the tables, has it decide, and keeps what it said."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Max, Value

from listening.line import Decision, Facts, History, Policy, Topic, check_draft, decide
from listening.models import (
    Author,
    Brand,
    Contact,
    Line,
    LineDecision,
    Mention,
    OptOut,
    OptOutRequest,
    Sentiment,
    User,
)
from listening.query import Matcher, Post, parse

AuthorKey = tuple[str, str]
Asked = tuple[Decision, Facts, History]
"""What the line says of an answer, and by what."""

STOP = "stop"
"""Beside the wishes that were kept: somebody said so in a post, and nobody has decided on it yet."""


def verdicts(brand: Brand, policy: Policy, mentions: Sequence[Mention], now: datetime) -> dict[int, Decision]:
    """What a line says of each of these mentions of one brand, by id. Authors must be joined. Stores nothing."""
    facts = facts_of(brand, policy, mentions, now)
    histories = histories_of(brand, mentions)
    return {one.pk: decide(policy, facts[one.pk], histories[one.pk], now) for one in mentions}


def digest_of(draft: str) -> str:
    """By which a decision tells which words it is about; the database computes the same of a reply's text."""
    return hashlib.sha256(draft.encode()).hexdigest()


def look(mention: Mention, policy: Policy, now: datetime, draft: str = "", known: Asked | None = None) -> Asked:
    """What a line says of an answer with these words, and by what; stores nothing. `known` is what it said a moment ago
    of other words: of the person nothing is asked again."""
    _, facts, history = known or (None, None, None)
    facts = facts or facts_of(mention.brand, policy, [mention], now)[mention.pk]
    history = history or histories_of(mention.brand, [mention])[mention.pk]
    facts = replace(facts, wording=check_draft(policy, draft, mention.brand.name) if draft else ())
    return decide(policy, facts, history, now), facts, history


def ask(mention: Mention, user: User | None, now: datetime, draft: str = "") -> LineDecision:
    """Have the line decide about an answer, and keep verdict and inputs; of the draft only its digest is kept."""
    line = Line.objects.of(mention.brand)
    decision, facts, history = look(mention, line.read(), now, draft)
    inputs = {"facts": facts.as_json(), "history": history.as_json(), "now": now.isoformat()}
    return LineDecision.objects.create(
        line=line,
        mention=mention,
        verdict=decision.verdict,
        limit=decision.limit,
        reasons=[reason.sentence for reason in decision.reasons],
        inputs=inputs | ({"draft": digest_of(draft)} if draft else {}),
        asked_by=user,
    )


class Stands(Exception):
    """A decision that can't be overridden; the message is a sentence for people."""


def override(decision: LineDecision, user: User, reason: str, now: datetime) -> None:
    """A named person takes a refusal on themselves, in writing; or the second person says yes.

    Raises Stands for the limits, for a second time, and for people who would approve what they asked for themselves.
    """
    if not reason.strip():
        raise Stands("Write down why: this needs a reason.")
    if decision.verdict == "ask" and decision.asked_by_id == user.pk:
        raise Stands("You asked for this yourself: somebody else has to look at it.")
    free = LineDecision.objects.filter(pk=decision.pk, overridden_by="", limit=False).exclude(verdict="allowed")
    who = f"{user.name} <{user.email}>" if user.name else user.email
    if not free.update(overridden_by=who, override_reason=reason.strip(), overridden_at=now):
        raise Stands(
            "This can't be overridden: it is allowed already, was overridden before, or is no policy's choice."
        )


def answered(decision: LineDecision, now: datetime) -> Contact:
    """Note that somebody was answered at the network, for the sake of "once in 30 days". Raises Stands."""
    if decision.verdict != "allowed" and not decision.overridden_by:
        raise Stands("The line does not allow this answer.")
    author = decision.mention.author if decision.mention else None
    if author is None:
        raise Stands("The post or its author is gone.")
    person = {"network": author.network, "key_version": author.key_version, "key": author.key}
    told = {"brand_id": decision.line.brand_id, "at": now, **person}
    return Contact.objects.get_or_create(decision=decision, defaults=told)[0]


def replayed(stored: LineDecision) -> Decision:
    """The decision once more, from what was stored; the line must be joined."""
    inputs = stored.inputs
    facts, history = Facts.read(inputs["facts"]), History.read(inputs["history"])
    return decide(stored.line.read(), facts, history, datetime.fromisoformat(inputs["now"]))


def facts_of(brand: Brand, policy: Policy, mentions: Sequence[Mention], now: datetime) -> dict[int, Facts]:
    """By id of the mention."""
    wishes = wishes_of([one.author for one in mentions if one.author])
    return {one.pk: _facts(brand, policy, one, wishes, now) for one in mentions}


def _facts(brand: Brand, policy: Policy, mention: Mention, wishes: Mapping[AuthorKey, Any], now: datetime) -> Facts:
    author = mention.author
    wish: Any = wishes.get((author.network, author.key), "") if author else ""
    created = author.account_created_at if author else None
    return Facts(
        network=mention.network,
        standing=mention.addressed,
        language=mention.language,
        kind=kind_of(mention.is_complaint, mention.mood),
        question=is_question(mention.is_complaint, mention.asks),
        own=mention.own,
        hidden=mention.hidden,
        gone=mention.text_gone_at is not None,
        author_known=author is not None,
        account_days=(now - created).days if created else None,
        topics=topics_of(policy.topics, mention),
        wish="" if wish == STOP else wish,
        stop=wish == STOP,
        zone=brand.time_zone,
    )


STRENGTH = (STOP, OptOut.Scope.CONTACT.value, OptOut.Scope.LISTEN.value)
"""The strongest wish comes last, and wins."""


def kind_of(complaint: bool, mood: str) -> str:
    return "complaint" if complaint else "praise" if mood == Sentiment.POSITIVE else "other"


def is_question(complaint: bool, asks: str) -> bool:
    """As the kind of a case has it: a complaint that asks something is a complaint."""
    return asks == "question" and not complaint


def wishes_of(authors: Sequence[Author]) -> dict[AuthorKey, str]:
    """(network, key) -> "listen" or "contact" for those who opted out of it, STOP for those who said so in a post."""
    if not authors:
        return {}
    keys = {author.key for author in authors}
    kept = OptOut.objects.filter(key__in=keys).order_by().values_list("network", "key", "scope")
    said = OptOutRequest.objects.waiting().filter(key__in=keys).order_by()
    rows = kept.union(said.values_list("network", "key", Value(STOP)))
    return {(network, key): wish for network, key, wish in sorted(rows, key=lambda row: STRENGTH.index(row[2]))}


def histories_of(brand: Brand, mentions: Sequence[Mention]) -> dict[int, History]:
    """By id of the mention: when its author was last answered, and whether they spoke to the brand since."""
    authors = {one.author for one in mentions if one.author}
    answered = _answered(brand, authors)
    spoke = _spoke(brand, [one for one in authors if (one.network, one.key) in answered])
    return {one.pk: _history(one, answered, spoke) for one in mentions}


def _answered(brand: Brand, authors: set[Author]) -> dict[AuthorKey, datetime]:
    if not authors:
        return {}
    rows = Contact.objects.filter(brand=brand, key__in={author.key for author in authors}).order_by()
    return {(network, key): at for network, key, at in rows.values_list("network", "key").annotate(at=Max("at"))}


def _spoke(brand: Brand, authors: Sequence[Author]) -> dict[int, datetime]:
    """Author id -> when they last spoke to the brand."""
    if not authors:
        return {}
    rows = Mention.objects.filter(brand=brand, author__in=authors, is_addressed=True).order_by()
    return dict(rows.values_list("author").annotate(at=Max("published_at")))


def _history(mention: Mention, answered: Mapping[AuthorKey, datetime], spoke: Mapping[int, datetime]) -> History:
    author = mention.author
    at = answered.get((author.network, author.key)) if author else None
    if author is None or at is None:
        return History()
    return History(at, author.pk in spoke and spoke[author.pk] > at)


def topics_of(topics: tuple[Topic, ...], mention: Mention) -> tuple[str, ...]:
    """The quiet topics that a mention touches. The matcher sees what was said, not who said it."""
    matcher = matcher_of(topics)
    return tuple(topics[match.query_id].name for match in matcher.match(said(mention)))


@lru_cache(maxsize=64)
def matcher_of(topics: tuple[Topic, ...]) -> Matcher:
    return Matcher({number: parse(topic.query) for number, topic in enumerate(topics)})


def said(mention: Mention) -> Post:
    """A stored mention as the matcher reads it: what was said, not who said it."""
    return Post(
        text=mention.text,
        title=mention.title,
        language=None if mention.language == "unknown" else mention.language,
        source=mention.network,
        community=mention.community or None,
        is_reply=bool(mention.reply_to),
        is_quote=bool(mention.quote_of),
        is_repost=bool(mention.repost_of),
        is_addressed=mention.is_addressed,
    )
