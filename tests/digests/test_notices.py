"""Admins hear of a broken source once, not once a run."""

from datetime import UTC, datetime

from dashboard.notices import tell_of_broken_sources
from listening.models import Brand, Membership, Source, User
from tests.digests.conftest import Post

NOW = datetime(2026, 5, 11, tzinfo=UTC)


def test_each_admin_is_told_once_with_the_reason_and_the_way_to_mend_it(smtp: Post, brand: Brand) -> None:
    for role in ("admin", "manager"):
        user = User.objects.create_user(f"{role}@example.org")
        Membership.objects.create(user=user, brand=brand, role=role)
    source = Source.objects.create(
        kind="x",
        name="X search",
        next_pull_at=NOW,
        state=Source.State.BROKEN,
        error_code="auth",
        error_sentence="X does not accept the token any more: enter a new one.",
        error_since=NOW,
    )
    source.brands.add(brand)
    assert tell_of_broken_sources(NOW) == 1
    assert tell_of_broken_sources(NOW) == 0
    mail = smtp.mails[0]
    assert mail["subject"] == "Earshot: X search needs attention"
    assert "enter a new one" in mail.get_content() and f"/b/acme/settings/sources/{source.pk}/" in mail.get_content()
    assert len(smtp.mails) == 1


def test_a_source_that_is_only_waiting_is_no_reason_for_a_mail(smtp: Post, brand: Brand) -> None:
    source = Source.objects.create(kind="x", name="X", next_pull_at=NOW, error_code="server", error_since=NOW)
    source.brands.add(brand)
    assert tell_of_broken_sources(NOW) == 0 and smtp.mails == []
