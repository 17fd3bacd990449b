"""What X says beside the posts it gives: warnings for the admin, deletions for what is stored."""

from collections.abc import Callable
from typing import Any

import pytest

from ingest.record import Deletion
from ingest.sources.base import Status, Target
from ingest.sources.x import X
from ingest.xapi.problems import deletions_of, read_problems, warnings_of
from tests.sources.x.fake_x import FakeX

Connect = Callable[..., X]
PROBLEMS = "https://api.twitter.com/2/problems/"
GONE_POST = {
    "value": "5",
    "detail": "Could not find tweet with referenced_tweets.id: [5].",
    "title": "Not Found Error",
    "resource_type": "tweet",
    "parameter": "referenced_tweets.id",
    "resource_id": "5",
    "type": PROBLEMS + "resource-not-found",
}
PROTECTED_POST = GONE_POST | {
    "title": "Authorization Error",
    "detail": "Sorry, you are not authorized to see the Tweet with ids: [5].",
    "type": PROBLEMS + "not-authorized-for-resource",
}
NEW_GONE_POST = GONE_POST | {"resource_type": "post", "type": "https://api.x.com/2/problems/resource-not-found"}
SUSPENDED_NAME = {
    "parameter": "entities.mentions.username",
    "resource_id": "somebody",
    "value": "somebody",
    "detail": "User has been suspended: [somebody].",
    "title": "Forbidden",
    "resource_type": "user",
    "type": PROBLEMS + "resource-not-found",
}
SUSPENDED_AUTHOR = SUSPENDED_NAME | {"parameter": "author_id", "resource_id": "77", "value": "77"}
NUMERIC_NAME = SUSPENDED_NAME | {"resource_id": "1984", "value": "1984"}
MISSING_FIELD = {"detail": "Field not available.", "title": "Field Authorization Error", "type": PROBLEMS + "x"}


@pytest.mark.parametrize(
    ("error", "deletions", "words"),
    [
        (GONE_POST, [Deletion("x", "post", "5", "delete")], "was deleted"),
        (NEW_GONE_POST, [Deletion("x", "post", "5", "delete")], "was deleted"),
        (PROTECTED_POST, [Deletion("x", "post", "5", "hide")], "does not show"),
        (SUSPENDED_AUTHOR, [Deletion("x", "author", "77", "hide")], "suspended"),
        (SUSPENDED_NAME, [], "suspended"),
        (NUMERIC_NAME, [], "suspended"),
        (MISSING_FIELD, [], "Field not available"),
        ({}, [], "did not say what"),
    ],
)
def test_it_reads_partial_errors(error: dict[str, Any], deletions: list[Deletion], words: str) -> None:
    assert deletions_of(read_problems([error])) == deletions
    (warning,) = warnings_of([error])
    assert words in warning


def test_it_tells_one_warning_for_many_of_a_kind() -> None:
    (warning,) = warnings_of([GONE_POST] * 12)
    assert "12 times" in warning
    assert warnings_of(None) == warnings_of("broken") == []


def test_it_hands_on_partial_errors_with_the_posts(fake: FakeX, connect: Connect, search: Target) -> None:
    fake.post("Acme")
    fake.now = fake.now.replace(minute=5)
    fake.errors = [GONE_POST, SUSPENDED_NAME]
    (page,) = connect().poll(search, None)
    assert len(page.records) == 1
    assert page.deletions == [Deletion("x", "post", "5", "delete")]
    assert len(page.warnings) == 2


def states(source: X, ids: list[str]) -> dict[str, str]:
    return {status.external_id: status.state for status in source.hydrate(ids)}


def test_it_tells_what_became_of_stored_posts(fake: FakeX, connect: Connect) -> None:
    alive, withheld = fake.post("here"), fake.post("not in your country", withheld={"country_codes": ["DE"]})
    fake.errors = [PROTECTED_POST | {"resource_id": "8", "value": "8", "parameter": "ids"}]
    told = states(connect(), [alive, withheld, "6", "8"])
    assert told == {alive: "alive", withheld: "hidden", "6": "gone", "8": "hidden"}


def test_it_reads_edited_posts_in_their_newest_version(fake: FakeX, connect: Connect) -> None:
    first = fake.post("old words")
    second = fake.post("new words")
    chain = {"edit_history_tweet_ids": [first, second]}
    fake.posts[first] |= chain
    fake.posts[second] |= chain
    (status,) = connect().hydrate([first])
    assert (status.external_id, status.state) == (first, "changed")
    assert status.record is not None
    assert status.record.text == "new words"
    assert status.record.external_id == first
    assert len(fake.requests) == 2


def test_it_asks_for_a_hundred_posts_at_a_time(fake: FakeX, connect: Connect) -> None:
    ids = [fake.post(f"Acme {n}") for n in range(250)]
    assert all(isinstance(status, Status) for status in connect().hydrate([*ids, "not a number"]))
    assert [len(params["ids"].split(",")) for _, params, _ in fake.requests] == [100, 100, 50]
