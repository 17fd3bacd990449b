"""A loopback Mastodon with a state: hashtag timelines, notifications, search, its own Link headers."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.sources.loopback import Loopback, Reply, Request, reply

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def snowflake(at: datetime, n: int = 0) -> str:
    return str((int(at.timestamp() * 1000) << 16) + n)


class Server:
    """`statuses` and `notifications` may change at any time; `before` is called with each request."""

    def __init__(self, net: Loopback) -> None:
        self.net = net
        self.statuses: list[dict[str, Any]] = []
        self.notifications: list[dict[str, Any]] = []
        self.limits: dict[str, str] = {}
        self.before: Callable[[Request], None] = lambda request: None
        net.handle("GET", "/api/v1/timelines/tag/*", self.tag)
        net.handle("GET", "/api/v1/notifications", self.notified)
        net.handle("GET", "/api/v2/search", self.search)
        net.handle("GET", "/api/v1/statuses/*", self.status)
        net.handle("GET", "/api/v1/statuses", self.several)

    def account(self, name: str = "ada", **more: Any) -> dict[str, Any]:
        """An account of this server that may be listened to."""
        return {
            "id": str(abs(hash(name)) % 10_000),
            "username": name,
            "acct": name,
            "display_name": name.title(),
            "url": f"{self.net.url}/@{name}",
            "uri": f"{self.net.url}/users/{name}",
            "created_at": "2020-01-01T00:00:00.000Z",
            "note": "<p>Hello</p>",
            "fields": [],
            "indexable": True,
            "noindex": False,
            "followers_count": 7,
            **more,
        }

    def post(
        self,
        text: str = "<p>Nimbus</p>",
        ago: timedelta = timedelta(minutes=1),
        n: int = 0,
        tag: str = "nimbus",
        **more: Any,
    ) -> dict[str, Any]:
        """Publish a status under a hashtag; `more` overrides its fields."""
        at = NOW - ago
        number = snowflake(at, n)
        status = {
            "id": number,
            "uri": f"{self.net.url}/users/ada/statuses/{number}",
            "url": f"{self.net.url}/@ada/{number}",
            "created_at": at.isoformat().replace("+00:00", "Z"),
            "edited_at": None,
            "content": text,
            "spoiler_text": "",
            "visibility": "public",
            "language": "en",
            "account": self.account(),
            "mentions": [],
            "media_attachments": [],
            "tags": [{"name": tag, "url": f"{self.net.url}/tags/{tag}"}],
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "replies_count": 1,
            "reblogs_count": 2,
            "favourites_count": 3,
            "quote": None,
            "card": None,
            "reblog": None,
            **more,
        }
        self.statuses.append(status)
        return status

    def notify(self, number: int, status: dict[str, Any], type: str = "mention") -> None:
        told = {"id": str(number), "type": type, "created_at": status["created_at"], "account": status["account"]}
        self.notifications.append({**told, "status": status})

    def tag(self, request: Request) -> Reply:
        self.before(request)
        tag = request.path.rpartition("/")[2]
        return self._page(request, [s for s in self.statuses if any(t["name"] == tag for t in s["tags"])])

    def notified(self, request: Request) -> Reply:
        self.before(request)
        types = [value for name, value in request.query if name == "types[]"]
        return self._page(request, [n for n in self.notifications if n["type"] in types])

    def search(self, request: Request) -> Reply:
        self.before(request)
        words = re.findall(r"\w+", request.params["q"].lower())
        found = [s for s in self.statuses if all(word in s["content"].lower() for word in words)]
        shown = _newest(_between(found, request, "min_id"), request)
        return reply(200, {"accounts": [], "hashtags": [], "statuses": shown}, self.limits)

    def status(self, request: Request) -> Reply:
        number = request.path.rpartition("/")[2]
        found = next((s for s in self.statuses if s["id"] == number), None)
        return reply(200, found) if found else reply(404, {"error": "Record not found"})

    def several(self, request: Request) -> Reply:
        """Since 4.3: those of the ids that are there."""
        ids = {value for name, value in request.query if name == "id[]"}
        return reply(200, [one for one in self.statuses if one["id"] in ids], self.limits)

    def _page(self, request: Request, rows: list[dict[str, Any]]) -> Reply:
        """With min_id the page next above it, else the newest; always newest first."""
        known = _between(rows, request, "min_id")
        limit = int(request.params.get("limit", 20))
        shown = known[-limit:] if request.value("min_id") else known[:limit]
        headers = dict(self.limits)
        if shown:
            kept = [pair for pair in request.query if pair[0] not in ("min_id", "max_id")]
            base = f"{self.net.url}{request.path}?"
            following = base + urlencode([*kept, ("max_id", shown[-1]["id"])])
            previous = base + urlencode([*kept, ("min_id", shown[0]["id"])])
            headers["Link"] = f'<{following}>; rel="next", <{previous}>; rel="prev"'
        return reply(200, shown, headers)


def _between(rows: list[dict[str, Any]], request: Request, lower: str) -> list[dict[str, Any]]:
    low, high = int(request.value(lower) or 0), int(request.value("max_id") or 10**30)
    return sorted((row for row in rows if low < int(row["id"]) < high), key=lambda row: -int(row["id"]))


def _newest(rows: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    return rows[: int(request.params.get("limit", 20))]
