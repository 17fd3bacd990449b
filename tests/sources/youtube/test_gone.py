"""What is deleted at YouTube is found out, and what is changed; nothing is erased because an answer was short."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ingest.enrich.addressed import judge
from ingest.sources.base import Found, SourceError, Status
from ingest.sources.youtube import YouTube
from tests.sources.loopback import reply
from tests.sources.youtube.conftest import BRAND, poll, records
from tests.sources.youtube.fake_youtube import ACME, FakeYouTube, error, stamp

Connect = Callable[..., YouTube]


def stored(tube: FakeYouTube, connect: Connect) -> dict[str, Any]:
    """What a pull kept: {external id: raw}."""
    return {number: record.raw for number, record in records(poll(connect(), {})).items()}


def looked_up(source: YouTube, kept: dict[str, Any]) -> dict[str, Status]:
    source.stored = kept
    return {status.external_id: status for status in source.hydrate(list(kept))}


def test_what_is_gone_is_gone_and_the_rest_is_alive(tube: FakeYouTube, connect: Connect) -> None:
    video, other = tube.video("Acme one"), tube.video("Acme two")
    first = tube.comment("acme leaks", video)
    below = tube.comment("acme leaks here too", below=first)
    kept = stored(tube, connect)
    assert {told.state for told in looked_up(connect(), kept).values()} == {"alive"}
    del tube.videos[other], tube.comments[below]
    told = {number: status.state for number, status in looked_up(connect(), kept).items()}
    assert told == {video: "alive", other: "gone", first: "alive", below: "gone"}


def test_a_hundred_and_twenty_are_asked_for_in_three_requests(tube: FakeYouTube, connect: Connect) -> None:
    """So many ids of replies are too long for an address: Google's client sends them as a form."""
    first = tube.comment("It leaks", tube.video("Our kettle", channel=ACME))
    for n in range(119):
        tube.comment(f"Mine too {n}", below=first)
    kept = {number: raw for number, raw in stored(tube, connect).items() if number.startswith("Ug")}
    before = len(tube.net.requests)
    source = connect()
    assert {told.state for told in looked_up(source, kept).values()} == {"alive"} and len(kept) == 120
    assert source.spent == 3
    assert [request.method for request in tube.net.requests[before:]] == ["POST", "POST", "GET"]


def test_what_an_answer_left_out_is_asked_for_once_more(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    tube.comment("It leaks", own)
    kept = stored(tube, connect)
    tube.answer("comments", reply(200, {"kind": "youtube#commentListResponse", "items": []}))
    assert {told.state for told in looked_up(connect(), kept).values()} == {"alive"}


def test_changed_words_come_with_their_place(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle, by Acme", channel=ACME)
    ours = tube.comment("Tell us", own, by=ACME)
    under = tube.comment("It leaks", below=ours)
    first = tube.comment("Where is it?", own)
    kept = stored(tube, connect)
    for number in (under, first):
        tube.comments[number] |= {"textDisplay": "Solved", "updatedAt": stamp(tube.now)}
    tube.videos[own]["title"] = "Our new kettle, by Acme"
    told = looked_up(connect(), kept)
    assert {number: status.state for number, status in told.items()} == {
        own: "changed",
        ours: "alive",
        under: "changed",
        first: "changed",
    }
    for number in (under, first):
        record = told[number].record
        assert record and (record.text, record.edited_at) == ("Solved", tube.now)
        assert judge(record, BRAND.handles).verdict == "replied" and record.raw == kept[number] | {
            "updated": stamp(tube.now)
        }
    title = told[own].record
    assert title and title.author and (title.title, title.author.handle) == ("Our new kettle, by Acme", "acme")


def test_nothing_is_gone_because_youtube_has_trouble(tube: FakeYouTube, connect: Connect) -> None:
    tube.comment("It leaks", tube.video("Our kettle", channel=ACME))
    kept = stored(tube, connect)
    tube.refuse("videos", 503, "backendError")
    tube.refuse("comments", 503, "backendError")
    with pytest.raises(SourceError):
        looked_up(connect(), kept)


def test_it_ends_where_the_units_or_the_time_end(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    for n in range(80):
        tube.comment(f"It leaks {n}", own)
    kept = {number: raw for number, raw in stored(tube, connect).items() if number.startswith("Ug")}
    assert len(looked_up(connect(1), kept)) == 50
    assert not looked_up(connect(0), kept)
    assert not looked_up(connect(out_of_time=lambda: True), kept)


def test_a_code_in_the_channels_description_proves_it(tube: FakeYouTube, connect: Connect) -> None:
    tube.channels[ACME]["description"] = "Kettles. earshot-abc123"
    for name in ("acme", ACME):
        shown = connect().shown(name)
        assert shown and (shown.id, shown.texts) == (ACME, ("Kettles. earshot-abc123",))
    assert connect().shown("nobody") is None
    found = dict(connect().look_up(["acme", "nobody"]))
    assert found == {"acme": Found("there", ACME), "nobody": Found("not_found")}


@pytest.mark.parametrize("odd", [{"snippet": {}}, {"id": ACME}])
def test_a_channel_that_is_told_oddly_is_no_answer(tube: FakeYouTube, connect: Connect, odd: Any) -> None:
    tube.answer("channels", reply(200, {"kind": "youtube#channelListResponse", "items": [odd]}))
    with pytest.raises(SourceError) as told:
        connect().shown("acme")
    assert told.value.code == "schema"


def test_it_is_looked_up_often_while_young(connect: Connect) -> None:
    ages = [(band.age, band.every) for band in YouTube.sweeps({"sweep_minutes": 60})]
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert ages == [(day, hour), (7 * day, 6 * hour), (30 * day, day), (None, 3 * day)]


@pytest.mark.parametrize(
    ("status", "reason", "state"), [(404, "commentNotFound", "gone"), (403, "forbidden", "hidden")]
)
def test_one_comment_that_is_refused_hides_nothing_of_the_others(
    tube: FakeYouTube, connect: Connect, status: int, reason: str, state: str
) -> None:
    """YouTube documents both for a list of which one can't be told."""
    own = tube.video("Our kettle", channel=ACME)
    odd, *others = (tube.comment(f"It leaks {n}", own) for n in range(8))
    kept = {number: raw for number, raw in stored(tube, connect).items() if number.startswith("Ug")}
    del tube.comments[others[-1]]
    tube.refused_ids = {odd: error(status, reason)}
    told = {number: one.state for number, one in looked_up(connect(), kept).items()}
    assert told == {odd: state, **dict.fromkeys(others[:-1], "alive"), others[-1]: "gone"}


def test_a_key_that_may_see_nothing_tells_of_nothing(tube: FakeYouTube, connect: Connect) -> None:
    own = tube.video("Our kettle", channel=ACME)
    said = [tube.comment(f"It leaks {n}", own) for n in range(8)]
    kept = {number: raw for number, raw in stored(tube, connect).items() if number.startswith("Ug")}
    tube.refused_ids = {number: error(403, "forbidden") for number in said}
    with pytest.raises(SourceError, match="refuses this"):
        looked_up(connect(), kept)
