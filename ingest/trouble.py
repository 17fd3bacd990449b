"""Trouble: a source could not be read or written to, told so that a person and a caller know what to do."""

from datetime import datetime

from listening import faults


class SourceError(Exception):
    """A source could not be read.

    `sentence`    for people: what happened, why, what to do next
    `code`        "rate_limit", "quota", "auth", "plan", "not_found", "schema", "network", "server", "settings"
    `permanent`   True: do not try again before somebody changed something
    `retry_at`    aware UTC time before which trying again is useless, None where the caller may choose
    `raw`         the network's own words, shortened; of an answer of an unknown shape only the shape, for it may hold
                  posts of people whom nobody asked yet whether they may be heard
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: str,
        permanent: bool = False,
        retry_at: datetime | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.permanent = permanent
        self.retry_at = retry_at
        self.raw = (faults.shape_of(raw) if code == "schema" else raw)[:2000]
