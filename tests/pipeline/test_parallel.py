"""Twenty deliveries of the same posts at once leave one row each, and one author each."""

import threading

import pytest
from django.db import connection

from ingest.match import Judge
from ingest.pipeline import Place, take
from ingest.sources.base import Page
from ingest.tracked import tracked_by
from listening.models import Author, Mention, Query, Source
from listening.models.tally import tally_differences
from tests.builders import a_brand
from tests.pipeline.scripted import START, a_record
from tests.pipeline.test_pipeline import NOW


@pytest.mark.django_db(transaction=True)
def test_parallel_deliveries_of_the_same_posts_are_one_row_each() -> None:
    brand = a_brand("Acme", slug="acme")
    Query.objects.create(brand=brand, text="acme")
    Query.objects.create(brand=brand, name="second", text="parcel")
    source = Source.objects.create(kind="file", name="F", next_pull_at=START)
    source.brands.add(brand)
    judge = Judge(tuple(tracked_by(source)))
    errors: list[Exception] = []

    def deliver(number: int) -> None:
        records = [a_record(i) for i in range(25)]
        try:
            take(
                Place(source, f"worker {number}"),
                Page(records=records[:: -1 if number % 2 else 1], cursor={}),
                judge,
                NOW,
            )
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Mention.objects.count() == 25 and Author.objects.count() == 7
    assert all(len(mention.spans) == 2 for mention in Mention.objects.all()), "both queries match the same post"
    assert tally_differences() == []
