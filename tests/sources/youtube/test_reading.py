"""What is read on YouTube, from where on, how often, and whose words they are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ingest.clean import clean
from ingest.enrich.addressed import judge
from ingest.sources.base import OwnHandle, Page, SourceError, Tracked, TrackedQuery
from ingest.sources.youtube import YouTube
from tests.sources.youtube.conftest import BRAND, poll, poll_one, records
from tests.sources.youtube.fake_youtube import ACME, FakeYouTube, stamp

Connect = Callable[..., YouTube]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def warnings(pages: list[Page]) -> list[str]:
    return [warning for page in pages for warning in page.warnings]


def test_it_finds_videos_and_reads_what_is_said_below_them(tube: FakeYouTube, connect: Connect) -> None:
    video = tube.video("The Acme kettle: a review", "It boils.\n\nAnd how.")
    tube.video("How to boil an egg")
    first = tube.comment("Mine <b>leaks</b>, since day 1 &amp; 2<br>Sad.", video)
    reply = tube.comment("Mine too", below=first, by="ben", age=20 * MINUTE)
    cursors: dict[str, Any] = {}
    pages = poll(connect(), cursors)
    found = records(pages)
    assert set(found) == {video, first, reply}
    assert (found[video].title, found[video].views, found[video].likes) == ("The Acme kettle: a review", 120, 7)
    said = clean(found[first], tube.now)
    assert said.text == "Mine leaks, since day 1 & 2\nSad." and said.likes == 3 and said.replies == 1
    assert said.url == f"https://youtube.com/watch?lc={first}&v={video}" or f"lc={first}" in str(said.url)
    assert said.author and (said.author.id, said.author.handle) == ("UCrosa000000000000000000", "rosa")
    assert said.in_reply_to and said.in_reply_to.id == video and said.edited_at is None
    answered = found[reply]
    assert answered.in_reply_to and answered.in_reply_to.id == first
    assert answered.thread_root and answered.thread_root.id == video
    assert pages[-1].done and set(cursors) == {"channel:acme", "videos"}


def test_it_tells_who_speaks_to_the_brand(tube: FakeYouTube, connect: Connect) -> None:
    own, other = tube.video("Our new kettle", channel=ACME), tube.video("Acme and me")
    on_page = tube.comment("Where is my parcel?", own)
    ours = tube.comment("Tell us what you think", own, by=ACME)
    under = tube.comment("It leaks", below=ours)
    beside = tube.comment("Not mine", below=on_page, by="ben")
    named = tube.comment('<a href="https://www.youtube.com/@acme">@acme</a> it leaks', other)
    about = tube.comment("Acme leaks", other)
    found = {number: judge(record, BRAND.handles) for number, record in records(poll(connect(), {})).items()}
    assert {number: told.verdict for number, told in found.items() if number.startswith("Ug")} == {
        on_page: "replied",
        ours: "replied",
        under: "replied",
        beside: "own_page",
        named: "mentioned",
        about: "talked_about",
    }
    assert found[on_page].evidence == "Replies to a post by @acme."


@pytest.mark.parametrize("handle", ["acme", ACME])
def test_its_own_words_are_the_brands_however_it_wrote_its_channel(
    tube: FakeYouTube, connect: Connect, handle: str
) -> None:
    own = tube.video("Acme news", channel=ACME)
    ours = tube.comment("Welcome", own, by=ACME, authorDisplayName="Acme Inc", authorChannelUrl="")
    known = OwnHandle("youtube", handle, ACME if handle == ACME else None)
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),), (known,))
    found = records(poll(connect(), {}, brand))
    author = found[ours].author
    assert author and author.id == ACME
    assert author.handle == (None if handle == ACME else "acme")
    assert judge(found[ours], brand.handles).verdict == "replied"


def test_it_reads_on_where_it_was_and_everything_once(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    old = {tube.comment(f"comment {n}", own, age=n * MINUTE + MINUTE) for n in range(250)}
    cursors: dict[str, Any] = {}
    first = records(poll(connect(search=False), cursors))
    assert set(first) == old and tube.asked["commentThreads"] == 3
    tube.now += 10 * MINUTE
    new = tube.comment("and one more", own, age=MINUTE)
    second = records(poll(connect(search=False), cursors))
    assert new in second and tube.asked["commentThreads"] == 4
    assert len(second) == 100, "the newest page, for its replies"


@pytest.mark.parametrize("stop", [1, 2])
def test_a_pull_that_was_killed_goes_on_at_its_page(tube: FakeYouTube, connect: Connect, stop: int) -> None:
    own = tube.video("Our kettle", channel=ACME)
    every = {tube.comment(f"comment {n}", own, age=n * MINUTE + MINUTE) for n in range(250)}
    cursors: dict[str, Any] = {}
    source = connect(search=False)
    (target,) = source.targets([BRAND])
    seen = set(records(poll_one(source, target, cursors, stop_after=stop)))
    assert len(seen) == stop * 100 and "newest" not in cursors[target.key]
    seen |= set(records(poll_one(connect(search=False), target, cursors)))
    assert seen == every and tube.asked["commentThreads"] == 3
    assert cursors[target.key]["newest"] == (tube.now - MINUTE).isoformat()


def test_a_place_that_youtube_forgot_is_begun_again(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    every = {tube.comment(f"comment {n}", own, age=n * MINUTE + MINUTE) for n in range(150)}
    cursors: dict[str, Any] = {}
    source = connect(search=False)
    (target,) = source.targets([BRAND])
    poll_one(source, target, cursors, stop_after=1)
    tube.refuse("commentThreads", 400, "invalidPageToken")
    assert set(records(poll_one(connect(search=False), target, cursors))) == every


@pytest.mark.parametrize(("status", "reason", "hours"), [(403, "forbidden", 24), (400, "processingFailure", 1)])
def test_a_place_that_is_refused_rests_says_so_and_stops_no_other(
    tube: FakeYouTube, connect: Connect, status: int, reason: str, hours: int
) -> None:
    videos = [tube.video(f"How to boil {n}") for n in range(3)]
    said = [tube.comment("acme", video) for video in videos]
    source = connect(search=False, videos=videos)
    tube.refuse("commentThreads", status, reason, "Not for you.")
    cursors: dict[str, Any] = {}
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),))
    pages = poll(source, cursors, brand)
    assert set(records(pages)) == {*videos, *said[1:]} and pages[-1].done
    assert set(warnings(pages)) == {f"Video {videos[0]}: YouTube refuses it (Not for you.)."}
    tube.now += hours * HOUR
    assert said[0] in records(poll(source, cursors, brand))


def test_a_channel_that_rests_is_not_silent(tube: FakeYouTube, connect: Connect) -> None:
    tube.refuse("commentThreads", 403, "commentsDisabled")
    cursors: dict[str, Any] = {}
    poll(connect(search=False), cursors)
    tube.now += HOUR
    (page,) = poll(connect(search=False), cursors)
    assert page.warnings == ["Channel acme: comments are switched off."] and tube.asked["commentThreads"] == 1


def test_replies_that_did_not_come_along_are_fetched_when_there_are_more(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    first = tube.comment("It leaks", own)
    every = {tube.comment(f"mine {n}", below=first, age=n * MINUTE + MINUTE) for n in range(130)}
    cursors: dict[str, Any] = {}
    found = records(poll(connect(search=False), cursors))
    assert set(found) == every | {first} and tube.asked["comments"] == 2
    assert found[first].replies == 130
    tube.now += 10 * MINUTE
    poll(connect(search=False), cursors)
    assert tube.asked["comments"] == 2, "none was added"
    later = tube.comment("mine as well", below=first, age=MINUTE)
    assert later in records(poll(connect(search=False), cursors)) and tube.asked["comments"] == 4


def test_edited_comments_say_when(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    edited = tube.comment("It leaks!", own, updatedAt=stamp(tube.now - MINUTE))
    assert records(poll(connect(search=False), {}))[edited].edited_at == tube.now - MINUTE


def test_comments_from_before_the_start_are_left(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME, age=90 * DAY)
    tube.comment("long ago", own, age=30 * DAY)
    late = tube.comment("late to it", own, age=2 * DAY)
    cursors: dict[str, Any] = {}
    assert set(records(poll(connect(search=False, back_fill_days=7), cursors))) == {late}
    tube.now += DAY
    assert set(records(poll(connect(search=False, back_fill_days=7), cursors))) == {late}


def test_videos_that_talk_are_read_often_and_quiet_ones_seldom(tube: FakeYouTube, connect: Connect) -> None:
    young, old = tube.video("Acme today"), tube.video("Acme then", age=5 * DAY)
    tube.comment("nice", young)
    looked = {young: 0, old: 0}

    def count(resource: str, number: int) -> None:
        if resource == "commentThreads":
            told = tube.net.requests[-1].params
            looked[told["videoId"]] = looked.get(told["videoId"], 0) + 1

    tube.before = count
    cursors: dict[str, Any] = {}
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),))
    for _ in range(25):
        poll(connect(), cursors, brand)
        tube.now += 10 * MINUTE
    assert (looked[young], looked[old]) == (13, 3)  # in four hours: each second pull, and every two hours


def test_named_videos_are_read_whatever_they_say(tube: FakeYouTube, connect: Connect) -> None:
    video = tube.video("How to boil an egg", age=400 * DAY)
    said = tube.comment("with an acme", video)
    source = connect(search=False, videos=[f"https://youtu.be/{video}?t=3", "missing0000"])
    cursors: dict[str, Any] = {}
    pages = poll(source, cursors, Tracked(1, "acme", "Acme"))
    assert set(records(pages)) == {video, said}
    assert warnings(pages) == ["Video missing0000: it is not there, or is private."]
    asked = tube.asked["videos"]
    again = poll(connect(search=False, videos=[video, "missing0000"]), cursors, Tracked(1, "a", "A"))
    assert warnings(again) == warnings(pages), "said as long as it is so"
    assert tube.asked["videos"] == asked
    tube.now += 2 * DAY
    tube.videos["missing0000"] = tube.videos[video]
    again = poll(connect(search=False, videos=[video, "missing0000"]), cursors, Tracked(1, "a", "A"))
    assert "missing0000" in records(again) and not warnings(again)


def test_closed_comments_rest_for_a_week_and_are_named_once(tube: FakeYouTube, connect: Connect) -> None:
    video = tube.video("Acme, a review")
    tube.refuse("commentThreads", 403, "commentsDisabled")
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),))
    cursors: dict[str, Any] = {}
    pages = poll(connect(), cursors, brand)
    assert warnings(pages) == [f"Video {video}: comments are switched off."] and pages[-1].done
    tube.now += 6 * DAY
    poll(connect(), cursors, brand)
    assert tube.asked["commentThreads"] == 1
    tube.now += 2 * DAY
    said = tube.comment("open again, acme", video)
    assert said in records(poll(connect(), cursors, brand)) and tube.asked["commentThreads"] == 2


def test_a_found_video_that_is_gone_is_followed_no_more(tube: FakeYouTube, connect: Connect) -> None:
    video = tube.video("Acme, a review")
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),))
    cursors: dict[str, Any] = {}
    poll(connect(), cursors, brand)
    assert video in cursors["videos"]["videos"]
    del tube.videos[video]
    tube.now += HOUR
    pages = poll(connect(), cursors, brand)
    assert not cursors["videos"]["videos"] and not warnings(pages)


def test_no_more_videos_are_followed_than_wanted_and_the_quietest_give_way(tube: FakeYouTube, connect: Connect) -> None:
    videos = [tube.video(f"Acme {n}", age=n * HOUR + HOUR) for n in range(6)]
    brand = Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),))
    cursors: dict[str, Any] = {}
    poll(connect(most_videos=3), cursors, brand)
    assert set(cursors["videos"]["videos"]) == set(videos[:3])


def test_a_strangers_channel_is_read_without_being_the_brands(tube: FakeYouTube, connect: Connect) -> None:
    video = tube.video("My week")
    said = tube.comment("acme leaks", video)
    source = connect(search=False, channels=["https://www.youtube.com/@critic"])
    found = records(poll(source, {}, Tracked(1, "acme", "Acme", (TrackedQuery(1, "acme"),), BRAND.handles)))
    assert judge(found[said], BRAND.handles).verdict == "talked_about"
    assert found[said].page_owner is None and found[said].raw == {"updated": stamp(tube.now - HOUR), "video": video}


def test_nothing_to_read_is_said(connect: Connect) -> None:
    with pytest.raises(SourceError, match="nothing to read on YouTube"):
        connect().targets([Tracked(1, "acme", "Acme", (TrackedQuery(1, "lang:en"),))])


def test_one_comment_of_an_unknown_shape_stops_nothing(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    fine, odd = tube.comment("It leaks", own), tube.comment("It boils", own)
    del tube.comments[odd]["textDisplay"]
    pages = poll(connect(search=False), {})
    assert set(records(pages)) == {fine}
    (broken,) = (one for page in pages for one in page.broken)
    tube.comments[odd]["textDisplay"] = "It boils"
    broken.raw["item"]["snippet"]["textDisplay"] = "It boils"
    (read,) = connect().parse_again(broken.raw)
    assert (read.external_id, read.text) == (odd, "It boils")


def test_a_name_in_a_title_is_a_mention(tube: FakeYouTube, connect: Connect) -> None:
    video = tube.video("Hey @acme, what is this?")
    record = clean(records(poll(connect(), {}))[video], tube.now)
    assert judge(record, BRAND.handles).verdict == "mentioned"


def test_a_listed_video_of_the_own_channel_is_there(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    cursors: dict[str, Any] = {}
    for _ in range(3):
        pages = poll(connect(videos=[own], search=False), cursors)
        assert [warning for page in pages for warning in page.warnings] == []
        tube.now += timedelta(hours=1)
    assert tube.asked["videos"] == 1
