"""What is stored around complaints: details, groups of the same text, repeats, priority, a brand's own rules."""

from datetime import timedelta
from itertools import product
from typing import Any

from django.db import connection

from ingest.match import Judge
from ingest.pipeline import Place, Taken, take
from ingest.record import Author, PostRef
from ingest.repeats import earlier
from ingest.sources.base import Page
from ingest.tracked import tracked_by
from listening.models import ADDRESSED, Brand, ComplaintRules, KindPhrase, Mention, Source, Split
from listening.models.tally import tally_differences
from listening.priority import priority
from tests.builders import a_brand, a_mention
from tests.pipeline.scripted import START, a_record

NOW = START + timedelta(days=1)
LONG = "Acme cancelled my order for the third time this month and nobody answers about the refund I wait for"


def taking(source: Source, *records: object) -> Taken:
    judge = Judge(tuple(tracked_by(source)))
    return take(Place(source, "all"), Page(records=records, cursor={"at": 1}), judge, NOW)  # type: ignore[arg-type]


def group(n: int) -> int | None:
    return Mention.objects.get(external_id=a_record(n).external_id).group_key


def test_it_stores_kind_strength_wait_and_what_is_asked_with_reasons_that_point_into_the_text(source: Source) -> None:
    text = "Acme, I am waiting 6 days for my refund, can you please send it?"
    taking(source, a_record(1, text, title="About acme", language="en"))
    mention = Mention.objects.get()
    assert (mention.complaint_kind, mention.asks, mention.waiting_days) == ("price", "request", 6)
    assert mention.complaint_strength in (1, 2, 3)
    told = {one["why"]: text[one["start"] : one["end"]] for one in mention.complaint_reasons}
    assert told["waiting 6 days"] == "6 days"
    assert "waits for something" not in told  # the exact words stand for it


def test_near_duplicates_and_reposts_share_a_group_whatever_comes_first(source: Source) -> None:
    original = a_record(1, LONG)
    repost = a_record(2, f"RT @ana: {LONG}", reposts=PostRef(original.external_id))
    taking(source, repost)
    taking(source, original, a_record(3, LONG + " now"), a_record(4, LONG.upper() + " https://example.org/9"))
    assert group(1) is not None
    assert {group(n) for n in (2, 3, 4)} == {group(1)}
    assert tally_differences() == []


def test_short_posts_are_grouped_only_when_one_reposts_the_other(source: Source) -> None:
    first, same = a_record(1, "acme is great"), a_record(2, "acme is great")
    taking(source, first, same, a_record(3, "acme is great", reposts=PostRef(first.external_id)))
    assert group(1) != group(2)
    assert group(3) == group(1)


def test_a_text_that_only_begins_alike_stays_by_itself(source: Source) -> None:
    taking(
        source, a_record(1, LONG), a_record(2, LONG[:40] + " but then everything arrived and the staff was kind to us")
    )
    assert group(1) != group(2)


def test_the_same_text_about_another_brand_is_another_list_with_the_same_key(source: Source) -> None:
    other = a_brand("Order", slug="order")
    other.queries.create(text="order")
    source.brands.add(other)
    taking(source, a_record(1, LONG))
    assert Mention.objects.count() == 2


def test_a_persons_split_stays_through_every_later_reading(source: Source) -> None:
    taking(source, a_record(1, LONG), a_record(2, LONG))
    mention = Mention.objects.get(external_id=a_record(2).external_id)
    Split.objects.create(mention=mention, former=mention.group_key or 0)
    Mention.objects.filter(pk=mention.pk).update(group_key=7)
    taking(source, a_record(2, LONG + " yes", edited_at=NOW))
    assert group(2) == 7
    assert Mention.objects.get(pk=mention.pk).text.endswith("yes")


def test_an_edit_that_says_something_else_leaves_the_group(source: Source) -> None:
    taking(source, a_record(1, LONG), a_record(2, LONG))
    taking(source, a_record(2, "acme, all is well now and I got my money back with an apology today", edited_at=NOW))
    assert group(2) != group(1)


def test_earlier_complaints_of_the_same_person_count_within_a_batch_too_and_reposts_do_not(source: Source) -> None:
    ana = Author("ana", handle="ana")
    records = [
        a_record(
            n,
            f"Acme lost parcel {n} again, still no reply, terrible service",
            author=ana,
            published_at=START + timedelta(hours=n),
        )
        for n in range(4)
    ]
    taking(source, *records)
    assert list(Mention.objects.order_by("published_at").values_list("repeats", flat=True)) == [0, 1, 2, 3]
    before = list(Mention.objects.order_by("pk").values())
    assert taking(source, *records).changed == 0
    assert list(Mention.objects.order_by("pk").values()) == before


def test_a_page_that_overlaps_the_last_one_counts_no_complaint_twice(source: Source) -> None:
    ana = Author("ana", handle="ana")
    records = [
        a_record(n, f"Acme lost parcel {n}, still no reply, terrible service", author=ana, published_at=at)
        for n in range(14)
        for at in [START + timedelta(hours=n)]
    ]
    taking(source, *records[:3])
    taking(source, *records[1:5])
    repeats = Mention.objects.order_by("published_at").values_list("repeats", flat=True)
    assert list(repeats) == [0, 1, 2, 3, 4]
    taking(source, *records)
    assert list(repeats.all())[5:] == [5, 6, 7, 8, 9, 10, 10, 10, 10]  # ten say enough of a person


def test_the_database_orders_by_the_same_sum_that_the_page_explains(brand: Brand) -> None:
    choices: Any = product(
        (None, 1, 3), ("talked_about", "replied"), ("", "request"), (None, 0, 1, 9), (0, 1, 5), (None, 9, 10, 5000)
    )
    for strength, addressed, asks, days, repeats, likes in choices:
        mention = a_mention(
            brand, complaint_strength=strength, addressed=addressed, asks=asks, waiting_days=days, repeats=repeats,
            likes=likes, shares=3,
        )  # fmt: skip
        told = priority(strength, addressed in ADDRESSED, asks, days, repeats, max(likes or 0, 3), None)
        assert mention.priority == told.total == sum(part.points for part in told.parts)
        assert told.total % 10 == 0


def test_days_without_an_answer_never_outweigh_a_step() -> None:
    long_ago = priority(2, False, "", None, 0, 0, timedelta(days=400))
    assert long_ago.total == 29
    assert long_ago.parts[-1].why == "unanswered for 400 days"
    assert priority(2, True, "", None, 0, 0, timedelta(0)).total == 40


def test_a_brands_threshold_and_phrases_are_used(source: Source, brand: Brand) -> None:
    text = "Acme lost my parcel and nobody answers. Worst service ever!"
    ComplaintRules.objects.create(brand=brand, threshold=0.999)
    KindPhrase.objects.create(brand=brand, kind="lost things", phrase="lost my parcel")
    taking(source, a_record(1, text, language="en"))
    mention = Mention.objects.get()
    assert not mention.complaint
    assert mention.complaint_p is not None and mention.complaint_p > 0.5
    assert mention.complaint_kind == "lost things"


def test_earlier_complaints_are_looked_up_by_their_author_where_postgres_knows_nothing_of_the_table(db: None) -> None:
    one = "(VALUES (1::bigint, 1::bigint, now())) AS one(author_id, brand_id, published_at)"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT {earlier('one', 'true')} FROM {one}")  # noqa: S608 (our own words)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "mention_by_author" in plan and "mention_newest" not in plan, plan
