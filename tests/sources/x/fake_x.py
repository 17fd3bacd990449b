"""A small X on loopback: posts with snowflake ids, newest first, pages by token, and refusals on demand.

It checks requests as strictly as X does where that matters here (page sizes, since_id within seven days, ends in the
past) and keeps all it was asked in `requests`.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ingest.xapi.posts import snowflake_at, snowflake_time

Params = dict[str, str]
Reply = tuple[int, Any, Mapping[str, str]]

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class FakeX:
    def __init__(self) -> None:
        self.now = START
        self.posts: dict[str, dict[str, Any]] = {}
        self.requests: list[tuple[str, Params, Mapping[str, str]]] = []
        self.refusals: deque[Reply] = deque()
        self.before_page: Callable[[int], None] = lambda number: None
        self.errors: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.names = "tweet"
        self.url = ""

    def post(self, text: str = "Acme again", ago: timedelta = timedelta(), **more: Any) -> str:
        """Somebody posts, `ago` before now. Returns the id."""
        number = int(snowflake_at(self.now - ago)) + len(self.posts) % 4_194_304
        created = (snowflake_time(str(number)) or START).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        told = {"id": str(number), "text": text, "author_id": "7", "created_at": created}
        self.posts[str(number)] = {**told, f"edit_history_{self.names}_ids": [str(number)], **more}
        return str(number)

    def answer(self, path: str, params: Params) -> Reply:
        if self.refusals:
            return self.refusals.popleft()
        if path == "/2/tweets/search/recent":
            return self._page(params, params.get("next_token"), 10, reach=timedelta(days=7))
        if path.startswith("/2/users/") and path.endswith("/mentions"):
            return self._page(params, params.get("pagination_token"), 5, reach=None)
        if path == "/2/tweets/counts/recent":
            days = [{"start": "2026-11-19T00:00:00.000Z", "end": "2026-11-20T00:00:00.000Z", f"{self.names}_count": 70}]
            return 200, {"data": days, "meta": {f"total_{self.names}_count": 70}}, {}
        if path == "/2/users/by":
            known = params["usernames"].lower() == "acme"
            return 200, {"data": [{"id": "42", "username": "acme", "name": "Acme"}]} if known else {"errors": []}, {}
        if path == "/2/usage/tweets":
            return 200, {"data": {"project_cap": "3000000", "project_usage": "1200", "cap_reset_day": 3}}, {}
        if path == "/2/tweets":
            return self._lookup(params["ids"].split(","))
        return 404, {"title": "Not Found", "detail": "no such route", "type": "about:blank"}, {}

    def _page(self, params: Params, token: str | None, least: int, reach: timedelta | None) -> Reply:
        size = int(params["max_results"])
        if not least <= size <= 100:
            return self._invalid(f"max_results must be between {least} and 100")
        if token is not None and token not in self.tokens:
            return self._invalid("The `next_token` query parameter value is not valid", {"next_token": [token]})
        self.before_page(len(self.requests))
        since = int(params.get("since_id", 0))
        oldest = snowflake_time(str(since))
        if reach and since and oldest and oldest < self.now - reach:
            return self._invalid("'since_id' must be a tweet id created after a week ago", {"since_id": [str(since)]})
        lower = since or int(snowflake_at(_time(params["start_time"]))) - 1 if since or "start_time" in params else 0
        upper = int(params["until_id"]) if "until_id" in params else int(snowflake_at(self._end(params)))
        found = sorted((int(one) for one in self.posts if lower < int(one) < upper), reverse=True)
        if token is not None:
            found = [one for one in found if one < int(self.tokens[token])]
        page, rest = found[:size], found[size:]
        meta: dict[str, Any] = {"result_count": len(page)}
        if page:
            meta |= {"newest_id": str(page[0]), "oldest_id": str(page[-1])}
        if rest:
            meta["next_token"] = f"t{page[-1]}"
            self.tokens[meta["next_token"]] = str(page[-1])
        body: dict[str, Any] = {"meta": meta}
        if page:
            body["data"] = [self.posts[str(one)] for one in page]
        if self.errors:
            body["errors"], self.errors = self.errors, []
        return 200, body, self.headers

    def _end(self, params: Params) -> datetime:
        return _time(params["end_time"]) if "end_time" in params else self.now

    def _lookup(self, ids: list[str]) -> Reply:
        body: dict[str, Any] = {}
        found = [self.posts[one] for one in ids if one in self.posts]
        explained = {error.get("resource_id") for error in self.errors}
        gone = [_not_found(one) for one in ids if one not in self.posts and one not in explained]
        if found:
            body["data"] = found
        if gone or self.errors:
            body["errors"] = gone + self.errors
        return 200, body, {}

    def _invalid(self, detail: str, parameters: dict[str, list[str]] | None = None) -> Reply:
        body = {
            "errors": [{"parameters": parameters or {}, "message": detail}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.twitter.com/2/problems/invalid-request",
        }
        return 400, body, {}


@contextmanager
def serving(fake: FakeX) -> Iterator[FakeX]:
    """The fake on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            params = {name: values[0] for name, values in parse_qs(parts.query).items()}
            fake.requests.append((parts.path, params, dict(self.headers)))
            status, body, headers = fake.answer(parts.path, params)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"content-type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _not_found(post_id: str) -> dict[str, str]:
    return {
        "value": post_id,
        "detail": f"Could not find tweet with ids: [{post_id}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "ids",
        "resource_id": post_id,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
