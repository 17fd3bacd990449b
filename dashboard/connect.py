"""Connect: try a source, or look at fresh posts, from a page; bounded in time, and nothing is stored."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Protocol, TypeVar

from ingest.sources import load
from ingest.sources.base import Check, Config, Found, Source as Connection, SourceError
from listening import faults, people
from listening.models import Source
from listening.query import QueryError
from listening.secrets import Unreadable, unseal

logger = logging.getLogger(__name__)
CHECK_SECONDS = 20.0
PREVIEW_SECONDS = 8.0
OURS = "Something went wrong inside Earshot, not at the network."
T = TypeVar("T")


class FreshPost(Protocol):
    """What a page sees of a post that was just fetched; `ingest.record.Record` is one."""

    @property
    def network(self) -> str: ...
    @property
    def url(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> bool: ...
    @property
    def title(self) -> str | None: ...
    @property
    def published_at(self) -> datetime: ...
    @property
    def author(self) -> Any: ...
    @property
    def links(self) -> tuple[str, ...]: ...
    @property
    def language(self) -> str | None: ...
    @property
    def community(self) -> str | None: ...


class TooSlow(Exception):
    """No answer within the time that a page can wait."""


def connection(
    kind: type[Connection], settings: Mapping[str, Any], credentials: Mapping[str, str], **bounds: Any
) -> Connection:
    """`bounds` are `out_of_time` and `allowance`, as in the contract."""
    return kind(Config(settings=settings, credentials=credentials, now=lambda: datetime.now(UTC), **bounds))


def of_row(source: Source) -> Connection:
    """The connection of a stored source. Raises listening.secrets.Unreadable."""
    return connection(load(source.kind), source.settings, unseal(source.credentials))


def check(kind: type[Connection], settings: Mapping[str, Any], credentials: Mapping[str, str]) -> Check:
    """What "test connection" answers, within 20 seconds; every failure is an answer."""
    try:
        return within(CHECK_SECONDS, lambda: connection(kind, settings, credentials).check())
    except TooSlow:
        return Check(False, f"{kind.label} did not answer within {CHECK_SECONDS:.0f} seconds. Try again in a minute.")
    except SourceError as error:
        return Check(False, error.sentence, {"code": error.code, "raw": error.raw})
    except Exception as error:
        faults.log(logger, f"the check of {kind.kind} failed", error)
        place = {"raw": faults.place_of(error)}
        return Check(False, OURS, place)


def check_row(source: Source) -> Check:
    try:
        credentials = unseal(source.credentials)
    except Unreadable as error:
        return Check(False, error.sentence)
    return check(load(source.kind), source.settings, credentials)


def fresh(source: Connection, query: str, limit: int) -> tuple[list[FreshPost], str]:
    """Newest posts for a query from one network, and a sentence where there are none because of a failure."""
    try:
        return _heard(within(PREVIEW_SECONDS, lambda: list(source.preview(query, limit)))), ""
    except TooSlow:
        return [], f"{source.label} did not answer within {PREVIEW_SECONDS:.0f} seconds."
    except (SourceError, QueryError) as error:
        return [], error.sentence
    except Exception as error:
        faults.log(logger, f"the preview of {source.kind} failed", error)
        return [], f"{source.label} could not be asked: something went wrong inside Earshot. The log says more."


def _heard(posts: list[FreshPost]) -> list[FreshPost]:
    """Without those of people who stepped out: nobody sees them, not even before anything is stored."""
    gone = people.opted_out(name for post in posts for name in _names(post))
    return [post for post in posts if gone.isdisjoint(_names(post))]


def _names(post: FreshPost) -> list[people.Person]:
    author = post.author
    if author is None:
        return []
    by_id = [(post.network, str(author.id))] if author.id else []
    return by_id + ([people.handle_person(post.network, author.handle)] if author.handle else [])


def forecast(source: Connection, query: str) -> str:
    """What following a query would cost at a network that takes money for each post."""
    try:
        return within(PREVIEW_SECONDS, lambda: source.forecast(query)) or f"{source.label} charges for each post."
    except TooSlow:
        return f"{source.label} did not answer within {PREVIEW_SECONDS:.0f} seconds."
    except SourceError as error:
        return error.sentence
    except Exception as error:
        faults.log(logger, f"the forecast of {source.kind} failed", error)
        return f"{source.label} could not be asked: something went wrong inside Earshot. The log says more."


def accounts(source: Connection, handles: list[str], seconds: float) -> dict[str, Found]:
    """What a network says of these accounts, as far as it answered in time."""
    told: dict[str, Found] = {}

    def ask() -> None:
        for handle, found in source.look_up(handles):
            told[handle] = found

    try:
        within(seconds, ask)
    except TooSlow:
        return dict(told)
    except Exception as error:
        faults.log(logger, f"looking up accounts at {source.kind} failed", error)
        return dict.fromkeys(handles, Found("unknown", why=OURS)) | told
    return dict(told)


def within(seconds: float, call: Callable[[], T]) -> T:
    """The call's result. Raises TooSlow when it takes longer; the call then ends unheard in its own thread."""
    box: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

    def run() -> None:
        try:
            box.put((True, call()))
        except Exception as error:
            box.put((False, error))

    Thread(target=run, daemon=True).start()
    try:
        fine, result = box.get(timeout=seconds)
    except Empty:
        raise TooSlow from None
    if not fine:
        raise result
    answer: T = result
    return answer
