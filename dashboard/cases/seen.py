"""Seen: which reply somebody saw when they acted, so that whoever comes second is told and loses nothing."""

from dataclasses import dataclass

from listening.models import Case, Reply


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest reply that somebody saw, in which version; nothing where there was none. In forms "12:3"."""

    pk: int = 0
    version: int = 0

    @classmethod
    def read(cls, told: str) -> "Seen":
        """What a form sends back; nonsense has seen nothing."""
        parts = told.split(":")
        digits = len(parts) == 2 and all(one.isascii() and one.isdigit() and len(one) < 10 for one in parts)
        return cls(int(parts[0]), int(parts[1])) if digits else cls()

    @classmethod
    def of(cls, reply: Reply | None) -> "Seen":
        return cls(reply.pk, reply.version) if reply else cls()

    def __str__(self) -> str:
        return f"{self.pk}:{self.version}"


class Stale(Exception):
    """Somebody was faster; the message is a sentence, `reply` what is there now."""

    def __init__(self, reply: Reply | None) -> None:
        super().__init__("Somebody else worked on this answer meanwhile. Nothing of yours was lost: look again.")
        self.reply = reply


class NotNow(Exception):
    """The reply is in a state in which this can't be done; the message is a sentence."""


def latest(case: Case) -> Reply | None:
    return case.replies.select_related("decision__line", "author", "approved_by").order_by("-pk").first()


def held(case: Case, seen: Seen) -> Reply | None:
    """The newest reply, when it still is what somebody saw; the case is held until the transaction ends."""
    Case.objects.hold(case.pk)
    reply = latest(case)
    if Seen.of(reply) != seen:
        raise Stale(reply)
    return reply
