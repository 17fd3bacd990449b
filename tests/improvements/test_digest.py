"""The weekly digest tells what an improvement brought, in the week in which its days are over."""

from datetime import timedelta

import pytest

from dashboard.digests.content import write
from listening.models import Improvement, Subscription
from tests.builders import a_member
from tests.improvements.conftest import BOARD
from tests.improvements.made import DONE, noon

pytestmark = pytest.mark.django_db


def test_the_digest_of_the_week_in_which_the_days_were_over_has_a_line(measured: Improvement) -> None:
    reader = Subscription.objects.create(user=a_member(measured.brand, "manager"), brand=measured.brand)
    monday = noon(DONE) + timedelta(days=27, hours=-12)  # the 28 days are over on the Wednesday after it
    line = "Shorten the refund form: complaints about it fell by "
    this, next_ = (write(reader, start, start + timedelta(days=7)) for start in (monday, monday + timedelta(days=7)))
    assert this and line in this.text
    assert "28 days before against 28 after." in this.text
    assert "What improvements brought" in this.html
    assert f"{BOARD}{measured.pk}/" in this.html
    assert f'&amp;theme={measured.theme_id}"' in this.html  # what is being talked about opens its mentions
    assert next_ and "improvements brought" not in next_.text
