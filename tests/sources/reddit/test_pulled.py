"""Reddit in the pipeline: pulled like any source, stored once with its cursor, and forgotten as its terms say."""

from datetime import timedelta
from typing import Any

import pytest

from ingest import forget, pipeline
from ingest.match import judge_for
from ingest.opt_out import opt_out
from ingest.pull import pull
from ingest.sources.base import Broken, Page
from ingest.sweep import sweep
from listening.models import (
    Author,
    Brand,
    Cursor,
    Gap,
    Mention,
    PurgeDelay,
    Quarantine,
    Source,
    Tombstone,
)
from listening.models.tally import tally_differences
from listening.secrets import seal
from tests.builders import a_brand, a_query, a_source
from tests.sources.loopback import Loopback
from tests.sources.reddit.conftest import Clock
from tests.sources.reddit.server import SIGNED_IN, Server, refusal, settings
from tests.sources.reddit.test_reading import HOUR, MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    brand = a_brand("Acme")
    a_query(brand)
    brand.handles.create(network="reddit", handle="acme")
    return brand


@pytest.fixture
def source(brand: Brand, net: Loopback, server: Server, clock: Clock) -> Source:
    told = settings(net, username="acme", subreddits=["mugs"])
    row = a_source(brand, kind="reddit", name="Reddit", settings=told, credentials=seal(SIGNED_IN))
    Source.objects.filter(pk=row.pk).update(next_pull_at=clock.now)
    return row


def pulled(source: Source, clock: Clock) -> Any:
    log = pull(source.pk, now=lambda: clock.now)
    assert log is not None
    source.refresh_from_db()
    return log


def stored() -> dict[str, str]:
    return dict(Mention.objects.values_list("external_id", "addressed"))


def test_it_stores_what_concerns_the_brand_once_and_knows_who_speaks_to_it(
    source: Source, server: Server, clock: Clock
) -> None:
    ours = server.submission("We make mugs", 20 * HOUR, author="acme", author_fullname="t2_own1")
    answer = server.comment("mine broke", HOUR, ours)
    server.told(answer, "selfreply", "post_reply")
    named = server.comment("why u/acme", HOUR, subreddit="far_away")
    server.told(named, "mentions", "username_mention")
    found, comment = server.submission("My acme mug", HOUR), server.comment("acme is fine", HOUR)
    server.comment("no name in it", HOUR)
    log = pulled(source, clock)
    assert (log.outcome, log.counts["new"], source.error_sentence) == ("ok", 5, "")
    assert Mention.objects.get(own=True).external_id == ours["name"]
    assert dict(Mention.objects.filter(own=False).values_list("external_id", "addressed")) == {
        answer["name"]: "replied",
        named["name"]: "mentioned",
        found["name"]: "talked_about",
        comment["name"]: "talked_about",
    }
    mention = Mention.objects.get(external_id=answer["name"])
    assert (mention.network, mention.community, mention.raw) == ("reddit", "mugs", {"edited": False})
    clock.now += 10 * MINUTE
    before = Mention.objects.count()
    again = pulled(source, clock)
    assert (again.counts["new"], again.counts["changed"]) == (0, 0) and Mention.objects.count() == before
    assert "t1_" not in str(list(Cursor.objects.values_list("value", flat=True))), "no name outlives its post"
    assert not Gap.objects.exists()


def test_a_worker_that_is_killed_leaves_nothing_out_and_nothing_twice(
    source: Source, server: Server, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = {server.comment(f"acme, part {n}", n * MINUTE)["name"] for n in range(1, 451)}
    take, taken = pipeline.take, []

    class Killed(BaseException):
        pass

    def dies(*args: Any) -> Any:
        done = take(*args)
        taken.append(done)
        if sum(one.new for one in taken) == 200:
            raise Killed
        return done

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "take", dies)
        with pytest.raises(Killed):
            pull(source.pk, now=lambda: clock.now)
    assert Mention.objects.count() == 200
    Source.objects.update(lease_until=None)
    log = pulled(source, clock)
    assert log.counts["new"] == 250 and set(stored()) == posts


def test_without_approval_the_source_stops_with_a_sentence(source: Source, net: Loopback, clock: Clock) -> None:
    del source.settings["approved"]
    source.save()
    pulled(source, clock)
    assert source.state == Source.State.BROKEN and "Ask Reddit for the approval" in source.error_sentence
    assert net.requests == []


def test_a_closed_subreddit_stands_in_the_warnings(source: Source, server: Server, clock: Clock) -> None:
    server.closed["mugs"] = refusal(403, "private")
    found = server.submission("acme", HOUR, subreddit="tea")
    assert pulled(source, clock).outcome == "ok"
    assert source.state == "on" and source.warnings[0].startswith("r/mugs is left out: it is private")
    assert set(stored()) == {found["name"]}


def test_the_sweep_leaves_of_deleted_posts_nothing_but_a_count(source: Source, server: Server, clock: Clock) -> None:
    gone, removed, stays = (server.comment(f"acme {n}", HOUR) for n in range(3))
    nobody = server.comment("acme 3", HOUR, author="bert", author_fullname="t2_bert")
    pulled(source, clock)
    assert Mention.objects.count() == 4
    server.delete(gone)
    server.delete(removed, "[removed]")
    nobody["author"] = "[deleted]"
    stays |= {"edited": clock.now.timestamp(), "body_html": "<p>acme is better</p>"}
    clock.now += 20 * MINUTE
    assert sweep(source, clock.now).gone == 3
    (mention,) = Mention.objects.all()
    assert (mention.external_id, mention.text) == (stays["name"], "acme is better")
    assert mention.raw == {"edited": stays["edited"]}
    assert not Tombstone.objects.exists() and set(Author.objects.values_list("handle", flat=True)) == {"rosa"}
    assert [(one.network, one.n) for one in PurgeDelay.objects.all()] == [("reddit", 3)]
    assert tally_differences() == []


def test_a_post_that_is_shown_as_removed_goes_at_once(source: Source, server: Server, clock: Clock) -> None:
    post = server.submission("acme", HOUR)
    pulled(source, clock)
    post["removed_by_category"] = "moderator"
    server.found = lambda data, query: True
    clock.now += 10 * MINUTE
    assert pulled(source, clock).counts["deleted"] == 1
    assert not Mention.objects.exists()


def test_after_two_days_a_count_is_left_and_reading_on_counts_nothing_twice(
    source: Source, server: Server, clock: Clock
) -> None:
    names = [server.comment(f"acme {n}", timedelta(seconds=n))["name"] for n in range(5)]
    pulled(source, clock)
    quarantined = Page(broken=[Broken({"kind": "t1", "data": {"name": "t1_odd"}}, "odd")], cursor={})
    pipeline.take(pipeline.Place(source, "odd"), quarantined, judge_for(()), clock.now)
    Quarantine.objects.update(created_at=clock.now)
    clock.now += timedelta(hours=49)
    forget.expire(clock.now)
    assert Mention.objects.count() == 5 and not Quarantine.objects.exists()
    left = str(list(Mention.objects.values())) + str(list(Cursor.objects.values()))
    assert not [name for name in [*names, "rosa", "t1_"] if name in left]
    pulled(source, clock)
    assert Mention.objects.count() == 5 and tally_differences() == []


def test_a_reading_that_never_went_on_keeps_no_names(source: Source, server: Server, clock: Clock) -> None:
    under_way = {"since": 1.0, "below": ["t1_a"], "read": 100}
    for key, value in (("comments:9", under_way), ("comments:8", {"since": 2.0})):
        Cursor.objects.create(source=source, key=key, value=value)
    Cursor.objects.update(moved_at=clock.now)
    forget.expire(clock.now + timedelta(hours=47))
    assert Cursor.objects.count() == 2
    forget.expire(clock.now + timedelta(hours=49))
    assert [one.value for one in Cursor.objects.all()] == [{"since": 2.0}]


@pytest.mark.parametrize("told", [{"stable_id": "t2_rosa1"}, {"stable_id": "", "handle": "rosa"}])
def test_who_stepped_out_is_not_stored(source: Source, server: Server, clock: Clock, told: dict[str, str]) -> None:
    server.comment("acme broke my mug", HOUR)
    pulled(source, clock)
    assert opt_out("reddit", reason="asked", now=clock.now, **told).mentions == 1
    server.comment("acme broke my mug again", MINUTE)
    clock.now += 10 * MINUTE
    assert pulled(source, clock).counts["withheld"] >= 1
    assert not Mention.objects.exists() and not Author.objects.exists()
