"""Taken: a name that a form found free, and that somebody else took at the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


class Taken(Exception):
    """The message is a sentence for the form."""


@contextmanager
def once(constraint: str, sentence: str) -> Iterator[None]:
    """What is written here is written whole, or Taken is raised where the database's `constraint` refuses it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if constraint not in str(error):
            raise
        raise Taken(sentence) from error
