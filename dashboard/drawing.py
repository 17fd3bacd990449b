"""Drawing the line: a new version of a brand's policy, with its entry in the audit log."""

from django.db import IntegrityError, transaction

from dashboard.audit import note
from listening.line import Policy
from listening.line.changes import differences
from listening.models import Brand, Line, User


class Outdated(Exception):
    """Somebody else moved the line meanwhile; the message is a sentence for people."""


def draw(brand: Brand, policy: Policy, name: str, seen: int, user: User) -> Line | None:
    """Make `policy` the line under the next version number; None when nothing changes. Raises Outdated.

    `seen` is the version that the author looked at.
    """
    live = Line.objects.of(brand)
    if live.version != seen:
        raise Outdated("Somebody else moved the line since you opened it. Look at theirs, then move it again.")
    changed = differences(live.read(), policy)
    if not changed and name == live.name:
        return None
    try:
        with transaction.atomic():
            line = Line.objects.create(brand=brand, version=seen + 1, name=name, policy=policy.as_json(), author=user)
            note(user, "moved the line", brand, name, version=line.version, changed=changed)
    except IntegrityError as error:
        raise Outdated("Somebody else moved the line at the same moment. Look at theirs first.") from error
    return line
