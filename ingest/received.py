"""Received: what the answer of a webhook's receiver means. Its words are never kept: they may be anybody's."""

from dataclasses import dataclass
from datetime import datetime

from listening.http_answers import TRIES_AGAIN

GONE = "The receiver answered 410: it wants nothing more."


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is what the receiver answered, None where nobody did; `sentence` is "" when it took the message."""

    status: int | None
    sentence: str = ""
    retry_at: datetime | None = None


def outcome_of(status: int, retry_at: datetime | None = None) -> Outcome:
    """Anything but 200 to 299 is a failure."""
    if 200 <= status < 300:
        return Outcome(status)
    if 300 <= status < 400:
        sentence = f"It answered {status}, a redirect, and none is followed: enter the address that it leads to."
    elif status == 410:
        sentence = GONE
    elif status in (401, 403):
        sentence = f"It refused the message ({status}). Check that the receiver uses the newest secret."
    elif status in (404, 405):
        sentence = f"It answered {status}: check the address, and that it takes POST."
    else:
        sentence = f"It answered {status} instead of 200 to 299."
    return Outcome(status, sentence, retry_at)


def silence(sentence: str) -> Outcome:
    """Nobody answered. Whether it is tried again says the log: tests and messages that are given up are not."""
    return Outcome(None, sentence.replace(TRIES_AGAIN, "."))
