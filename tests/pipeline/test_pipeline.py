"""A page of posts becomes rows, exactly once, with its cursor, or nothing of it does."""

from datetime import timedelta

import pytest

from ingest import coverage
from ingest.match import Judge
from ingest.pipeline import Place, Taken, take
from ingest.record import Account, Author, Deletion, PostRef
from ingest.sources.base import Broken, Hole, Page
from ingest.tracked import tracked_by
from listening.models import (
    Author as AuthorRow,
    Brand,
    Cursor,
    Gap,
    Issue,
    Mention,
    OptOut,
    Quarantine,
    Query,
    Source,
    Subscription,
    Tombstone,
    Withheld,
)
from listening.models.tally import tally_differences
from listening.secrets import person_key
from tests.builders import a_brand, a_member
from tests.pipeline.scripted import START, a_record, addressed

NOW = START + timedelta(days=1)


def taking(source: Source, *records: object, **page: object) -> Taken:
    judge = Judge(tuple(tracked_by(source)))
    return take(Place(source, "all"), Page(records=records, cursor={"at": 1}, **page), judge, NOW)  # type: ignore[arg-type]


def test_it_stores_a_post_with_its_findings_and_the_matched_spans(source: Source) -> None:
    taken = taking(source, a_record(1, "Acme lost my parcel &amp; nobody answers. Worst service ever!", language="en"))
    assert (taken.read, taken.new) == (1, 1)
    mention = Mention.objects.get()
    assert mention.text == "Acme lost my parcel & nobody answers. Worst service ever!"
    assert list(mention.spans.values()) == [[[0, 4]]]
    assert (mention.sentiment, mention.is_addressed, mention.own) == ("negative", False, False)
    assert mention.complaint and mention.complaint_reasons
    assert mention.sentiment_engine.startswith("earshot-") and mention.complaint_engine
    assert mention.author is not None and mention.author.pseudonym.startswith("person ")
    assert "author-1" not in mention.author.key
    assert Cursor.objects.get().value == {"at": 1}
    assert tally_differences() == []


def test_it_changes_nothing_when_it_runs_twice(source: Source) -> None:
    records = [a_record(i) for i in range(30)]
    taking(source, *records)
    before = list(Mention.objects.order_by("pk").values())
    taken = taking(source, *records)
    assert (taken.new, taken.changed, taken.already) == (0, 0, 30)
    assert list(Mention.objects.order_by("pk").values()) == before
    assert tally_differences() == []


def test_it_counts_one_post_found_twice_in_a_page_once(source: Source) -> None:
    assert taking(source, a_record(1), a_record(1)).new == 1
    assert Mention.objects.count() == 1


def test_it_leaves_out_what_no_query_matches_and_says_so(source: Source) -> None:
    taken = taking(source, a_record(1), a_record(2, "acme and roadrunner"), a_record(3, "weather"))
    assert taken.new == 1 and taken.skipped == {"not about a brand": 2}


def test_it_takes_a_post_that_turns_to_the_brand_without_naming_it(source: Source) -> None:
    reply = a_record(5, "still waiting", in_reply_to=PostRef("post-0", Account("77")))
    taking(source, reply, addressed(6, text="hey, any news?"))
    assert set(Mention.objects.values_list("addressed", flat=True)) == {"replied", "mentioned"}
    assert all(m.is_addressed and m.addressed_evidence for m in Mention.objects.all())


def test_it_marks_the_brands_own_posts_and_never_flags_them(source: Source) -> None:
    taking(source, a_record(1, "Acme is sorry for the worst delay ever", author=Author("77", "acme")))
    taking(source, a_record(2, "Thank you for telling us!", author=Author("77", "acme")))
    mention = Mention.objects.get(external_id="post-1")
    assert mention.own and not mention.complaint
    assert Mention.objects.get(external_id="post-2").own, "what the brand answers belongs to its conversations"
    assert Mention.objects.counted().count() == 0


def test_an_edit_replaces_the_text_and_keeps_what_a_person_said(source: Source) -> None:
    taking(source, a_record(1, "Acme is great", language="en"))
    Mention.objects.update(sentiment_by_person="neutral")
    edit = a_record(1, "Acme is awful, the worst", language="en", edited_at=START + timedelta(hours=1))
    assert taking(source, edit).changed == 1
    mention = Mention.objects.get()
    assert mention.text.startswith("Acme is awful") and mention.sentiment == "negative" and mention.mood == "neutral"
    assert taking(source, a_record(1, "Acme is great", language="en")).already == 1
    assert Mention.objects.get().text.startswith("Acme is awful"), "an older version came late"


def test_an_edit_that_takes_the_brand_out_takes_the_mention_away(source: Source) -> None:
    taking(source, a_record(1))
    taken = taking(source, a_record(1, "never mind", edited_at=START + timedelta(hours=1)))
    assert taken.deleted == 1 and not Mention.objects.exists()


def test_what_goes_by_an_edit_goes_from_letters_and_with_its_author_and_may_come_back(
    source: Source, brand: Brand
) -> None:
    taking(source, a_record(1))
    reader = Subscription.objects.create(brand=brand, user=a_member(brand, "manager"))
    quote = f"Acme is late. http://127.0.0.1/b/acme/mentions/{Mention.objects.get().pk}/"
    letter = Issue.objects.create(
        subscription=reader,
        text=quote,
        html=quote,
        period_start=START,
        period_end=START + timedelta(days=7),
        next_attempt_at=START,
    )
    taking(source, a_record(1, "never mind", edited_at=START + timedelta(hours=1)))
    letter.refresh_from_db()
    assert not letter.text and not letter.html
    assert not AuthorRow.objects.exists() and not Tombstone.objects.exists()
    assert taking(source, a_record(1, "Acme after all", edited_at=START + timedelta(hours=2))).new == 1
    assert tally_differences() == []


def test_a_deleted_post_goes_and_a_late_copy_stays_out(source: Source) -> None:
    taking(source, a_record(1), a_record(2))
    taken = taking(source, deletions=[Deletion("x", "post", "post-1"), Deletion("x", "post", "unknown")])
    assert taken.deleted == 1
    assert taking(source, a_record(1)).new == 0
    assert list(Mention.objects.values_list("external_id", flat=True)) == ["post-2"]
    assert "post-1" not in Tombstone.objects.get().key
    assert tally_differences() == []


def test_a_taken_down_author_is_hidden_and_restored_and_a_deleted_one_is_gone(source: Source) -> None:
    taking(source, a_record(1), a_record(8), a_record(2))
    taking(source, deletions=[Deletion("x", "author", "author-1", "hide")])
    assert Mention.objects.counted().count() == 1
    taking(source, deletions=[Deletion("x", "author", "author-1", "restore")])
    assert Mention.objects.counted().count() == 3
    taking(source, deletions=[Deletion("x", "author", "author-1", "delete")])
    assert Mention.objects.count() == 1 and AuthorRow.objects.count() == 1
    assert tally_differences() == []


def test_nothing_of_a_person_who_stepped_out_is_stored_but_a_count(source: Source) -> None:
    version, key = person_key("x", "author-1")
    OptOut.objects.create(network="x", key_version=version, key=key)
    taken = taking(source, a_record(1), a_record(2))
    assert (taken.new, taken.withheld) == (1, 1)
    assert not Mention.objects.filter(external_id="post-1").exists()
    assert not AuthorRow.objects.filter(key=key).exists()
    assert Withheld.objects.get().n == 1


def test_a_poison_record_is_set_aside_and_the_rest_is_stored(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [a_record(i) for i in range(20)] + [a_record(99, media=70_000)]
    taken = taking(source, *records, broken=[Broken({"odd\x00": "\ud800"}, "no time")])
    assert (taken.new, taken.broken) == (20, 2)
    assert {q.reason for q in Quarantine.objects.all()} >= {"no time"}
    assert taking(source, *records).broken == 1 and Quarantine.objects.count() == 2, "set aside once"


def test_a_page_that_fails_moves_no_cursor_and_stores_nothing(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    taking(source, a_record(1))

    def broken(*args: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(coverage, "note", broken)
    judge = Judge(tuple(tracked_by(source)))
    with pytest.raises(RuntimeError):
        take(Place(source, "all"), Page(records=[a_record(2)], cursor={"at": 2}), judge, NOW)
    assert Cursor.objects.get().value == {"at": 1} and Mention.objects.count() == 1


def test_holes_become_gaps_once(source: Source) -> None:
    hole = Hole(START, START + timedelta(hours=3), "The stream looks back 36 hours, 3 are missing.")
    taking(source, holes=[hole])
    taking(source, holes=[hole])
    assert Gap.objects.get().reason.startswith("The stream")


def test_one_post_is_a_mention_of_every_brand_it_concerns(source: Source) -> None:
    rival = a_brand("Roadside", slug="roadside")
    Query.objects.create(brand=rival, text="roadside")
    source.brands.add(rival)
    taking(source, a_record(1, "Acme beats Roadside"))
    assert set(Mention.objects.values_list("brand__slug", flat=True)) == {"acme", "roadside"}


def test_a_query_that_cannot_be_read_leaves_the_others_working(source: Source, brand: Brand) -> None:
    Query.objects.create(brand=brand, name="broken", text="(((")
    assert taking(source, a_record(1)).new == 1


def test_a_batch_with_a_nul_byte_is_stored_whole(source: Source) -> None:
    records = [a_record(i, f"acme \x00 {i} 👩‍👩‍👧 🇩🇪") for i in range(100)]
    assert taking(source, *records).new == 100
    assert "👩‍👩‍👧 🇩🇪" in Mention.objects.first().text  # type: ignore[union-attr]


def test_a_first_reading_is_marked_as_back_fill(source: Source) -> None:
    Source.objects.update(created_at=START + timedelta(minutes=2))
    source.refresh_from_db()
    taking(source, a_record(1), a_record(3))
    assert sorted(Mention.objects.values_list("back_fill", flat=True)) == [False, True]


def test_a_query_for_addressed_posts_asks_about_its_own_brand(source: Source, brand: Brand) -> None:
    brand.queries.update(text="parcel is:addressed")
    rival = a_brand("Roadside", slug="roadside")
    Query.objects.create(brand=rival, text="parcel is:addressed")
    source.brands.add(rival)
    taking(source, addressed(1, text="@acme where is my parcel?"), a_record(2, "my parcel is late"))
    found = Mention.objects.get()
    assert found.brand == brand and found.spans


def test_a_query_for_a_language_sees_what_will_be_stored(source: Source, brand: Brand) -> None:
    brand.queries.update(text="acme lang:de")
    german = "Acme hat mein Paket schon wieder nicht geliefert und niemand antwortet"
    taking(source, a_record(1, german), a_record(2, "Acme has lost my parcel once again and nobody answers"))
    assert Mention.objects.get().language == "de"


def test_an_import_leaves_what_a_network_told_as_it_is(source: Source, brand: Brand) -> None:
    taking(source, addressed(1, text="@acme where is it?"))
    files = Source.objects.create(kind="file", name="Files", next_pull_at=START)
    place = Place(files, "files", assigned=brand.pk, gives_way=True)
    page = Page(records=[a_record(1, "@acme where is it?"), a_record(2)], cursor={})
    taken = take(place, page, Judge(tuple(tracked_by(source))), NOW)
    assert (taken.new, taken.already) == (1, 1)
    assert Mention.objects.get(external_id="post-1").addressed == "mentioned"


@pytest.mark.parametrize(
    ("text", "title", "folded"),
    [
        ("ACME Broke AGAIN", None, "acme broke again"),
        ("Acme: d\u00c9j\u00c0 \u0130 vu", None, "acme: deja i vu"),
        ("", "Acme On TV", "acme on tv\n"),
        ("Acme Again", "On TV", "on tv\nacme again"),
    ],
)
def test_what_is_not_sent_for_a_post_is_stored_as_if_it_were(
    source: Source, text: str, title: str | None, folded: str
) -> None:
    taking(source, a_record(1, text, title=title, url=None, likes=0, views=None, media=1, rating=0.0))
    mention = Mention.objects.get()
    assert (mention.text, mention.title, mention.folded) == (text, title or "", folded)
    assert (mention.likes, mention.views, mention.rating) == (0, None, 0.0)
    assert (mention.url, mention.hidden, mention.reply_to, mention.links) == ("", "", "", [])
    assert (mention.own, mention.complaint_by_person, mention.public_ok) == (False, None, True)


def test_a_post_of_pictures_alone_is_stored_without_text(source: Source) -> None:
    taking(source, a_record(1, "", mentions=(Account(handle="acme"),), media=2, public_ok=False))
    mention = Mention.objects.get()
    assert (mention.text, mention.folded, mention.media, mention.public_ok) == ("", "", 2, False)
