"""A small Reddit on loopback: listings newest first, an inbox, tokens, closed subreddits, in the shape of the real
answers, with invented people.

It is as strict as Reddit where that matters here: it wants the app's id and secret, the right token for each address,
the compulsory User-Agent, and shows nothing below a post that is gone.
"""

import base64
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sources.loopback import Loopback, Reply, Request, reply

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
AGENT = re.compile(r"[\w.]+:[\w.-]+:v[\d.]+ \(by /u/[\w-]+\) ")
APP, ACCOUNT = "app-token", "account-token"
MOST = 1000
"""Reddit shows no more of one listing."""
Told = dict[str, Any]


def settings(net: Loopback, **more: Any) -> Told:
    """What an admin has entered: an approved app, without an account."""
    app = {"approved": True, "approved_on": "2026-03-31", "client_id": "app", "operator": "rosa_runs_it"}
    return {"api_url": net.url, **app, **more}


SECRET = {"client_secret": "s3cret"}
SIGNED_IN = {**SECRET, "password": "right"}


class Server:
    """`things` are all posts in the order in which they were made; `inbox` holds fullnames by folder."""

    def __init__(self, net: Loopback) -> None:
        self.net = net
        self.things: list[Told] = []
        self.hidden: set[str] = set()
        self.inbox: dict[str, list[str]] = {"mentions": [], "comments": [], "selfreply": []}
        self.closed: dict[str, Reply] = {}
        self.me: Told = {"id": "own1", "name": "acme", "is_suspended": False}
        self.people: dict[str, Told] = {}
        self.headers: dict[str, str] = {}
        self.found: Callable[[Told, str], bool] = lambda data, query: "acme" in f"{data['title']} {data['selftext']}"
        self.before: Callable[[Request], None] = lambda request: None
        net.handle("POST", "/api/v1/access_token", self.token)
        for path, handler in (
            ("/r/*/search/", self.search),
            ("/r/*/comments/", self.comments),
            ("/r/*/new", self.new),
            ("/r/*/about/", self.about),
            ("/message/*", self.messages),
            ("/api/info/", self.info),
            ("/user/*/about/", self.user),
            ("/user/*/comments", self.own),
            ("/api/v1/me", lambda request: reply(200, self.me, self.headers)),
        ):
            net.handle("GET", path, self._let_in(handler))

    def submission(self, title: str = "My acme mug", ago: timedelta = timedelta(minutes=5), **more: Any) -> Told:
        data = self._made("t3", ago) | {
            "title": title,
            "selftext": "",
            "selftext_html": None,
            "url": f"https://www.reddit.com/r/mugs/comments/{len(self.things)}/",
            "is_self": True,
            "is_video": False,
            "num_comments": 2,
            "num_crossposts": 0,
            "view_count": None,
            "removed_by_category": None,
        }
        return self._keep("t3", data | more)

    def comment(
        self, text: str = "I like acme", ago: timedelta = timedelta(minutes=5), to: Told | None = None, **more: Any
    ) -> Told:
        parent = to or {"name": "t3_nowhere", "author": "someone"}
        data = self._made("t1", ago) | {
            "body": text,
            "body_html": f'<div class="md"><p>{text}</p>\n</div>',
            "parent_id": parent["name"],
            "link_id": parent.get("link_id", parent["name"]),
            "score_hidden": False,
        }
        return self._keep("t1", data | more)

    def told(self, data: Told, folder: str, kind: str) -> None:
        """The account's inbox tells of a comment."""
        self.inbox[folder].append(data["name"])
        data["type"] = kind

    def token(self, request: Request) -> Reply:
        basic = base64.b64encode(b"app:s3cret").decode()
        if request.headers.get("authorization") != f"Basic {basic}":
            return reply(401, {"message": "Unauthorized", "error": 401})
        asked = request.form
        wrong = asked.get("password", "right") != "right" or asked.get("refresh_token", "fresh") != "fresh"
        if wrong:
            return reply(200, {"error": "invalid_grant"})
        token = APP if asked["grant_type"] == "client_credentials" else ACCOUNT
        told = {"access_token": token, "token_type": "bearer", "expires_in": 86400, "scope": "*"}
        return reply(200, told, {"x-ratelimit-remaining": "0", "x-ratelimit-used": "9", "x-ratelimit-reset": "500"})

    def search(self, request: Request) -> Reply:
        query, everywhere = request.params["q"], request.params.get("restrict_sr") != "on"
        return self._listing(request, lambda one: self._is(one, "t3", request, everywhere) and self.found(one, query))

    def comments(self, request: Request) -> Reply:
        return self._listing(request, lambda one: self._is(one, "t1", request))

    def new(self, request: Request) -> Reply:
        return self._listing(request, lambda one: self._is(one, "t3", request))

    def about(self, request: Request) -> Reply:
        name = request.path.split("/")[2]
        return self.closed.get(name) or reply(200, {"kind": "t5", "data": {"display_name": name}}, self.headers)

    def messages(self, request: Request) -> Reply:
        """An inbox tells less of a comment than a listing does."""
        folder = self.inbox[request.path.split("/")[2]]
        lost = ("link_id", "permalink", "edited", "subreddit_type")
        by_name = {one["data"]["name"]: one for one in self.things}
        told = [{**by_name[name]["data"], "dest": self.me["name"]} for name in folder]
        brief = [{"kind": "t1", "data": {k: v for k, v in one.items() if k not in lost}} for one in told]
        return self._page(request, brief)

    def info(self, request: Request) -> Reply:
        asked = request.params["id"].split(",")
        assert len(asked) <= 100
        return self._shown([one for one in self.things if one["data"]["name"] in asked], None)

    def user(self, request: Request) -> Reply:
        found = self.people.get(request.path.split("/")[2].lower())
        return (
            reply(200, {"kind": "t2", "data": found}) if found else reply(404, {"message": "Not Found", "error": 404})
        )

    def own(self, request: Request) -> Reply:
        name = request.path.split("/")[2]
        return self._page(request, [one for one in self.things if one["data"]["author"] == name])

    def delete(self, data: Told, how: str = "[deleted]") -> None:
        """By its author, or by a moderator ("[removed]"); it leaves the listings."""
        self.hidden.add(data["name"])
        body = "body" if data["name"].startswith("t1_") else "selftext"
        data |= {body: how, f"{body}_html": f"<p>{how}</p>"}
        if how == "[deleted]":
            data["author"] = "[deleted]"
            data.pop("author_fullname", None)

    def _made(self, kind: str, ago: timedelta) -> Told:
        number = f"{0x100000 + len(self.things):x}"
        return {
            "id": number,
            "name": f"{kind}_{number}",
            "author": "rosa",
            "author_fullname": "t2_rosa1",
            "subreddit": "mugs",
            "subreddit_type": "public",
            "created_utc": (NOW - ago).timestamp(),
            "edited": False,
            "score": 3,
            "permalink": f"/r/mugs/comments/x/y/{number}/",
        }

    def _keep(self, kind: str, data: Told) -> Told:
        self.things.append({"kind": kind, "data": data})
        return data

    def _is(self, data: Told, kind: str, request: Request, everywhere: bool = False) -> bool:
        places = request.path.split("/")[2].lower().split("+")
        return data["name"].startswith(kind) and (everywhere or data["subreddit"].lower() in places)

    def _listing(self, request: Request, wanted: Callable[[Told], bool]) -> Reply:
        for name in request.path.split("/")[2].split("+"):
            if name in self.closed:
                return self.closed[name]
        return self._page(request, [one for one in self.things if wanted(one["data"])])

    def _page(self, request: Request, things: Sequence[Told]) -> Reply:
        shown = [one for one in things if one["data"]["name"] not in self.hidden]
        rows = sorted(shown, key=lambda one: one["data"]["created_utc"], reverse=True)[:MOST]
        below, limit = request.params.get("after"), int(request.params.get("limit", 25))
        if below:
            names = [one["data"]["name"] for one in rows]
            rows = rows[names.index(below) + 1 :] if below in names else []
        page = rows[:limit]
        return self._shown(page, page[-1]["data"]["name"] if len(rows) > limit else None)

    def _shown(self, page: Sequence[Told], after: str | None) -> Reply:
        return reply(200, {"kind": "Listing", "data": {"children": list(page), "after": after}}, self.headers)

    def _let_in(self, handler: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
        def check(request: Request) -> Reply:
            self.before(request)
            own = request.path.startswith(("/message/", "/api/v1/me"))
            tokens = (ACCOUNT,) if own else (APP, ACCOUNT)
            if request.headers.get("authorization") not in [f"bearer {one}" for one in tokens]:
                return reply(401, {"message": "Unauthorized", "error": 401})
            if not AGENT.match(request.headers.get("user-agent", "")) or request.params.get("raw_json") != "1":
                return reply(429, {"message": "Too Many Requests", "error": 429})
            return handler(request)

        return check


def refusal(status: int, reason: str) -> Reply:
    return reply(status, {"reason": reason, "message": "Forbidden", "error": status})
