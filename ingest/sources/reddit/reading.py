"""Reading: one listing of Reddit, from its newest post down to what is known, page by page."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import Any

from ingest.sources.base import Config, Page
from ingest.sources.reddit.client import Client
from ingest.sources.reddit.hearing import Heard, authors_of, hear, is_advert, newest_of, times_of
from ingest.sources.reddit.walk import Walk

MOST = 2000
"""Reddit shows some thousand posts of a listing; a walk that has seen more goes round in circles."""

Told = Mapping[str, Any]
Hear = Callable[[Sequence[Told]], Heard]


@dataclass(frozen=True, slots=True)
class Listing:
    """`path` and `params` as Reddit's API names them; `overlap` is how far below the mark it is read again; `keep` is
    what stands in the cursor beside the walk."""

    path: str
    params: Mapping[str, Any]
    overlap: timedelta
    keep: Mapping[str, Any] = field(default_factory=dict)


def pages(
    client: Client, listing: Listing, walk: Walk, config: Config, first: timedelta, heard: Hear
) -> Iterator[Page]:
    """Pages until the walk has arrived, time is over, or no request is left. Raises SourceError."""
    while True:
        floor = walk.floor(config.now(), first, listing.overlap)
        things, after = _below(client, listing, walk)
        seen, before = times_of([one for one in things if not is_advert(one)]), walk.oldest
        walk = walk.down(seen) if seen else walk
        known = {name for name, at in seen if at <= floor}
        fresh = [one for one in things if str(one["data"]["name"]) not in known]
        stands_still = before is not None and walk.oldest == before  # it would show the same for ever
        done = bool(known) or not after or not seen or stands_still or walk.read >= MOST
        cut_off = done and not known
        page = _page(heard(fresh), walk, listing, done, cut_off)
        page = replace(page, newest=newest_of(seen, UTC), retry_at=client.limits.rest_until())
        yield page
        if done or page.retry_at or config.out_of_time():
            return


def _below(client: Client, listing: Listing, walk: Walk) -> tuple[list[Told], str | None]:
    """The next page. Below a post that is gone Reddit shows nothing, so that the one above it is tried then."""
    if not walk.below:
        return client.listing(listing.path, **listing.params)
    for name in reversed(walk.below):
        things, after = client.listing(listing.path, after=name, **listing.params)
        if things:
            return things, after
    return [], None


def _page(heard: Heard, walk: Walk, listing: Listing, done: bool, cut_off: bool) -> Page:
    hole = walk.hole() if cut_off else None
    return Page(
        records=heard.records,
        deletions=heard.deletions,
        skipped=heard.skipped,
        broken=heard.broken,
        holes=[hole] if hole else [],
        cursor={**(walk.arrived() if done else walk).as_cursor(), **listing.keep},
        done=done,
    )


def as_shown(client: Client, own: Collection[str]) -> Hear:
    """Things as the listing tells them."""
    return lambda things: hear(things, authors_of(client, things, own))


def from_inbox(client: Client, handle: str) -> Hear:
    """An inbox tells little of a comment: each is looked up, with those whom it answers. `handle` is who is named
    where Reddit says that somebody is."""

    def heard(things: Sequence[Told]) -> Heard:
        named = {
            str(one["data"]["name"]): str(one["data"].get("dest") or handle)
            for one in things
            if one["data"].get("type") == "username_mention" or one["data"].get("subject") == "username mention"
        }
        posts = [str(one["data"]["name"]) for one in things if one.get("kind") in ("t1", "t3")]
        shown = list(client.info(posts).values()) if posts else []
        return hear(shown, authors_of(client, shown, (), always=True), named)

    return heard
