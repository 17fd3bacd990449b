"""Files that people and tools really wrote; they are not part of the repository."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from ingest.importing import Plan, RowError, guess, read
from ingest.record import Record
from listening.models import Brand, Mention, Source
from tests.builders import a_brand

AIRLINES = {"american": "American", "us-airways": "US Airways", "southwest": "Southwest", "virgin": "Virgin America"}


@pytest.fixture(scope="module")
def airline(labelled: Path) -> Path:
    return labelled / "airline" / "american_usairways_southwest_virgin.tsv"


def records(path: Path, plan: Plan | None = None) -> tuple[list[Record], list[RowError]]:
    found = list(read(path, plan or guess(path)))
    return [one for one in found if isinstance(one, Record)], [one for one in found if isinstance(one, RowError)]


def test_it_understands_a_table_with_backslashes_alone(airline: Path) -> None:
    plan = guess(airline)
    assert dict(plan.columns) == {
        "text": "text",
        "id": "tweet_id",
        "created_at": "tweet_created",
        "shares": "retweet_count",
    }
    assert (plan.quoting, plan.network, plan.questions) == ("backslash", "x", ())
    found, errors = records(airline, plan)
    assert (len(found), errors) == (8543, [])
    assert not any("\\" in record.text and '\\"' in record.text for record in found)
    assert any('"' in record.text for record in found)


@pytest.mark.parametrize("folder", ["complaints_acl2019", "sanders", "customer_support_twitter"])
def test_it_reads_every_row_of_tables_with_tweets(labelled: Path, folder: str) -> None:
    for path in sorted((labelled / folder).glob("*.tsv")):
        found, errors = records(path)
        assert found
        assert errors == []


@pytest.mark.slow
@pytest.mark.django_db
def test_it_imports_one_file_as_four_brands(airline: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = Counter(record.raw["airline"] for record in records(airline)[0] if record.raw)
    for slug, name in AIRLINES.items():
        a_brand(slug=slug, name=name)
        call_command("import_posts", str(airline), "--brand", slug, "--where", f"airline={name}")
    ids = {(record.raw["airline"], record.external_id) for record in records(airline)[0] if record.raw}
    stored = Counter(Brand.objects.filter(mentions__isnull=False).values_list("name", flat=True))
    assert stored == Counter(name for name, _ in ids)
    assert rows.total() == 8543
    assert Source.objects.filter(kind="file").count() == 4
    assert not Mention.objects.filter(text__contains="&amp;").exists()


@pytest.mark.parametrize(
    ("name", "posts", "errors"),
    [
        ("2sets", 200, 0),
        ("brexit", 100, 0),
        ("cotweet", 1, 0),
        ("counts", 0, 1),
        ("edited_after", 1, 0),
        ("edited_before", 1, 0),
        ("entities_test", 474, 0),
        ("flat", 100, 0),
        ("kpop", 100, 0),
        ("lists", 0, 2),
        ("media_policy_violation_off", 100, 0),
        ("mentions_tweet", 1, 0),
        ("noflat", 100, 0),
        ("streaming_output_with_error", 7, 1),
        ("users", 0, 1),
        ("withheld", 215, 0),
    ],
)
def test_it_reads_pages_of_x_as_tools_saved_them(payloads: Path, name: str, posts: int, errors: int) -> None:
    path = payloads / "x-twarc-csv" / f"{name}.jsonl"
    plan = guess(path)
    assert (plan.shape, plan.network) == ("x", "x")
    found, bad = records(path, plan)
    assert (len(found), len(bad)) == (posts, errors)
    assert all(record.author and record.author.id.isdigit() for record in found)


def test_it_says_that_the_last_line_of_a_stream_is_cut_off(payloads: Path) -> None:
    _, (error,) = records(payloads / "x-twarc-csv" / "streaming_output_with_error.jsonl")
    assert error.row == 8
    assert "cut off" in error.reason


def test_it_reads_whole_and_flattened_pages_alike(payloads: Path) -> None:
    whole, _ = records(payloads / "x-twarc-csv" / "noflat.jsonl")
    flat, _ = records(payloads / "x-twarc-csv" / "flat.jsonl")
    by_id = {record.external_id: record for record in whole}
    same = [record for record in flat if record.external_id in by_id]
    assert len(same) >= 90
    for record in same:
        other = by_id[record.external_id]
        assert (record.text, record.author, record.mentions) == (other.text, other.author, other.mentions)
        assert (record.in_reply_to, record.quotes, record.reposts) == (other.in_reply_to, other.quotes, other.reposts)


def test_it_hides_what_is_withheld_and_keeps_chains_of_edits_together(payloads: Path) -> None:
    withheld, _ = records(payloads / "x-twarc-csv" / "withheld.jsonl")
    assert sum(record.hidden == "withheld" for record in withheld) == 13
    (before,), _ = records(payloads / "x-twarc-csv" / "edited_before.jsonl")
    (after,), _ = records(payloads / "x-twarc-csv" / "edited_after.jsonl")
    assert before.external_id == after.external_id == "1576994746135764992"
    assert (before.edited_at is None, after.edited_at is None) == (True, False)
