"""Names go after a while, also where people signed their own posts; nothing of the post moves."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest import forget
from listening.models import Author
from listening.query import fold
from tests.builders import a_brand, a_mention, an_author

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_a_name_goes_with_where_it_stands_in_the_persons_own_posts() -> None:
    brand = a_brand()
    rosa = an_author(handle="rosa.bsky.social", name="Rosa Kowalski", shown_until=NOW - timedelta(hours=1))
    ben = an_author(handle="ben_1", shown_until=NOW + timedelta(hours=1))
    signed = a_mention(brand, "@rosa says acme broke", title="By ROSA kowalski", author=rosa, spans={"1": [[11, 15]]})
    other = a_mention(brand, "I agree with @rosa about acme, ben_1", author=ben)
    unsigned = a_mention(brand, "acme is late", author=rosa)
    assert forget.expire(NOW)["names"] == 1
    for mention in (signed, other, unsigned):
        mention.refresh_from_db()
    assert (signed.text, signed.title) == ("@•••• says acme broke", "By •••••••••••••")
    assert signed.text[11:15] == "acme"
    assert signed.folded == fold(f"{signed.title}\n{signed.text}")
    assert other.text == "I agree with @rosa about acme, ben_1"
    assert unsigned.text == "acme is late"
    assert Author.objects.get(pk=rosa.pk).handle == Author.objects.get(pk=rosa.pk).name == ""
    assert Author.objects.get(pk=ben.pk).handle == "ben_1"
    assert forget.expire(NOW)["names"] == 0
