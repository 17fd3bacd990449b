"""Ask X, count what it costs, and refuse answers that are not what was asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
import tweepy

from ingest.record import Record
from ingest.sources.base import Broken, Config, Found, SourceError, Target
from ingest.sources.x.client import OFFICIAL, POST_FIELDS, USER_FIELDS, Client
from ingest.sources.x.failures import failure, read_json, schema, window_end
from ingest.sources.x.form import USER_COST, is_on
from ingest.xapi.posts import included, is_id, read_posts
from ingest.xapi.problems import suspended_names


@dataclass(frozen=True, slots=True)
class Answer:
    """One page as X gave it: `ids` of all its posts, `errors` as told, `token` of the next page."""

    records: list[Record]
    broken: list[Broken]
    ids: list[str]
    errors: list[Any]
    token: str | None
    window_end: datetime | None


class Reader:
    """X through tweepy, with a purse. `spent` counts post reads; all methods raise SourceError."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.spent = 0
        self._told = 0
        settings = config.settings
        self.expand_users = is_on(settings.get("expand_users"))
        self.expand_posts = is_on(settings.get("expand_posts"))
        self._client = Client(
            config.credentials.get("bearer_token", ""),
            str(settings.get("api_url") or OFFICIAL),
            str(settings.get("field_names") or "tweet"),
        )

    def left(self) -> int | None:
        """What may still be spent, None for any amount."""
        return None if self.config.allowance is None else max(0, self.config.allowance - self.spent)

    def size(self, minimum: int, most: int = 100) -> int | None:
        """How many posts may be asked for now, None where fewer are left than X gives at least."""
        left = self.left()
        if left is None:
            return most
        size = min(most, left // (1 + 2 * self.expand_posts + USER_COST * self.expand_users))
        return size if size >= minimum else None

    def untold(self) -> int:
        """What was spent since this was asked last."""
        untold, self._told = self.spent - self._told, self.spent
        return untold

    def page(
        self, target: Target, bounds: Mapping[str, Any], token: str | None, user_id: str | None, size: int
    ) -> Answer:
        """One page of a search or of an account's mentions, newest first."""
        params = self._wanted() | dict(bounds) | {"max_results": size}
        if "query" in target.params:
            query = target.params["query"]
            response = self._call(lambda: self._client.search_recent_tweets(query, next_token=token, **params))
        else:
            response = self._call(lambda: self._client.get_users_mentions(user_id, pagination_token=token, **params))
        return self._read(response)

    def posts(self, ids: Sequence[str]) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
        """The answer for at most 100 ids, and the posts in it."""
        body = self._ask(lambda: self._client.get_tweets(list(ids), **self._wanted()))
        if "data" not in body and "errors" not in body:
            raise schema("X's answer holds neither posts nor reasons", str(body))
        posts: list[Mapping[str, Any]] = [post for post in body.get("data") or () if _is_post(post)]
        self._charge(body, posts)
        return body, posts

    def user_id(self, handle: str) -> str:
        """The numeric id of an account. Costs a user read."""
        body = self._ask(lambda: self._client.get_users(usernames=[handle]))
        users = body.get("data")
        if not isinstance(users, list) or not users or "id" not in users[0]:
            raise SourceError(
                f"X knows no account @{handle}, or it is suspended. Check the brand's handles.",
                code="not_found",
                raw=str(body.get("errors")),
            )
        self.spent += USER_COST
        return str(users[0]["id"])

    def accounts(self, handles: Sequence[str]) -> dict[str, Found]:
        """What X says of each of at most 100 accounts. Costs a user read for each that there is."""
        body = self._ask(lambda: self._client.get_users(usernames=list(handles)))
        if "data" not in body and "errors" not in body:
            raise schema("X's answer holds neither accounts nor reasons", str(body))
        users = {str(one.get("username", "")).lower(): str(one.get("id", "")) for one in body.get("data") or ()}
        self.spent += USER_COST * len(users)
        off = suspended_names(body.get("errors"))
        there = {handle: Found("there", users[handle.lower()]) for handle in handles if handle.lower() in users}
        away = {handle: Found("suspended" if handle.lower() in off else "not_found") for handle in handles}
        return away | there

    def count(self, text: str) -> dict[str, int]:
        """{day: posts} of a search text for the last seven days. Costs as much as a post; no post is read."""
        body = self._ask(lambda: self._client.get_recent_tweets_count(text, granularity="day"))
        days = body.get("data", [])
        if not isinstance(days, list) or not isinstance(body.get("meta"), dict):
            raise schema("X's answer holds no counts", str(body))
        self.spent += 1
        return {
            str(day["start"]): int(day.get("post_count", day.get("tweet_count", 0))) for day in days if "start" in day
        }

    def usage(self) -> dict[str, str]:
        """How much of the plan is used, for the admin. X does not tell it to every token."""
        try:
            told = self._ask(self._client.usage).get("data") or {}
        except SourceError as error:
            return {"usage": f"not told ({error.code})"}
        names = {"project_usage": "posts read", "project_cap": "posts allowed", "cap_reset_day": "resets on day"}
        return {label: str(told[name]) for name, label in names.items() if name in told}

    def _read(self, response: requests.Response) -> Answer:
        """One page; anything that is not shaped like one is a changed API, not an empty page."""
        body = read_json(response)
        data, meta = body.get("data", []), body.get("meta")
        if not isinstance(data, list) or not isinstance(meta, dict) or (not data and meta.get("result_count", 0)):
            raise schema("X's answer is not a page of posts", response.text)
        self._charge(body, data)
        records, broken = read_posts(data, included(body))
        if broken and not records:
            raise schema(f"None of {len(broken)} posts in X's answer could be read ({broken[0].reason})", response.text)
        ids = [str(post["id"]) for post in data if _is_post(post)]
        end = window_end(response, self.config.now())
        return Answer(records, broken, ids, body.get("errors") or [], meta.get("next_token"), end)

    def _charge(self, body: Mapping[str, Any], posts: Sequence[Any]) -> None:
        came_along = included(body)
        self.spent += len(posts) + len(came_along.posts) + USER_COST * len(came_along.users)

    def _wanted(self) -> dict[str, str]:
        """Fields to ask for. Expansions cost money, so each is a setting."""
        wanted = {"tweet_fields": ",".join(POST_FIELDS)}
        if self.expand_users:
            wanted["user_fields"] = ",".join(USER_FIELDS)
        expansions = ["author_id"] * self.expand_users + ["referenced_tweets.id"] * self.expand_posts
        return wanted | ({"expansions": ",".join(expansions)} if expansions else {})

    def _ask(self, call: Callable[[], requests.Response]) -> Mapping[str, Any]:
        return read_json(self._call(call))

    def _call(self, call: Callable[[], requests.Response]) -> requests.Response:
        try:
            return call()
        except (tweepy.TweepyException, requests.RequestException, AttributeError, TypeError, ValueError) as error:
            raise failure(error, self.config.now()) from error


def _is_post(told: Any) -> bool:
    return isinstance(told, dict) and is_id(told.get("id"))
