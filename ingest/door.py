"""The network door as sources use it: its errors become SourceErrors."""

from collections.abc import Iterator
from contextlib import contextmanager

from ingest.sources.base import SourceError
from listening.http import ForbiddenAddress, NetworkError


@contextmanager
def told_as_source_error() -> Iterator[None]:
    """Everything that the door raises, in the words of the contract."""
    try:
        yield
    except NetworkError as error:
        raise as_source_error(error) from error
    except ForbiddenAddress as error:
        raise SourceError(error.sentence, code="settings", permanent=True) from error


def as_source_error(error: NetworkError) -> SourceError:
    return SourceError(
        error.sentence, code=error.code, permanent=error.permanent, retry_at=error.retry_at, raw=error.raw
    )
