"""The sample market: the same story whoever asks, and enough of a story to look around in."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.clean import clean
from ingest.enrich.addressed import Addressees
from ingest.record import Deletion, Record
from ingest.sources import load
from ingest.sources.base import Config, OwnHandle, Page, SourceError
from ingest.sources.sample import MARKET, Sample
from ingest.sources.sample.people import author_of, language_of, leaves_at, leaving, network_of
from ingest.sources.sample.rhythm import OUTAGE, event_hours
from ingest.sources.sample.wording import LANGUAGES, themes
from listening.query import Matcher, Post, parse

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
SETTINGS = {"days": 6, "opened": "2026-11-20"}
OWN = MARKET.brands[0]


def a_sample(now: datetime = NOW, **settings: Any) -> Sample:
    return Sample(Config(settings=SETTINGS | settings, credentials={}, now=lambda: now))


def pages(now: datetime = NOW, cursor: Mapping[str, Any] | None = None, **settings: Any) -> list[Page]:
    sample = a_sample(now, **settings)
    [target] = sample.targets([])
    return list(sample.poll(target, cursor))


def alive(polled: list[Page]) -> dict[tuple[str, str], Record]:
    """What a database would hold after these pages."""
    held: dict[tuple[str, str], Record] = {}
    for page in polled:
        for record in page.records:
            held[record.network, record.external_id] = record
        for deletion in page.deletions:
            _delete(held, deletion)
    return held


def _delete(held: dict[tuple[str, str], Record], deletion: Deletion) -> None:
    if deletion.what == "post":
        held.pop((deletion.network, deletion.id), None)
        return
    for key in [key for key, record in held.items() if record.author and record.author.id == deletion.id]:
        del held[key]


@pytest.fixture(scope="module")
def month() -> list[Page]:
    return pages(days=31)


@pytest.fixture(scope="module")
def posts(month: list[Page]) -> list[Record]:
    return list(alive(month).values())


def test_the_catalogue_knows_it() -> None:
    assert load("sample") is Sample
    assert a_sample().check().ok


def test_the_same_seed_and_time_give_the_same_posts_and_another_seed_others() -> None:
    assert alive(pages()) == alive(pages())
    assert set(alive(pages())) != set(alive(pages(seed="other")))


@pytest.mark.parametrize("minutes", [7, 95, 1441])
def test_polling_in_any_rhythm_ends_with_the_same_posts(minutes: int) -> None:
    start = NOW - timedelta(days=2)
    polled = pages(start)
    now = start
    while now < NOW:
        now = min(NOW, now + timedelta(minutes=minutes if NOW - now < timedelta(hours=8) else 1441))
        polled += pages(now, polled[-1].cursor)
    assert alive(polled) == alive(_since(start))


def _since(start: datetime) -> list[Page]:
    """Two polls: one at the start, one now."""
    first = pages(start)
    return first + pages(NOW, first[-1].cursor)


def test_stopping_after_any_page_and_going_on_gives_the_same_posts() -> None:
    whole = pages(days=31)
    assert len(whole) > 3
    for kept in (1, 2, len(whole) - 1):
        assert alive(whole[:kept] + pages(cursor=whole[kept - 1].cursor)) == alive(whole)


def test_it_stops_when_its_time_is_up_and_says_that_more_is_there() -> None:
    sample = Sample(Config(settings={"days": 31}, credentials={}, now=lambda: NOW, out_of_time=lambda: True))
    [page] = sample.poll(sample.targets([])[0], None)
    assert not page.done
    assert len(page.records) + len(page.deletions) >= 1000


def test_pages_are_of_a_size_to_store_and_the_last_one_says_so(month: list[Page]) -> None:
    assert [page.done for page in month] == [False] * (len(month) - 1) + [True]
    assert max(len(page.records) + len(page.deletions) for page in month) < 1100


def test_nothing_comes_from_the_future_and_a_second_poll_at_once_brings_nothing() -> None:
    polled = pages()
    assert all(record.published_at <= NOW for page in polled for record in page.records)
    [again] = pages(cursor=polled[-1].cursor)
    assert (again.records, again.deletions, again.done) == ([], [], True)


def test_every_post_is_marked_and_survives_cleaning(posts: list[Record]) -> None:
    for record in posts:
        assert record.external_id.startswith("sample:")
        assert record.author is not None and record.author.id.startswith("sample:")
        assert record.url is None and record.raw is None
        assert clean(record, NOW).text == record.text


def test_a_deletion_follows_a_post_that_was_shown_and_an_edit_changes_one() -> None:
    start = NOW - timedelta(days=3)
    shown = pages(start, days=10)
    later = pages(NOW, shown[-1].cursor)
    deletions = [deletion for page in later for deletion in page.deletions if deletion.what == "post"]
    edits = [record for page in later for record in page.records if record.edited_at]
    assert set(alive(shown)) & {(deletion.network, deletion.id) for deletion in deletions}
    assert edits and all(record.edited_at and record.edited_at > record.published_at for record in edits)


def test_people_leave_with_all_that_they_said() -> None:
    start = NOW - timedelta(days=25)
    shown = pages(start, days=40)
    later = pages(NOW, shown[-1].cursor)
    gone = {deletion.id for page in later for deletion in page.deletions if deletion.what == "author"}
    assert len(gone) >= 2
    assert not gone & {record.author.id for record in alive(shown + later).values() if record.author}
    opened = NOW.date()
    for at, author in leaving(start, NOW, opened):
        assert author.id in gone
        assert start < at <= NOW
        assert leaves_at(int(author.id.split(":")[3]), opened) == at


def test_there_is_a_day_with_an_outage_and_a_wave_of_complaints(posts: list[Record]) -> None:
    hours = (NOW.replace(minute=0) - timedelta(hours=n) for n in range(31 * 24))
    outage = next(hour for hour in hours if event_hours(OWN, hour, NOW.date(), OUTAGE) == 0)
    days = Counter(record.published_at.date() for record in posts if "morrowbrew" in record.text.lower())
    usual = sorted(days.values())[len(days) // 2]
    assert days[outage.date()] > 2 * usual


def test_it_is_a_market_to_look_around_in(posts: list[Record]) -> None:
    """Sizes and shares that the pages need: something in every filter, and no text worn out."""
    brands = {brand.slug: list(_about(posts, brand.name)) for brand in MARKET.brands}
    per_day = {slug: len(found) / 31 for slug, found in brands.items()}
    assert 60 <= per_day["morrowbrew"] <= 200
    assert per_day["morrowbrew"] > per_day["kaffetta"] > per_day["perkolo"] > 10
    assert {record.network for record in posts} == {"x", "bluesky", "mastodon", "hackernews", "web"}
    assert {record.language for record in posts} >= set(LANGUAGES)
    assert sum(record.reposts is not None for record in posts) > 100
    assert sum(record.quotes is not None for record in posts) > 5
    assert {record.rating for record in posts} >= {None, 1.0, 5.0}
    own_words = [record.text for record in posts if record.reposts is None]
    assert len(set(own_words)) > 0.6 * len(own_words)


def _about(posts: list[Record], name: str) -> Iterator[Record]:
    return (record for record in posts if name.lower() in f"{record.title} {record.text}".lower())


def test_people_turn_to_the_brand_and_it_answers(posts: list[Record]) -> None:
    index = Addressees({1: [OwnHandle(one.network, one.handle, one.id) for one in OWN.handles]})
    verdicts = Counter(found[1].verdict for record in posts if (found := index.brands(record)))
    own = [record for record in posts if index.owners(record)]
    assert verdicts["mentioned"] > 500 and verdicts["replied"] > 50 and verdicts["quoted"] > 5
    assert sum(record.in_reply_to is not None for record in own) > 100
    assert any(record.in_reply_to is None for record in own)


def test_its_queries_find_its_posts_and_not_the_competitors(posts: list[Record]) -> None:
    matcher = Matcher({n: parse(brand.queries[0]) for n, brand in enumerate(MARKET.brands)})
    for n, brand in enumerate(MARKET.brands):
        text = f"my {brand.name} is loud"
        assert [match.query_id for match in matcher.match(Post(text=text))] == [n]


def test_the_person_who_opted_out_exists_and_speaks(posts: list[Record]) -> None:
    network, author_id = MARKET.opted_out
    assert any(record.network == network and record.author and record.author.id == author_id for record in posts)


def test_a_person_is_always_the_same_person() -> None:
    for number in range(50):
        assert author_of(number) == author_of.__wrapped__(number)
        assert author_of(number).id == f"sample:author:{network_of(number)}:{number}"
        assert language_of(number) in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_complain_and_praise(language: str) -> None:
    assert len(themes(language, "complaint")) >= 5
    assert len(themes(language, "praise")) >= 4


def test_a_day_that_is_none_is_refused_with_a_sentence() -> None:
    with pytest.raises(SourceError, match="2026-01-31"):
        a_sample(opened="yesterday")
    [check] = [field.check for field in Sample.fields if field.name == "opened"]
    assert check is not None
    with pytest.raises(ValueError, match="no date"):
        check("yesterday")
