"""Each brand has a line from its first moment, and no version of it ever changes."""

import pytest
from django.db import DatabaseError, transaction

from listening.line import Policy
from listening.models import Line
from tests.builders import a_brand

pytestmark = pytest.mark.django_db


def test_a_brand_is_born_with_the_line_only_when_spoken_to() -> None:
    line = Line.objects.of(a_brand())
    assert (line.version, line.name, line.author) == (1, "Only when spoken to", None)
    assert line.read() == Policy()
    assert line.policy == Policy().as_json()


def test_a_version_is_never_changed() -> None:
    line = Line.objects.of(a_brand())
    line.policy = Policy(who="complaints").as_json()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        line.save()


def test_the_newest_version_holds() -> None:
    brand = a_brand()
    Line.objects.create(brand=brand, version=2, name="Listen only", policy=Policy(who="nobody").as_json())
    assert Line.objects.of(brand).read().who == "nobody"
    assert Line.objects.of(brand).read().version == 2


def test_a_brand_goes_with_its_line() -> None:
    brand = a_brand()
    brand.delete()
    assert not Line.objects.exists()
