"""A small YouTube on loopback: channels, videos, comments and replies that tests put there, told as its API tells them.

    tube = FakeYouTube(net); tube.video("Acme kettle, a review"); tube.comment("It leaks", video=...)
    tube.refuse("commentThreads", 403, "commentsDisabled")   # the next answer only

All people and words are invented. What the API documents and Google's client sends is checked, the rest is refused.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tests.sources.loopback import Loopback, Reply, Request, reply

KEY = "right-key"
ACME = "UCacmeacmeacmeacmeacme00"
CRITIC = "UCcriticcriticcriticcr00"
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def error(status: int, reason: str, message: str = "It was refused.") -> Reply:
    rows = [{"domain": "youtube.test", "reason": reason, "message": message}]
    return reply(status, {"error": {"code": status, "message": message, "errors": rows}})


class FakeYouTube:
    """`now` is the clock of the tests; `asked` counts requests by resource."""

    def __init__(self, net: Loopback) -> None:
        self.net = net
        self.now = START
        self.channels = {
            ACME: {"title": "Acme", "customUrl": "@acme", "description": "Kettles since 1901."},
            CRITIC: {"title": "The Critic", "customUrl": "@critic", "description": "I try things."},
        }
        self.videos: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, dict[str, Any]] = {}
        self.asked: dict[str, int] = defaultdict(int)
        self.searched: list[dict[str, str]] = []
        self.page = 100
        self.found = 50
        self.shown_replies = 2
        self.refused_ids: dict[str, Reply] = {}
        self._refusals: dict[str, list[Reply]] = defaultdict(list)
        self.before: Callable[[str, int], None] = lambda resource, count: None
        for resource in ("search", "videos", "commentThreads", "comments", "channels", "i18nLanguages"):
            net.handle("GET", f"/youtube/v3/{resource}", self._serve)
            net.handle("POST", f"/youtube/v3/{resource}", self._serve)

    def video(
        self, title: str, description: str = "", channel: str = CRITIC, age: timedelta = timedelta(hours=2)
    ) -> str:
        number = f"video{len(self.videos):06}"
        self.videos[number] = {
            "publishedAt": stamp(self.now - age),
            "channelId": channel,
            "channelTitle": self.channels[channel]["title"],
            "title": title,
            "description": description,
        }
        return number

    def comment(
        self,
        text: str,
        video: str | None = None,
        by: str = "rosa",
        age: timedelta = timedelta(hours=1),
        below: str | None = None,
        **more: Any,
    ) -> str:
        """Its id; `below` makes it a reply. `by` is a handle, or a channel's id."""
        count = f"{len(self.comments):04}"
        number = f"{below}.reply{count}{'x' * 13}" if below else f"Ugcomment{count}{'x' * 6}4AaABAg"
        channel = by if by.startswith("UC") else f"UC{by:0<22}"
        handle = str(self.channels[by]["customUrl"]) if by in self.channels else f"@{by}"
        told = {
            "textDisplay": text,
            "authorDisplayName": handle,
            "authorChannelUrl": f"http://www.youtube.com/{handle}",
            "authorChannelId": {"value": channel},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": 3,
            "publishedAt": stamp(self.now - age),
            "updatedAt": stamp(self.now - age),
        }
        told |= {"parentId": below} if below else {"videoId": video}
        self.comments[number] = {**told, **more}
        return number

    def refuse(self, resource: str, status: int, reason: str, message: str = "It was refused.") -> None:
        self._refusals[resource].append(error(status, reason, message))

    def answer(self, resource: str, told: Reply) -> None:
        """Answer this next, whatever is asked."""
        self._refusals[resource].append(told)

    def _serve(self, request: Request) -> Reply:
        resource = request.path.rpartition("/")[2]
        params = request.params
        if request.headers.get("x-http-method-override") == "GET":  # long addresses travel as a form
            params = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        self.asked[resource] += 1
        self.before(resource, self.asked[resource])
        if self._refusals[resource]:
            return self._refusals[resource].pop(0)
        if params.get("key") != KEY:
            return error(400, "keyInvalid", "Bad Request")
        told: Reply = getattr(self, f"_{resource}")(params)
        return told

    def _search(self, params: Mapping[str, str]) -> Reply:
        assert (params["type"], params["order"]) == ("video", "date")
        self.searched.append(dict(params))
        words = [word.strip('"').lower() for word in params["q"].split("|")]
        found = [
            number
            for number, told in self.videos.items()
            if params["publishedAfter"] <= told["publishedAt"] < params["publishedBefore"]
            and any(word in f"{told['title']} {told['description']}".lower() for word in words)
        ]
        found.sort(key=lambda number: self.videos[number]["publishedAt"], reverse=True)
        items = [{"kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": one}} for one in found]
        return self._listed("search", items, params, self.found)

    def _videos(self, params: Mapping[str, str]) -> Reply:
        wanted = params["id"].split(",")
        assert len(wanted) <= 50
        counts = {"viewCount": "120", "likeCount": "7", "commentCount": "2"}
        items = [
            {"kind": "youtube#video", "id": one, "snippet": self.videos[one], "statistics": counts}
            for one in wanted
            if one in self.videos
        ]
        return self._listed("video", items, {}, 50)

    def _commentThreads(self, params: Mapping[str, str]) -> Reply:
        channel, video = params.get("allThreadsRelatedToChannelId"), params.get("videoId")
        if video and video not in self.videos:
            return error(404, "videoNotFound", "The video could not be found.")
        assert params["order"] == "time"
        first = [
            number
            for number, told in self.comments.items()
            if "parentId" not in told
            and (told["videoId"] == video if video else self.videos[told["videoId"]]["channelId"] == channel)
        ]
        first.sort(key=lambda number: self.comments[number]["publishedAt"], reverse=True)
        return self._listed("commentThread", [self._thread(number) for number in first], params, self.page)

    def _thread(self, number: str) -> dict[str, Any]:
        told = self.comments[number]
        below = [one for one, reply in self.comments.items() if reply.get("parentId") == number]
        snippet = {
            "channelId": self.videos[told["videoId"]]["channelId"],
            "videoId": told["videoId"],
            "topLevelComment": self._resource(number),
            "canReply": True,
            "totalReplyCount": len(below),
            "isPublic": True,
        }
        thread: dict[str, Any] = {"kind": "youtube#commentThread", "id": number, "snippet": snippet}
        if below:
            thread["replies"] = {"comments": [self._resource(one) for one in below[: self.shown_replies]]}
        return thread

    def _comments(self, params: Mapping[str, str]) -> Reply:
        if "parentId" in params:
            wanted = [one for one, told in self.comments.items() if told.get("parentId") == params["parentId"]]
        else:
            if refused := [self.refused_ids[one] for one in params["id"].split(",") if one in self.refused_ids]:
                return refused[0]
            wanted = [one for one in params["id"].split(",") if one in self.comments]
            assert len(params["id"].split(",")) <= 50 and "maxResults" not in params
        return self._listed("comment", [self._resource(one) for one in wanted], params, 100)

    def _channels(self, params: Mapping[str, str]) -> Reply:
        known = {str(told["customUrl"]).lstrip("@"): number for number, told in self.channels.items()}
        number = params.get("id") or known.get(params.get("forHandle", "").lstrip("@").lower(), "")
        there = [number] if number in self.channels else []
        items = [{"kind": "youtube#channel", "id": one, "snippet": self.channels[one]} for one in there]
        return self._listed("channel", items, {}, 50)

    def _i18nLanguages(self, params: Mapping[str, str]) -> Reply:
        return self._listed("i18nLanguage", [], {}, 50)

    def _resource(self, number: str) -> dict[str, Any]:
        return {"kind": "youtube#comment", "id": number, "snippet": self.comments[number]}

    def _listed(self, kind: str, items: list[dict[str, Any]], params: Mapping[str, str], size: int) -> Reply:
        start = int(params.get("pageToken") or 0)
        body: dict[str, Any] = {"kind": f"youtube#{kind}ListResponse", "pageInfo": {"resultsPerPage": size}}
        if items:
            body["items"] = items[start : start + size]
        if start + size < len(items):
            body["nextPageToken"] = str(start + size)
        return reply(200, json.loads(json.dumps(body)))
