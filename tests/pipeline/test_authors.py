"""Authors of a page: one row each, written where it says something new, and otherwise neither written nor locked."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from ingest import authors
from ingest.record import Author as Told
from listening.models import Author
from listening.models.person import NAMES_SHOWN
from listening.people import keys_of
from tests.pipeline.scripted import a_record
from tests.pipeline.test_pipeline import NOW

ANN = Told(id="1", handle="ann", name="Ann", followers=10)


def written(told: Told, now: datetime) -> int:
    """The row of this author after a page with a post of theirs."""
    record = replace(a_record(1), author=told)
    (pk,) = authors.write([record], keys_of([(record.network, told.id)]), now).values()
    return pk


def version(pk: int) -> str:
    """What changes whenever the row is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid || '/' || xmax FROM listening_author WHERE id = %s", [pk])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_an_author_who_is_read_again_with_nothing_new_is_not_written() -> None:
    pk = written(ANN, NOW)
    before = version(pk)
    assert written(ANN, NOW + timedelta(hours=20)) == pk
    assert written(replace(ANN, followers=None), NOW + timedelta(hours=20)) == pk, "not told is nothing new"
    assert version(pk) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "new", [{"handle": "anna"}, {"name": "Anna"}, {"url": "https://example.org"}, {"followers": 9}]
)
def test_whatever_is_new_of_an_author_is_written(new: dict[str, object]) -> None:
    pk = written(ANN, NOW)
    assert written(replace(ANN, **new), NOW) == pk  # type: ignore[arg-type]
    ((name, value),) = new.items()
    assert getattr(Author.objects.get(pk=pk), name) == value


@pytest.mark.django_db
def test_a_name_that_is_read_a_day_later_is_kept_a_day_longer() -> None:
    pk = written(ANN, NOW)
    written(ANN, NOW + timedelta(days=1))
    assert Author.objects.get(pk=pk).shown_until == NOW + timedelta(days=1) + NAMES_SHOWN


@pytest.mark.django_db
def test_a_name_that_has_expired_is_shown_again_when_it_is_read() -> None:
    pk = written(ANN, NOW)
    Author.objects.filter(pk=pk).update(handle="", name="", shown_until=None)
    written(ANN, NOW)
    author = Author.objects.get(pk=pk)
    assert (author.handle, author.shown_until) == ("ann", NOW + NAMES_SHOWN)


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_share_known_authors_do_not_wait_for_each_other() -> None:
    pk = written(ANN, NOW)
    found: list[object] = []

    def beside() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '3s'")
                found.append(written(ANN, NOW))
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        written(ANN, NOW)
        thread = threading.Thread(target=beside)
        thread.start()
        thread.join()
    assert found == [pk]
