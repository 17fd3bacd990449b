"""`manage.py match`: which queries match which posts, without a database."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from listening.query import Match, Matcher, Post, Query, QueryError, parse

HELP = """
Match posts (JSON Lines) against queries and print one JSON line per post, in order.

QUERIES is a JSON file: {"id": "query text", ...} or [{"id": ..., "query": "..."}, ...].
A post is {"text": "..."} with any of: id, title, author, author_name, author_id, url, site, links, language, source,
community, followers, rating, engagement, is_original, is_reply, is_quote, is_repost, is_addressed, has_link,
has_media, has_question; also network for source, lang for language, and author as an object with handle, name, id
and followers. Other keys are ignored. What is missing or null counts as "not told".
Output: {"row": 1, "id": ..., "matches": [{"query": "id", "spans": [[start, end], ...], "title_spans": [...]}]}.
Offsets count characters. Rows that cannot be read are told on stderr, one line each, and the exit status is 1 after
all good rows were answered.
"""
_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("text", "title", "author", "author_name", "author_id", "url", "site"), (str,)),
    **dict.fromkeys(("language", "source", "community"), (str,)),
    **dict.fromkeys(("followers", "engagement"), (int,)),
    "rating": (int, float),
    "links": (list,),
}
_OTHER_NAMES = {"network": "source", "lang": "language"}
_NAMES = tuple(field.name for field in fields(Post))


class BadRow(ValueError):
    """A row that is no post, and why."""


class Command(BaseCommand):
    help = "Match posts (JSON Lines) against queries; needs no database."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.description = HELP.strip()
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queries", required=True, metavar="FILE", help="JSON file with the queries")
        parser.add_argument("posts", metavar="FILE|-", help="JSON Lines file with the posts, - for standard input")

    def handle(self, *, queries: str, posts: str, **options: Any) -> None:
        named = read_queries(Path(queries))
        names = list(named)
        matcher = Matcher(dict(enumerate(named.values())))
        bad = row = 0
        with _opened(posts) as lines:
            for row, line in enumerate(_shown(lines), 1):
                try:
                    answer = _answer(row, line, matcher, names)
                except BadRow as error:
                    bad += 1
                    self.stderr.write(f"row {row}: {error}")
                    continue
                if answer:
                    self.stdout.write(answer)
        if bad:
            self.stderr.write(f"{bad} of {row} rows could not be read.")
            sys.exit(1)


def read_queries(path: Path) -> dict[Any, Query]:
    """Queries by id, in the file's order. Raises CommandError that names the query and the place in it."""
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error
    return {name: _parsed(name, text) for name, text in _pairs(told)}


def _pairs(told: Any) -> Iterator[tuple[Any, str]]:
    rows = told.items() if isinstance(told, dict) else [_pair(i, row) for i, row in enumerate(_listed(told))]
    seen: set[str] = set()
    for name, text in rows:
        if not isinstance(name, str | int):
            raise CommandError(f"The id {name} of a query must be a string or a whole number.")
        if not isinstance(text, str):
            raise CommandError(f"Query {name} is not a text. Write it as a string.")
        if str(name) in seen:
            raise CommandError(f"The id {name} stands twice. Give every query its own.")
        seen.add(str(name))
        yield name, text


def _listed(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise CommandError('The queries are {"id": "text"} or a list of {"id": ..., "query": "..."}.')
    return told


def _pair(i: int, row: Any) -> tuple[Any, Any]:
    if not isinstance(row, Mapping) or "id" not in row or "query" not in row:
        raise CommandError(f'Entry {i + 1} of the queries needs "id" and "query".')
    return row["id"], row["query"]


def _parsed(name: Any, text: str) -> Query:
    try:
        return parse(text)
    except QueryError as error:
        raise CommandError(f"Query {name}: {error}\n{error.pointer(text)}") from error


def _answer(row: int, line: bytes, matcher: Matcher, names: list[Any]) -> str:
    """The output for one line, empty for an empty one. Raises BadRow."""
    line = line.removeprefix(b"\xef\xbb\xbf") if row == 1 else line
    if not line.strip():
        return ""
    told = _object(line)
    found = [_told(match, names) for match in matcher.match(a_post(told))]
    answer = {"row": row} | ({"id": told["id"]} if "id" in told else {}) | {"matches": found}
    return orjson.dumps(answer).decode()


def _object(line: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadRow(f"this is not JSON ({error}).") from error
    if not isinstance(told, dict):
        raise BadRow("a post is a JSON object with a text.")
    return told


def a_post(told: Mapping[str, Any]) -> Post:
    """The post that a JSON object tells; unknown keys are ignored. Raises BadRow."""
    if not isinstance(told.get("text"), str):
        raise BadRow('"text" is missing or not a string.')
    told = _flat(told)
    given = {name: told[name] for name in _NAMES if told.get(name) is not None}
    for name, value in given.items():
        kinds = _KINDS.get(name, (bool,))
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise BadRow(f'"{name}" must be {" or ".join(kind.__name__ for kind in kinds)}, or null.')
    given["links"] = tuple(link for link in given.get("links", ()) if isinstance(link, str))
    return Post(**given)


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """The names of `Post`, also where the post was written with those of a record: network, author as an object."""
    flat = {_OTHER_NAMES.get(name, name): value for name, value in told.items()}
    author = told.get("author")
    if isinstance(author, Mapping):
        inside = {"author": "handle", "author_name": "name", "author_id": "id", "followers": "followers"}
        flat |= {name: author.get(key) for name, key in inside.items()}
    return flat


def _told(match: Match, names: list[Any]) -> dict[str, Any]:
    spans = {"spans": match.spans} | ({"title_spans": match.title_spans} if match.title_spans else {})
    return {"query": names[match.query_id], **spans}


@contextmanager
def _opened(path: str) -> Iterator[Iterable[bytes]]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as lines:
            yield lines
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _shown(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, counted on a terminal while output goes to a file."""
    visible = sys.stderr.isatty() and not sys.stdout.isatty()
    row = 0
    for row, line in enumerate(lines, 1):
        if visible and row % 1000 == 0:
            print(f"\r{row:,} posts", end="", file=sys.stderr, flush=True)
        yield line
    if visible and row >= 1000:
        print(f"\r{row:,} posts", file=sys.stderr)
