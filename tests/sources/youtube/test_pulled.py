"""YouTube in the pipeline: pulled like any source, billed by California's days, judged by nobody before it may be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ingest import forget, pipeline, rescore
from ingest.opt_out import opt_out
from ingest.pull import pull
from ingest.sources import load
from ingest.sweep import sweep
from listening.models import Author, Mention, OptOut, Rescore, Source, Spend, Withheld
from listening.people import names_of
from listening.secrets import seal
from listening.spending import allowance
from tests.builders import a_brand, a_source
from tests.sources.youtube.fake_youtube import ACME, KEY, FakeYouTube, stamp

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LEAKS = "@acme this is terrible, it leaks since day one and nobody answers. I hate it."


@pytest.fixture
def source(tube: FakeYouTube) -> Source:
    brand = a_brand(name="Acme")
    brand.handles.create(network="youtube", handle="acme")
    brand.queries.create(name="all", text="acme")
    settings = {"api_url": tube.net.url, "sweep_minutes": 60}
    row = a_source(brand, kind="youtube", name="YouTube", settings=settings, credentials=seal({"api_key": KEY}))
    Source.objects.filter(pk=row.pk).update(next_pull_at=tube.now)
    return row


def pulled(source: Source, tube: FakeYouTube) -> Any:
    log = pull(source.pk, now=lambda: tube.now)
    assert log is not None
    source.refresh_from_db()
    return log


def test_it_stores_comments_once_with_who_they_turn_to(source: Source, tube: FakeYouTube) -> None:
    own = tube.video("Our new kettle", channel=ACME)
    said = {tube.comment(f"It leaks {n}", own, age=n * MINUTE + MINUTE) for n in range(150)}
    log = pulled(source, tube)
    assert (log.outcome, log.counts["new"]) == ("ok", 150), log.sentence
    assert set(Mention.objects.values_list("external_id", flat=True)) == said
    assert set(Mention.objects.values_list("addressed", flat=True)) == {"replied"}
    assert Spend.objects.get(source=source).units == log.counts["spent"] == 3
    tube.now += 10 * MINUTE
    log = pulled(source, tube)
    assert (log.counts["new"], log.counts["changed"], log.counts["already"]) == (0, 0, 100)


class Killed(BaseException):
    """As sudden as kill -9: nothing behind it runs."""


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_worker_that_dies_at_a_page_loses_nothing_and_stores_nothing_twice(
    source: Source, tube: FakeYouTube, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    own = tube.video("Our new kettle", channel=ACME)
    said = {tube.comment(f"It leaks {n}", own, age=n * MINUTE + MINUTE) for n in range(250)}
    take, pages = pipeline.take, []

    def dying(*args: Any) -> pipeline.Taken:
        pages.append(args)
        if len(pages) == dies_at:
            raise Killed
        return take(*args)

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "take", dying)
        with pytest.raises(Killed):
            pull(source.pk, now=lambda: tube.now)
    assert Mention.objects.count() == 100 * (dies_at - 1)
    tube.now += timedelta(hours=1)
    late = tube.comment("and one that came meanwhile", own, age=MINUTE)
    pulled(source, tube)
    tube.now += 10 * MINUTE
    pulled(source, tube)
    assert sorted(Mention.objects.values_list("external_id", flat=True)) == sorted({*said, late})


def test_units_are_counted_by_the_days_of_california(source: Source, tube: FakeYouTube) -> None:
    tube.now = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
    pulled(source, tube)
    assert Spend.objects.get().day == date(2026, 11, 20)
    budget = load("youtube").budget(source.settings)
    before = allowance(source, budget, tube.now)
    assert before == 10_000 - Spend.objects.get().units
    assert allowance(source, budget, tube.now + timedelta(hours=1)) == 10_000


def test_what_a_refusal_cost_is_billed(source: Source, tube: FakeYouTube) -> None:
    tube.refuse("commentThreads", 403, "quotaExceeded")
    log = pulled(source, tube)
    assert (log.outcome, log.error_code, log.counts["spent"]) == ("waiting", "quota", 2)
    assert Spend.objects.get().units == 2
    assert source.next_pull_at == datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_it_follows_edits_and_deletions(source: Source, tube: FakeYouTube) -> None:
    own = tube.video("Our new kettle", channel=ACME)
    stays, edited, gone = (tube.comment(text, own) for text in ("It leaks", "It drips", "I will regret this"))
    pulled(source, tube)
    del tube.comments[gone]
    tube.comments[edited] |= {"textDisplay": "It is mended", "updatedAt": stamp(tube.now)}
    tube.now += timedelta(hours=2)
    assert sweep(source, tube.now).gone == 1
    found = dict(Mention.objects.values_list("external_id", "text"))
    assert found == {stays: "It leaks", edited: "It is mended"}
    changed = Mention.objects.get(external_id=edited)
    assert (changed.addressed, changed.edited_at) == ("replied", tube.now - timedelta(hours=2))


def test_what_a_sweep_may_not_spend_waits_for_california(source: Source, tube: FakeYouTube) -> None:
    tube.comment("It leaks", tube.video("Our new kettle", channel=ACME))
    pulled(source, tube)
    tube.now += timedelta(hours=2)
    Source.objects.filter(pk=source.pk).update(settings=source.settings | {"daily_units": 2})
    source.refresh_from_db()
    swept = sweep(source, tube.now)
    assert (swept.gone, swept.read, swept.retry_at) == (0, 0, datetime(2026, 11, 21, 8, tzinfo=UTC))


def test_texts_go_thirty_days_after_they_were_read_however_old_they_are(source: Source, tube: FakeYouTube) -> None:
    tube.comment("It leaks", tube.video("Our new kettle", channel=ACME, age=300 * DAY), age=200 * DAY)
    Source.objects.filter(pk=source.pk).update(settings=source.settings | {"back_fill_days": 365})
    pulled(source, tube)
    forget.expire(tube.now + 29 * DAY)
    assert Mention.objects.get().text == "It leaks"
    forget.expire(tube.now + 31 * DAY)
    mention = Mention.objects.get()
    assert (mention.text, mention.url, mention.likes, mention.author, mention.raw) == ("", "", None, None, None)


def test_likes_go_with_a_text_that_the_brand_keeps_for_less(source: Source, tube: FakeYouTube) -> None:
    tube.comment("It leaks", tube.video("Our new kettle", channel=ACME))
    pulled(source, tube)
    source.brands.update(retention_days=10)
    forget.expire(tube.now + 11 * DAY)
    mention = Mention.objects.get()
    assert (mention.text, mention.likes, mention.replies) == ("", None, None)


def test_nothing_is_scored_before_the_agreement_is_attested(source: Source, tube: FakeYouTube) -> None:
    tube.comment(LEAKS, tube.video("Our new kettle", channel=ACME))
    pulled(source, tube)
    mention = Mention.objects.get()
    assert (mention.sentiment, mention.compound, mention.complaint, mention.complaint_p) == (
        "unscored",
        None,
        False,
        None,
    )
    assert (mention.sentiment_engine, mention.complaint_engine, mention.complaint_kind) == ("", "", "")
    assert mention.language == "en" and mention.addressed == "mentioned"


@pytest.mark.parametrize(
    ("told", "scored"), [("2026-11-01", True), ("2026-11-21", False), ("soon", False), ("", False)]
)
def test_it_is_scored_from_the_day_that_was_attested(
    source: Source, tube: FakeYouTube, told: str, scored: bool
) -> None:
    Source.objects.filter(pk=source.pk).update(settings=source.settings | {"attested_on": told})
    tube.comment(LEAKS, tube.video("Our new kettle", channel=ACME))
    pulled(source, tube)
    mention = Mention.objects.get()
    assert (mention.sentiment == "negative", mention.complaint, mention.sentiment_engine != "") == (scored,) * 3


def test_another_brands_attestation_is_not_ours(source: Source, tube: FakeYouTube) -> None:
    a_source(a_brand("Zenith"), kind="youtube", settings={"attested_on": "2026-01-01"})
    tube.comment(LEAKS, tube.video("Our new kettle", channel=ACME))
    pulled(source, tube)
    assert Mention.objects.get().sentiment == "unscored"


def test_reading_again_keeps_to_it_and_scores_what_may_be_scored_since(source: Source, tube: FakeYouTube) -> None:
    tube.comment(LEAKS, tube.video("Our new kettle", channel=ACME))
    pulled(source, tube)
    brand = source.brands.get()
    assert rescore.run(Rescore.objects.create(brand=brand, engine="earshot").pk)
    assert Mention.objects.get().sentiment == "unscored"
    Source.objects.filter(pk=source.pk).update(settings=source.settings | {"attested_on": "2026-01-01"})
    the_day_before = datetime(2025, 12, 31, tzinfo=UTC)
    assert rescore.run(Rescore.objects.create(brand=brand, engine="earshot").pk, lambda: the_day_before)
    assert Mention.objects.get().sentiment == "unscored"
    assert rescore.run(Rescore.objects.create(brand=brand, engine="earshot").pk)
    mention = Mention.objects.get()
    assert mention.sentiment == "negative" and mention.complaint


@pytest.mark.parametrize("named", ["rosa", "UCrosa000000000000000000"])
def test_who_stepped_out_by_handle_or_channel_is_not_heard(source: Source, tube: FakeYouTube, named: str) -> None:
    own = tube.video("Our new kettle", channel=ACME)
    tube.comment("It leaks", own, by="rosa")
    pulled(source, tube)
    assert opt_out("youtube", "", "test", tube.now, handle=named).mentions == 1
    assert not Mention.objects.exists() and not Author.objects.exists()
    tube.comment("It still leaks", own, by="rosa", age=timedelta())
    other = tube.comment("Mine, too", own, by="ben", age=timedelta())
    tube.now += 10 * MINUTE
    pulled(source, tube)
    assert list(Mention.objects.values_list("external_id", flat=True)) == [other]
    assert Withheld.objects.exists() and OptOut.objects.exists()


def test_a_channels_id_is_the_person_whatever_field_it_was_typed_into() -> None:
    assert ("youtube", ACME) in names_of("youtube", None, ACME)
    assert names_of("youtube", None, "rosa") == [("youtube", "@rosa")]
    assert ("x", ACME) not in names_of("x", None, ACME)


def test_words_that_a_video_no_longer_says_are_not_kept(source: Source, tube: FakeYouTube) -> None:
    renamed, left = tube.video("Acme kettle, a review"), tube.video("Acme lid, a review")
    pulled(source, tube)
    assert set(Mention.objects.values_list("external_id", flat=True)) == {renamed, left}
    tube.videos[renamed]["title"] = "Acme kettle, mended"
    tube.videos[left]["title"] = "A lid, a review"
    tube.now += timedelta(hours=2)
    sweep(source, tube.now)
    assert dict(Mention.objects.values_list("external_id", "title")) == {renamed: "Acme kettle, mended"}
    tube.now += timedelta(hours=2)
    tube.videos[renamed]["title"] = "Acme kettle, broken again"
    sweep(source, tube.now)
    assert Mention.objects.get().title == "Acme kettle, broken again"


def test_a_sweep_whose_time_is_over_does_not_wait_for_tomorrow(source: Source, tube: FakeYouTube) -> None:
    tube.comment("It leaks", tube.video("Our new kettle", channel=ACME))
    pulled(source, tube)
    tube.now += timedelta(hours=2)
    looks = iter((False, False))
    swept = sweep(source, tube.now, lambda: next(looks, True))
    assert (swept.read, swept.done, swept.retry_at) == (0, False, None)


def test_a_youtube_that_shows_nothing_at_all_is_not_believed_at_once(source: Source, tube: FakeYouTube) -> None:
    own = tube.video("Our new kettle", channel=ACME)
    for n in range(30):
        tube.comment(f"It leaks {n}", own)
    pulled(source, tube)
    there, tube.comments = tube.comments, {}
    tube.now += timedelta(hours=2)
    swept = sweep(source, tube.now)
    assert (swept.gone, swept.done, swept.retry_at) == (0, False, tube.now + 5 * MINUTE)
    tube.now += 5 * MINUTE
    tube.comments = there
    assert sweep(source, tube.now).gone == 0 and Mention.objects.count() == 30
    tube.comments = {}
    tube.now += timedelta(hours=2)
    assert sweep(source, tube.now).gone == 0, "the doubt begins anew"
    tube.now += timedelta(hours=1)
    assert sweep(source, tube.now).gone == 30 and not Mention.objects.exists()
