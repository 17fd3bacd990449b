"""A loopback Hacker News: Algolia's search with its cap and order, Firebase's items."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.sources.loopback import Loopback, Reply, Request, reply

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


def comment(number: int, at: int, text: str = "Nimbus is down", author: str = "Ada", **more: Any) -> dict[str, Any]:
    """A hit as Algolia tells a comment; `at` in unix seconds."""
    return {
        "objectID": str(number),
        "author": author,
        "comment_text": text,
        "story_id": 7,
        "parent_id": 8,
        "story_title": "Ask HN: clouds?",
        "created_at_i": at,
        "created_at": datetime.fromtimestamp(at, UTC).isoformat(),
        "_tags": ["comment", f"author_{author}", "story_7"],
        "_highlightResult": {"comment_text": {"value": f"<em>{text}</em>"}},
        **more,
    }


def story(number: int, at: int, title: str = "Nimbus raises prices", **more: Any) -> dict[str, Any]:
    return {
        "objectID": str(number),
        "author": "Grace",
        "title": title,
        "url": "https://nimbus.example/prices",
        "points": 12,
        "num_comments": 3,
        "story_id": number,
        "created_at_i": at,
        "_tags": ["story", "author_Grace", f"story_{number}"],
        **more,
    }


class Algolia:
    """The network's posts; `before` is called with each search, to change them while a reader walks."""

    def __init__(self, net: Loopback) -> None:
        self.posts: list[dict[str, Any]] = []
        self.items: dict[int, dict[str, Any] | None] = {}
        self.before: Callable[[Request], None] = lambda request: None
        net.handle("GET", "/api/v1/search_by_date", self.search)
        net.handle("GET", "/v0/item/*", self.item)

    def search(self, request: Request) -> Reply:
        self.before(request)
        asked = request.params
        first, last = (int(text) for text in re.findall(r"\d+", asked["numericFilters"].replace("created_at_i", "")))
        found = [post for post in self.posts if first <= post["created_at_i"] <= last and _fits(post, asked)]
        found.sort(key=lambda post: -post["created_at_i"])
        shown = found[: min(int(asked["hitsPerPage"]), 1000)]
        return reply(200, {"hits": shown, "nbHits": len(found), "hitsPerPage": int(asked["hitsPerPage"])})

    def item(self, request: Request) -> Reply:
        return reply(200, self.items.get(int(request.path.removeprefix("/v0/item/").removesuffix(".json"))))


def _fits(post: dict[str, Any], asked: dict[str, str]) -> bool:
    texts = [post.get(name) or "" for name in ("title", "comment_text", "story_text", "url", "author")]
    words = re.findall(r"\w+", " ".join(texts).lower())
    *whole, last = re.findall(r"\w+", asked["query"].lower()) or [""]
    author = re.search(r"author_(\w+)", asked["tags"])
    return (
        all(word in words for word in whole)
        and (not last or any(word.startswith(last) for word in words))
        and (not author or f"author_{author[1]}" in post["_tags"])
    )
