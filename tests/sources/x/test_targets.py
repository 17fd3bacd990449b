"""What is polled for which brands."""

from collections.abc import Callable

import pytest

from ingest.sources import load
from ingest.sources.base import OwnHandle, Tracked, TrackedQuery
from ingest.sources.x import X

Connect = Callable[..., X]
ACME = Tracked(
    1, "acme", "Acme", (TrackedQuery(1, "acme"),), (OwnHandle("x", "Acme"), OwnHandle("bluesky", "acme.com"))
)
BOLT = Tracked(2, "bolt", "Bolt", (TrackedQuery(2, "acme"), TrackedQuery(3, "bolt")), (OwnHandle("x", "bolt", "43"),))


def test_it_polls_accounts_and_searches(connect: Connect) -> None:
    targets = connect().targets([ACME, BOLT])
    told = {target.key.partition(":")[0] + " " + str(target.params): target.brand_id for target in targets}
    assert told == {
        "mentions {'handle': 'Acme'}": 1,
        "mentions {'handle': 'bolt', 'user_id': '43'}": 2,
        "search {'query': '(acme OR #acme OR @acme) -is:nullcast -from:Acme'}": 1,
        "search {'query': '(acme OR #acme OR @acme) -is:nullcast -from:bolt'}": 2,
        "search {'query': '(bolt OR #bolt OR @bolt) -is:nullcast -from:bolt'}": 2,
    }
    assert [target.key for target in connect().targets([ACME, BOLT])] == [target.key for target in targets]
    assert all(len(target.key) <= 200 for target in targets)


def test_it_searches_once_for_brands_that_ask_the_same(connect: Connect) -> None:
    plain = [Tracked(n, f"b{n}", "B", (TrackedQuery(n, "acme"),)) for n in (1, 2)]
    (target,) = connect().targets(plain)
    assert target.brand_id is None


@pytest.mark.parametrize("off", [False, "false", "", "off"])
def test_it_polls_what_is_switched_on(connect: Connect, off: object) -> None:
    assert [t.key for t in connect(search=off).targets([ACME])] == ["mentions:acme"]
    assert ["query" in t.params for t in connect(mentions=off).targets([ACME])] == [True]


def test_it_polls_the_other_queries_where_one_cannot_be_read(connect: Connect) -> None:
    broken = Tracked(3, "c", "C", (TrackedQuery(1, "(("), TrackedQuery(2, "fine"), TrackedQuery(3, "wild*")))
    assert [target.params["query"][:5] for target in connect().targets([broken])] == ["(fine"]


def test_it_tells_the_admin_of_x_rules_before_anything_is_typed() -> None:
    kind = load("x")
    fields = {field.name: field for field in kind.fields}
    assert fields["use_case"].required
    assert "may be enforced against" in fields["use_case"].help
    assert fields["bearer_token"].type == "secret"
    assert fields["api_url"].advanced
    assert kind.budget_unit == "posts"
    assert not kind.policy.trainable
