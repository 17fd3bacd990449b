"""What the page of the line counts is what the decider says of each post, added up by people."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from dashboard.reports.line import examples, reach, timeless
from listening.asking import verdicts
from listening.line import Hours, Policy, Topic, rank
from listening.models import Addressed, Brand, Mention, OptOut, Sentiment
from tests.builders import a_brand, a_complaint, a_mention, an_author

pytestmark = pytest.mark.django_db
NOW = timezone.now()
POLICIES = (
    Policy(),
    Policy(who="nobody"),
    Policy(who="complaints", second_person="never"),
    Policy(who="complaints", account_days=30, languages=("en",), networks=("bluesky", "x")),
    Policy(who="complaints", kinds=("complaint",), topics=(Topic("Words", "hospital"),), hours=Hours(3, 4)),
    Policy(second_person="always", kinds=("praise", "other"), repeat_days=365),
    Policy(kinds=("question",)),
)


def a_crowd(brand: Brand, chance: Random, size: int = 300) -> None:
    ages = (None, NOW - timedelta(days=3), NOW - timedelta(days=400))
    networks = ("bluesky", "x", "mastodon", "hackernews")
    authors = [an_author(network=chance.choice(networks), account_created_at=chance.choice(ages)) for _ in range(80)]
    for one in authors[:8]:
        OptOut.objects.create(network=one.network, key=one.key, scope=chance.choice(("contact", "listen")))
    for _ in range(size):
        author = chance.choice([None, *authors])
        a_mention(
            brand,
            chance.choice(("acme was fine", "acme sent me to the hospital", "acme and a lot of words")),
            author=author,
            network=author.network if author else "x",
            addressed=chance.choice(Addressed.values),
            complaint=chance.random() < 0.4,
            asks=chance.choice(("", "question", "request")),
            sentiment=chance.choice(Sentiment.values),
            language=chance.choice(("en", "de")),
            own=chance.random() < 0.05,
            hidden=chance.choice(("", "", "", "protected")),
            text_gone_at=chance.choice((None, None, None, NOW)),
            published_at=NOW - timedelta(days=chance.randrange(100)),
        )


@pytest.mark.parametrize("policy", POLICIES)
def test_it_counts_each_person_by_the_most_that_a_post_of_theirs_allows(policy: Policy) -> None:
    brand = a_brand()
    a_crowd(brand, Random(3))
    a_crowd(a_brand(), Random(4), 20)
    recent = list(brand.mentions.filter(published_at__gte=NOW - timedelta(days=90)).select_related("author"))
    said = verdicts(brand, timeless(policy), recent, NOW)
    best: dict[int, int] = {}
    for one in recent:
        if one.author_id:
            best[one.author_id] = min(best.get(one.author_id, 2), rank(said[one.pk].verdict))
    counts = Counter(best.values())
    found = reach(brand, policy, NOW)
    assert (found.allowed, found.ask, found.spared) == (counts[0], counts[1], counts[2])
    assert found.everybody == len(best) and not found.cut


def test_it_says_why_posts_are_left_alone() -> None:
    brand = a_brand()
    for _ in range(2):
        a_mention(brand, author=an_author())
    a_mention(brand, author=an_author(), network="web", addressed="mentioned")
    a_mention(brand, own=True)
    assert reach(brand, Policy(), NOW).why == [("only talked about you", 2), ("the network's rules", 1)]


def test_examples_have_no_names_and_show_first_whom_the_new_line_treats_anew() -> None:
    brand = a_brand()
    a_mention(brand, "hello acme", author=an_author(handle="rosa"), addressed="mentioned")
    grumbler = an_author(handle="bert")
    a_complaint(brand, author=grumbler, published_at=NOW - timedelta(days=9))
    a_complaint(brand, author=grumbler, published_at=NOW - timedelta(days=8))
    through, spared = examples(brand, Policy(who="complaints"), Policy(), NOW)
    assert [(one.who, one.moved) for one in through][0] == (grumbler.pseudonym, True)
    assert len(through) == 2 and spared == []
    assert not {"rosa", "bert"} & {one.who for one in through}


def test_a_silent_brand_reaches_nobody() -> None:
    found = reach(a_brand(), Policy(), NOW)
    assert found.everybody == 0 and found.why == []
    assert not Mention.objects.exists()
