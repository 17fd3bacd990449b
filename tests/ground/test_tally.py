"""The tally equals the mentions, whoever changes them and however many at once."""

import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum

from listening.models import Brand, Mention, Sentiment, Tally
from listening.models.tally import fold_tally, rebuild_tally, tally_differences

START = datetime(2026, 3, 28, 12, tzinfo=UTC)


@pytest.fixture
def brand(db: None) -> Brand:
    return Brand.objects.create(name="Acme", slug="acme")


def rows(brand: Brand, seed: int, n: int, prefix: str = "") -> list[Mention]:
    rng = random.Random(seed)
    return [
        Mention(
            brand=brand,
            network=rng.choice(["x", "bluesky"]),
            external_id=f"{prefix}{seed}-{i}",
            text="words",
            published_at=START + timedelta(minutes=rng.randrange(600)),
            collected_at=START,
            language=rng.choice(["en", "de"]),
            sentiment=rng.choice(Sentiment.values),
            complaint=rng.random() < 0.3,
            unsure=rng.random() < 0.2,
            sentiment_engine=rng.choice(["vader-1", "other-2"]),
            addressed=rng.choice(["mentioned", "talked_about"]),
            own=rng.random() < 0.1,
            hidden=rng.choice(["", "", "withheld"]),
        )
        for i in range(n)
    ]


def total() -> int:
    return Tally.objects.aggregate(n=Sum("n"))["n"] or 0


def test_it_counts_inserts_updates_and_deletes_in_the_same_transaction(brand: Brand) -> None:
    Mention.objects.bulk_create(rows(brand, 1, 300))
    assert total() == Mention.objects.counted().count() > 100
    Mention.objects.filter(sentiment="neutral").update(sentiment_by_person="positive", complaint_by_person=True)
    Mention.objects.filter(language="de").update(published_at=START + timedelta(days=3), hidden="")
    Mention.objects.filter(network="x").delete()
    assert tally_differences() == []
    assert Tally.objects.filter(is_complaint=True).aggregate(n=Sum("n"))["n"] == (
        Mention.objects.counted().filter(is_complaint=True).count()
    )


def test_it_stays_exact_when_rows_of_a_cell_are_merged(brand: Brand) -> None:
    for seed in range(5):
        Mention.objects.bulk_create(rows(brand, seed, 100))
    before, crowded = total(), Tally.objects.count()
    assert fold_tally() > 0
    assert total() == before
    assert Tally.objects.count() < crowded
    assert tally_differences() == []
    assert fold_tally() == 0


def test_it_leaves_nothing_when_everything_is_deleted(brand: Brand) -> None:
    Mention.objects.bulk_create(rows(brand, 2, 50))
    Mention.objects.all().delete()
    fold_tally()
    assert Tally.objects.count() == 0


def test_recount_check_names_the_differing_cells_and_recount_repairs(
    brand: Brand, capsys: pytest.CaptureFixture[str]
) -> None:
    Mention.objects.bulk_create(rows(brand, 3, 20))
    call_command("recount", check=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE listening_tally SET n = n + 1 WHERE id = (SELECT min(id) FROM listening_tally)")
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        call_command("recount", check=True)
    assert stop.value.code == 1
    assert "tally" in capsys.readouterr().out
    call_command("recount")
    call_command("recount", check=True)


def test_rebuilding_gives_what_the_triggers_gave(brand: Brand) -> None:
    Mention.objects.bulk_create(rows(brand, 4, 200))
    before = total()
    with transaction.atomic():
        rebuild_tally()
    assert total() == before and tally_differences() == []


@pytest.fixture
def two_brands(transactional_db: None) -> Iterator[list[Brand]]:
    yield [Brand.objects.create(name=f"Brand {i}", slug=f"brand-{i}") for i in range(2)]


def test_writers_of_the_same_hours_do_not_deadlock(two_brands: list[Brand]) -> None:
    errors: list[Exception] = []

    def write(seed: int) -> None:
        rng = random.Random(seed)
        try:
            for turn in range(6):
                with transaction.atomic():
                    for brand in rng.sample(two_brands, 2):
                        Mention.objects.bulk_create(rows(brand, turn, 20, prefix=f"{seed}-"))
                        own = Mention.objects.filter(brand=brand, external_id__startswith=f"{seed}-")
                        own.filter(sentiment="neutral").update(sentiment_by_person="negative")
                fold_tally()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[seed]) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Mention.objects.count() == 6 * 6 * 2 * 20
    assert tally_differences() == []


def test_a_deleted_brand_leaves_no_cells(brand: Brand) -> None:
    Mention.objects.bulk_create(rows(brand, 5, 50))
    brand.delete()
    fold_tally()
    assert Tally.objects.count() == 0 and tally_differences() == []
