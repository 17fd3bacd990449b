"""Networks on loopback that take answers, spoken to by the real client libraries; each counts what stands there.

They fail where a test wants it: `fail = "before"` breaks before a post is taken, "after" when it already stands, `says`
answers instead of taking it. `meanwhile` runs once a post stands, before anybody is told.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from oauthlib.common import Request as Signed
from oauthlib.oauth1.rfc5849 import signature

from listening.models import Brand, Handle, Mention, Source
from listening.secrets import seal
from tests.builders import a_mention, a_source, an_author
from tests.sources.bluesky.fake_appview import TOKEN
from tests.sources.loopback import Loopback, Reply, Request, reply
from tests.sources.reddit.server import ACCOUNT, SIGNED_IN, Server, settings


class Network:
    """`sent`: texts that stand there, in order."""

    kind = ""
    handle = ""

    def __init__(self, net: Loopback) -> None:
        self.net = net
        self.sent: list[str] = []
        self.fail = ""
        self.says: Reply | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    def source(self, brand: Brand) -> Source:
        Handle.objects.create(brand=brand, network=self.kind, handle=self.handle)
        settings, credentials = self.access()
        return a_source(brand, kind=self.kind, settings=settings, credentials=seal(credentials))

    def access(self) -> tuple[dict[str, Any], dict[str, str]]:
        raise NotImplementedError

    def post_id(self) -> str:
        raise NotImplementedError

    def mention(self, brand: Brand, text: str = "@acme where is my parcel?") -> Mention:
        author = an_author(network=self.kind, handle="rosa")
        told = {"network": self.kind, "external_id": self.post_id(), "addressed": "mentioned", "author": author}
        return a_mention(brand, text, **told)

    def take(self, text: str, stand: Callable[[], Reply]) -> Reply:
        """A post arrives."""
        if self.says is not None:
            return self.says
        if self.fail == "before":
            return reply(503, {"error": "busy"})
        answer = stand()
        self.sent.append(text)
        self.meanwhile()
        return Reply(answer.status, answer.body, answer.headers, hang_up=True) if self.fail == "after" else answer


class Bluesky(Network):
    kind = "bluesky"
    handle = "acme.example"
    did = "did:plc:brand"

    def __init__(self, net: Loopback) -> None:
        super().__init__(net)
        self.records: dict[str, dict[str, Any]] = {}
        self.session = {"did": self.did, "handle": self.handle, "accessJwt": TOKEN, "refreshJwt": TOKEN, "active": True}
        self.view: dict[str, Any] = {"viewer": {}}
        for method, name, handler in (
            ("POST", "com.atproto.server.createSession", lambda request: reply(200, self.session)),
            ("GET", "com.atproto.server.getSession", lambda request: reply(200, self.session)),
            ("GET", "com.atproto.identity.resolveHandle", self._resolve),
            ("GET", "app.bsky.feed.getPosts", self._posts),
            ("POST", "com.atproto.repo.createRecord", self._create),
            ("GET", "com.atproto.repo.getRecord", self._get),
        ):
            net.handle(method, f"/xrpc/{name}", handler)

    def access(self) -> tuple[dict[str, Any], dict[str, str]]:
        urls = {"api_url": self.net.url, "appview_url": self.net.url}
        return {**urls, "identifier": self.handle, "replies": True}, {"app_password": "right"}

    def post_id(self) -> str:
        return "at://did:plc:rosa/app.bsky.feed.post/3kabc"

    def _resolve(self, request: Request) -> Reply:
        known = {self.handle: self.did, "rosa.example": "did:plc:rosa"}.get(request.params["handle"])
        return reply(200, {"did": known}) if known else reply(400, {"error": "InvalidRequest", "message": "no"})

    def _posts(self, request: Request) -> Reply:
        root = {"uri": "at://did:plc:brand/app.bsky.feed.post/root", "cid": "bafyroot"}
        record = {"$type": "app.bsky.feed.post", "text": "hi", "reply": {"root": root, "parent": root}}
        view = {"uri": self.post_id(), "cid": "bafyparent", "record": record, **self.view}
        return reply(200, {"posts": [] if self.view.get("gone") else [view]})

    def _create(self, request: Request) -> Reply:
        told = json.loads(request.body)

        def stand() -> Reply:
            self.records[told["rkey"]] = told["record"]
            return reply(200, {"uri": f"at://{self.did}/app.bsky.feed.post/{told['rkey']}", "cid": "bafynew"})

        if told["rkey"] in self.records:
            return reply(500, {"error": "InternalServerError", "message": "There is already a value at key"})
        return self.take(told["record"]["text"], stand)

    def _get(self, request: Request) -> Reply:
        found = self.records.get(request.params["rkey"])
        if found is None:
            return reply(400, {"error": "RecordNotFound", "message": "Could not locate record"})
        return reply(200, {"uri": "at://x", "cid": "bafynew", "value": found})


class Mastodon(Network):
    kind = "mastodon"
    most = 500

    def __init__(self, net: Loopback) -> None:
        super().__init__(net)
        self.host = urlsplit(net.url).netloc
        self.handle = f"acme@{self.host}"
        self.posts: list[dict[str, Any]] = []
        self.keys: dict[str, dict[str, Any]] = {}
        self.remembers = True
        self.visibility = "public"
        net.handle("GET", "/api/v1/accounts/verify_credentials", lambda request: reply(200, self._me()))
        net.handle("GET", "/api/v2/instance*", self._instance)
        net.handle("GET", "/api/v2/search", self._search)
        net.handle("GET", "/api/v1/accounts/1/statuses", lambda request: reply(200, self.posts[::-1]))
        net.handle("POST", "/api/v1/statuses", self._create)

    def access(self) -> tuple[dict[str, Any], dict[str, str]]:
        return {"api_url": [self.net.url]}, {"write_token": "may-write"}

    def post_id(self) -> str:
        return "https://elsewhere.example/users/rosa/statuses/7"

    def _me(self) -> dict[str, Any]:
        return {"id": "1", "acct": "acme", "username": "acme", "url": f"{self.net.url}/@acme"}

    def _instance(self, request: Request) -> Reply:
        statuses = {"max_characters": self.most}
        return reply(200, {"title": "T", "version": "4.3", "domain": "t", "configuration": {"statuses": statuses}})

    def _search(self, request: Request) -> Reply:
        account = {"id": "9", "acct": "rosa@elsewhere.example", "url": "https://elsewhere.example/@rosa"}
        post = {"id": "77", "uri": self.post_id(), "account": account, "visibility": self.visibility}
        found = [post] if request.params["q"] == self.post_id() and request.params.get("resolve") else []
        return reply(200, {"accounts": [], "hashtags": [], "statuses": found})

    def _create(self, request: Request) -> Reply:
        told, key = request.form, request.headers["idempotency-key"]
        if self.remembers and key in self.keys:
            return reply(200, self.keys[key])

        def stand() -> Reply:
            number = str(100 + len(self.posts))
            words = re.sub(r"@(\w+)@[\w.]+", r'<span class="h-card">@<span>\1</span></span>', told["status"])
            self.keys[key] = {
                "id": number,
                "uri": f"{self.net.url}/users/acme/statuses/{number}",
                "url": f"{self.net.url}/@acme/{number}",
                "created_at": datetime.now(UTC).isoformat(),
                "content": "<p>" + words.replace("\n", "<br />") + "</p>",
                "in_reply_to_id": told["in_reply_to_id"],
                "visibility": told["visibility"],
                "account": self._me(),
            }
            self.posts.append(self.keys[key])
            return reply(200, self.keys[key])

        return self.take(told["status"], stand)


class Reddit(Network):
    kind = "reddit"
    handle = "acme"

    def __init__(self, net: Loopback) -> None:
        super().__init__(net)
        self.server = Server(net)
        self.asked = self.server.comment("u/acme where is my parcel?")
        net.handle("POST", "/api/comment/", self._create)

    def access(self) -> tuple[dict[str, Any], dict[str, str]]:
        return settings(self.net, username="acme", answers=True), SIGNED_IN

    def post_id(self) -> str:
        return str(self.asked["name"])

    def _create(self, request: Request) -> Reply:
        told = request.form
        assert request.headers["authorization"] == f"bearer {ACCOUNT}" and told["api_type"] == "json"

        def stand() -> Reply:
            made = self.server.comment(
                told["text"], to=self.asked, author="acme", created_utc=datetime.now(UTC).timestamp()
            )
            return reply(200, {"json": {"errors": [], "data": {"things": [{"kind": "t1", "data": made}]}}})

        assert told["thing_id"] == self.post_id()
        return self.take(told["text"], stand)


class X(Network):
    kind = "x"
    handle = "acme"
    keys = {"api_key": "ak", "api_secret": "as", "access_token": "at", "access_secret": "ats"}

    def __init__(self, net: Loopback) -> None:
        super().__init__(net)
        self.posts: list[dict[str, Any]] = []
        self.bad_signatures = 0
        net.handle("GET", "/2/users/me", self._signed(lambda request: reply(200, {"data": self._me()})))
        net.handle("GET", "/2/users/42/tweets", self._signed(self._own))
        net.handle("POST", "/2/tweets", self._signed(self._create))

    def access(self) -> tuple[dict[str, Any], dict[str, str]]:
        return {"api_url": self.net.url}, {"bearer_token": "b", **self.keys}

    def post_id(self) -> str:
        return "1790000000000000000"

    def _me(self) -> dict[str, Any]:
        return {"id": "42", "username": "Acme", "name": "Acme"}

    def _signed(self, handler: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
        """Checks the signature over the address that was really asked, as X does."""

        def check(request: Request) -> Reply:
            told = dict(re.findall(r'(\w+)="([^"]*)"', request.headers.get("authorization", "")))
            query = "&".join(f"{key}={value}" for key, value in request.query)
            signed = Signed(f"{self.net.url}{request.path}", request.method, "", {})
            parts = signature.collect_parameters(
                uri_query=query, headers={"Authorization": request.headers.get("authorization", "")}
            )
            signed.params, signed.signature = parts, signature.utils.unescape(told.get("oauth_signature", ""))
            if not signature.verify_hmac_sha1(signed, "as", "ats"):
                self.bad_signatures += 1
                return reply(401, {"title": "Unauthorized", "detail": "Unauthorized"})
            return handler(request)

        return check

    def _own(self, request: Request) -> Reply:
        return reply(200, {"data": self.posts[::-1], "meta": {"result_count": len(self.posts)}})

    def _create(self, request: Request) -> Reply:
        told = json.loads(request.body)
        if any(told["text"] == post["plain"] for post in self.posts):
            detail = "You are not allowed to create a Tweet with duplicate content."
            return reply(403, {"title": "Forbidden", "detail": detail, "type": "about:blank", "status": 403})

        def stand() -> Reply:
            number = str(1800000000000000000 + len(self.posts))
            words = "@rosa " + re.sub(r"https?://\S+", "https://t.co/abc", told["text"]).replace("&", "&amp;")
            to = [{"type": "replied_to", "id": told["reply"]["in_reply_to_tweet_id"]}]
            post = {"id": number, "text": words, "plain": told["text"], "referenced_tweets": to}
            self.posts.append(post)
            return reply(201, {"data": {"id": number, "text": words}})

        return self.take(told["text"], stand)


class YouTube(Network):
    """`above` is the comment that is answered: a comment, or a reply to one."""

    kind = "youtube"
    handle = "acme"
    channel = "UCacmeacmeacmeacmeacme00"
    thread = "Ugthread0000000000000AaABAg"
    keys = {"client_id": "ci", "client_secret": "cs", "refresh_token": "rt"}

    def __init__(self, net: Loopback) -> None:
        super().__init__(net)
        self.above = self.thread
        self.answers: list[dict[str, Any]] = []
        self.can_reply = True
        self.gone = False
        self.tokens = 0
        self.units = 0
        net.handle("POST", "/token", self._token)
        net.handle("GET", "/youtube/v3/channels", self._signed(lambda request: self._list([self._me()])))
        net.handle("GET", "/youtube/v3/comments", self._signed(self._comments))
        net.handle("GET", "/youtube/v3/commentThreads", self._signed(self._threads))
        net.handle("POST", "/youtube/v3/comments", self._signed(self._insert, 50))

    def access(self) -> tuple[dict[str, Any], dict[str, str]]:
        return {"api_url": self.net.url, "token_url": f"{self.net.url}/token"}, {"api_key": "k", **self.keys}

    def post_id(self) -> str:
        return self.above

    def _token(self, request: Request) -> Reply:
        """As Google's token service answers a refresh token."""
        told = request.form
        if (told["grant_type"], told["refresh_token"], told["client_secret"]) != ("refresh_token", "rt", "cs"):
            return reply(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        self.tokens += 1
        return reply(200, {"access_token": "fresh", "expires_in": 3599, "token_type": "Bearer"})

    def _signed(self, handler: Callable[[Request], Reply], units: int = 1) -> Callable[[Request], Reply]:
        def check(request: Request) -> Reply:
            self.units += units
            if request.headers.get("authorization") != "Bearer fresh":
                return reply(401, {"error": {"code": 401, "message": "Invalid Credentials"}})
            return handler(request)

        return check

    def _list(self, items: list[dict[str, Any]]) -> Reply:
        return reply(200, {"kind": "youtube#listResponse", "items": items})

    def _me(self) -> dict[str, Any]:
        snippet = {"title": "Acme", "customUrl": "@Acme"}
        return {"kind": "youtube#channel", "id": self.channel, "snippet": snippet}

    def _comments(self, request: Request) -> Reply:
        if "parentId" in request.params:
            return self._list(self.answers[::-1] if request.params["parentId"] == self.thread else [])
        rosa = {"authorDisplayName": "@rosa", "authorChannelId": {"value": "UCrosa"}, "textDisplay": "hi"}
        return self._list([] if self.gone else [{"id": request.params["id"], "snippet": rosa}])

    def _threads(self, request: Request) -> Reply:
        there = request.params["id"] == self.thread
        return self._list([{"id": self.thread, "snippet": {"canReply": self.can_reply}}] if there else [])

    def _insert(self, request: Request) -> Reply:
        told = json.loads(request.body)["snippet"]

        def stand() -> Reply:
            words = re.sub(r"(https?://\S+)", r'<a href="\1">\1</a>', told["textOriginal"].replace("&", "&amp;"))
            snippet = {
                "textDisplay": words,
                "textOriginal": told["textOriginal"],
                "parentId": told["parentId"],
                "authorDisplayName": "@Acme",
                "authorChannelId": {"value": self.channel},
                "publishedAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
                "updatedAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            }
            number = f"{told['parentId']}.answer{len(self.answers)}"
            comment = {"kind": "youtube#comment", "id": number, "snippet": snippet}
            self.answers.append(comment)
            return reply(200, comment)

        return self.take(told["textOriginal"], stand)


NETWORKS: dict[str, type[Network]] = {
    "bluesky": Bluesky,
    "mastodon": Mastodon,
    "reddit": Reddit,
    "x": X,
    "youtube": YouTube,
}
