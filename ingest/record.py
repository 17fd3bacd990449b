"""Record: one post as a stranger told it.

Every source yields Records and nothing else, whatever the network calls its posts. "Not told" is `None`, never 0 or
"": a network that says nothing of likes has `likes=None`. Instances are frozen; `ingest.clean` answers a cleaned copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on a network, as far as the network told: a stable `id`, a `handle` without "@", or both.

    `id` is the network's stable identifier as text: X numeric id, Bluesky DID, Mastodon actor URI,
    Hacker News name in lower case, Reddit fullname (t2_...), YouTube channel id.
    """

    id: str | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class OwnHandle:
    """One of a brand's own accounts: handle without "@", stable id where known."""

    network: str
    handle: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class PostRef:
    """Another post that this one refers to, and who wrote it when that was told."""

    id: str
    author: Account | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a post. `id` as in `Account`; `created_at` is the age of the account, aware UTC."""

    id: str
    handle: str | None = None
    name: str | None = None
    url: str | None = None
    followers: int | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One post.

    `network`      "x", "bluesky", "mastodon", "hackernews", "web", ... (what `source:` in a query compares with)
    `external_id`  the network's id of the post as text, the same whichever way it was found; unique per network
    `text`         the whole text; `html=True` says that it still holds HTML
    `published_at` aware datetime in UTC; `edited_at` likewise, None when never edited or not told
    `language`     the network's own word (BCP 47) or None
    `mentions`     accounts that the author named in the text; `implied` those a reply carries without naming
    `in_reply_to`, `thread_root`, `quotes`, `reposts`   other posts
    `page_owner`   whose page or channel the post stands on, for networks with pages
    `community`    subreddit, Mastodon instance, feed title
    `replies` `likes` `shares` `views`   counts at the time of reading; `rating` 1 to 5
    `hidden`       None, or why the text must not be shown ("withheld", "protected", "takendown")
    `public_ok`    False where the author's signals forbid showing the post to people who are not signed in
    `raw`          what the network answered, JSON-compatible, while its terms allow keeping it
    """

    network: str
    external_id: str
    text: str
    published_at: datetime
    html: bool = False
    title: str | None = None
    url: str | None = None
    edited_at: datetime | None = None
    author: Author | None = None
    language: str | None = None
    mentions: tuple[Account, ...] = ()
    implied: tuple[Account, ...] = ()
    in_reply_to: PostRef | None = None
    thread_root: PostRef | None = None
    quotes: PostRef | None = None
    reposts: PostRef | None = None
    page_owner: Account | None = None
    links: tuple[str, ...] = ()
    media: int | None = None
    community: str | None = None
    replies: int | None = None
    likes: int | None = None
    shares: int | None = None
    views: int | None = None
    rating: float | None = None
    hidden: str | None = None
    public_ok: bool = True
    raw: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Deletion:
    """The network says that a post, or everything of one author, is gone.

    `what` is "post" (`id` = external id of the post) or "author" (`id` = stable id of the account).
    `mode` is "delete" (purge), "hide" (taken down, deactivated: may come back) or "restore".
    `at` is when it happened at the network, None when not told.
    """

    network: str
    what: Literal["post", "author"]
    id: str
    mode: Literal["delete", "hide", "restore"] = "delete"
    at: datetime | None = None


class Skip(Exception):
    """One record that is left out for a stated reason; counted, never fatal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
