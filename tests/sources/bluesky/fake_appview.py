"""FakeAppView: searchPosts with the cap, the cursors and the refusals of the real one, over the loopback server."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sources.loopback import Loopback, Reply, Request, reply

CAP = 10_000
SESSION = {"did": "did:plc:brand", "handle": "acme.example", "refreshJwt": "x", "active": True}
TOKEN = "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDAsInNjb3BlIjoiY29tLmF0cHJvdG8uYXBwUGFzcyJ9.eHh4"  # noqa: S105


@dataclass(slots=True)
class FakeAppView:
    """`posts` are views, newest first. `limited_until` answers 429 until it is None; `anonymous_pages` is how many
    pages people get who are not logged in; `dies_at_cap` answers 400 beyond the cap instead of ending."""

    net: Loopback
    posts: list[dict[str, Any]] = field(default_factory=list)
    limited_until: datetime | None = None
    anonymous_pages: int = 0
    dies_at_cap: bool = False
    notifications: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for method, name, handler in (
            ("GET", "app.bsky.feed.searchPosts", self._search),
            ("GET", "app.bsky.notification.listNotifications", self._notifications),
            ("GET", "app.bsky.feed.getPosts", self._get_posts),
            ("POST", "com.atproto.server.createSession", self._login),
            ("GET", "com.atproto.server.getSession", lambda request: reply(200, SESSION)),
        ):
            self.net.handle(method, f"/xrpc/{name}", handler)

    def asked(self, name: str) -> list[Request]:
        return [request for request in self.net.requests if request.path.endswith(name)]

    def _login(self, request: Request) -> Reply:
        if b'"right"' not in request.body:
            return reply(401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})
        return reply(200, {**SESSION, "accessJwt": TOKEN, "refreshJwt": TOKEN})

    def _search(self, request: Request) -> Reply:
        if self.limited_until:
            headers = {"ratelimit-reset": str(int(self.limited_until.timestamp())), "ratelimit-limit": "3000"}
            return reply(429, {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, headers)
        offset = int(request.value("cursor") or 0)
        limit = int(request.value("limit") or 25)
        if "authorization" not in request.headers and offset >= self.anonymous_pages * limit:
            return reply(403, {"error": "Forbidden", "message": "Authentication required"})
        if offset >= CAP and self.dies_at_cap:
            return reply(400, {"error": "InvalidRequest", "message": "cursor too large"})
        found = self._between(request.value("since"), request.value("until"))[:CAP]
        page = found[offset : offset + limit]
        more = {"cursor": str(offset + limit)} if offset + limit < len(found) or self._goes_on(offset + limit) else {}
        return reply(200, {"posts": page, **more})

    def _between(self, since: str | None, until: str | None) -> list[dict[str, Any]]:
        """ISO times of one form sort like text; posts are newest first."""
        times = [view["indexedAt"] for view in reversed(self.posts)]
        first, last = bisect_left(times, since or ""), bisect_left(times, until or "9")
        return self.posts[len(times) - last : len(times) - first]

    def _goes_on(self, offset: int) -> bool:
        return self.dies_at_cap and offset == CAP and len(self.posts) > CAP

    def _notifications(self, request: Request) -> Reply:
        return reply(200, {"notifications": self.notifications})

    def _get_posts(self, request: Request) -> Reply:
        wanted = [value for key, value in request.query if key == "uris"]
        if len(wanted) > 25:
            return reply(400, {"error": "InvalidRequest", "message": "too many"})
        return reply(200, {"posts": [view for view in self.posts if view["uri"] in wanted]})


def a_view(number: int, at: datetime, text: str = "acme") -> dict[str, Any]:
    """A post view of one of many authors."""
    did = f"did:plc:a{number % 97}"
    return {
        "uri": f"at://{did}/app.bsky.feed.post/{number}",
        "cid": "bafy",
        "author": {"did": did, "handle": f"a{number % 97}.example"},
        "record": {"$type": "app.bsky.feed.post", "text": f"{text} {number}", "createdAt": _iso(at)},
        "indexedAt": _iso(at),
    }


def views(count: int, newest: datetime, step: timedelta = timedelta(seconds=10)) -> list[dict[str, Any]]:
    """Newest first; every third shares its time with its neighbour."""
    return [a_view(number, newest - step * (number - (number % 3 == 0))) for number in range(count)]


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uris(found: Sequence[dict[str, Any]]) -> set[str]:
    return {str(view["uri"]) for view in found}
