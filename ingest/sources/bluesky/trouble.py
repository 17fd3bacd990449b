"""Trouble: what a stream that cannot be read says to people."""

from ingest.sources.base import SourceError
from ingest.sources.bluesky.tail import Refused
from listening.http import ForbiddenAddress, shown


def interrupted(url: str, what: str, code: str, cause: Exception) -> SourceError:
    """An error that passes by itself; `what` completes "Jetstream (address) ..."."""
    error = SourceError(f"Jetstream ({shown(url)}) {what}. Earshot tries again by itself.", code=code, raw=str(cause))
    error.__cause__ = cause
    return error


def refused(url: str, cause: Refused | ForbiddenAddress) -> SourceError:
    """An error of the handshake: a server that is away, or one that is none."""
    if isinstance(cause, ForbiddenAddress):
        return SourceError(str(cause), code="settings", permanent=True)
    if cause.status is None:
        return interrupted(url, "could not be reached", "network", cause)
    if cause.status >= 500:
        return interrupted(url, f"is out of order ({cause.status})", "server", cause)
    if cause.status == 429:
        return interrupted(url, "has too many connections from this address", "rate_limit", cause)
    return SourceError(
        f"{shown(url)} refused the connection ({cause.status}). Is this the address of a Jetstream server?",
        code="not_found" if cause.status == 404 else "settings",
        raw=str(cause),
    )
