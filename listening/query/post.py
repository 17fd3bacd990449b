"""Post: what the query language sees of a post, as plain values."""

import re
from dataclasses import dataclass

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_ASKS = re.compile("[?？؟⁉❓❔]")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post. The names mirror `ingest.record.Record`; None means "not told", which no field or flag matches.

    `text` and `title` as stored: spans are offsets into them. `source` is the network. `community` is the subreddit,
    the instance or the feed. `followers` and `engagement` (likes, shares and replies) are counts, `rating` is 1 to 5.
    `is_original`, `has_link` and `has_question` are worked out from the rest where they are not told.
    """

    text: str
    title: str = ""
    author: str | None = None
    author_name: str | None = None
    author_id: str | None = None
    url: str | None = None
    site: str | None = None
    links: tuple[str, ...] = ()
    language: str | None = None
    source: str | None = None
    community: str | None = None
    followers: int | None = None
    rating: float | None = None
    engagement: int | None = None
    is_original: bool | None = None
    is_reply: bool | None = None
    is_quote: bool | None = None
    is_repost: bool | None = None
    is_addressed: bool | None = None
    has_link: bool | None = None
    has_media: bool | None = None
    has_question: bool | None = None

    def flag(self, group: str, name: str) -> bool:
        """Whether `is:name` or `has:name` is told and true."""
        told: bool | None = getattr(self, f"{group}_{name}")
        if told is None:
            worked_out = {"original": self._original, "link": self._link, "question": self._question}.get(name)
            return worked_out() if worked_out else False
        return told

    def _original(self) -> bool:
        return (self.is_reply, self.is_quote, self.is_repost) == (False, False, False)

    def _link(self) -> bool:
        return bool(self.links) or bool(_LINK.search(self.text))

    def _question(self) -> bool:
        return any(_ASKS.search(_ADDRESS.sub(" ", part)) for part in (self.text, self.title))
