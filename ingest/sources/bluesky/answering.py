"""Answering on Bluesky: a post under a record key that follows from the reply's own key, so that it stands there once.

A repository holds one record under a key (atproto.com/specs/record-key): whoever sends the same answer again, after a
crash or at the same moment, meets the first one.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from atproto_client import models

from ingest.sources.base import Outgoing, Sent, SourceError, not_yours, too_long
from ingest.sources.bluesky.client import Api
from ingest.sources.bluesky.frames import NETWORK, POSTS
from ingest.sources.bluesky.handles import resolve
from listening.lengths import measure

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
GET_RECORD = "com.atproto.repo.getRecord"
_LINK = re.compile(r"https?://[^\s<>]+")
_NAME = re.compile(r"(?<![\w@/.])@((?:[a-z0-9-]+\.)+[a-z]{2,})", re.I)
_NO_END_OF_A_LINK = ".,;:!?)]}'\"»”’"

Json = Mapping[str, Any]


def record_key(answer: Outgoing) -> str:
    """A TID (atproto.com/specs/tid): the microseconds of the writing, and ten bits of the reply's key."""
    micros = int(answer.written_at.timestamp() * 1_000_000)
    number = (micros << 10) | (answer.key.int & 0x3FF)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def reply(api: Api, answer: Outgoing, now: datetime) -> Sent:
    """Raises SourceError as the contract says."""
    length = measure(NETWORK, answer.text)
    if not length.fits:
        raise too_long(length.used, length.most)
    did = _account(api, answer, now)
    record = {
        "$type": POSTS,
        "text": answer.text,
        "createdAt": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reply": _references(api, answer, now),
        "facets": list(_facets(api, answer.text, now)),
    } | ({"langs": [answer.language]} if answer.language else {})
    try:
        api.write(did, POSTS, record_key(answer), record, now)
    except SourceError as error:
        return _after(error, api, answer, now)
    return _sent(did, answer)


def find(api: Api, answer: Outgoing, now: datetime) -> Sent | None:
    """The record under this key, in the account's own repository."""
    did = api.did(now)
    params = models.ComAtprotoRepoGetRecord.Params(repo=did, collection=POSTS, rkey=record_key(answer))
    try:
        api.ask(GET_RECORD, params, now)
    except SourceError as error:
        if error.code in ("schema", "not_found"):  # 400 RecordNotFound
            return None
        raise
    return _sent(did, answer)


def _after(error: SourceError, api: Api, answer: Outgoing, now: datetime) -> Sent:
    """What an error while writing means: it may have been written all the same."""
    if error.permanent or error.retry_at:
        raise error
    if found := find(api, answer, now):
        return found
    if error.code != "schema":
        raise error
    raise SourceError(
        "Bluesky did not take this answer. Its own words are with the source; write it anew, or answer there.",
        code="schema",
        permanent=True,
        raw=error.raw,
    ) from error


def _account(api: Api, answer: Outgoing, now: datetime) -> str:
    """The DID that is signed in, when it is one of the brand's own."""
    did = api.did(now)
    unknown = [handle.handle for handle in answer.own if not handle.id]
    dids = {handle.id for handle in answer.own} | set(resolve(unknown, {}, api, now).dids.values())
    if did not in dids:
        raise not_yours(api.login[0] if api.login else did, answer.own)
    return did


def _references(api: Api, answer: Outgoing, now: datetime) -> Json:
    """Root and parent, with the parent as it stands now; the root is the one that the parent names."""
    params = models.AppBskyFeedGetPosts.Params(uris=[answer.to.external_id])
    found = api.ask("app.bsky.feed.getPosts", params, now).get("posts") or []
    post = next((one for one in found if one.get("uri") == answer.to.external_id), None)
    if post is None:
        raise _closed("The post is gone, or its author has blocked this account")
    if (post.get("viewer") or {}).get("replyDisabled"):
        raise _closed("The author lets only some people answer, and this account is none of them")
    parent = {"uri": post["uri"], "cid": post["cid"]}
    root = ((post.get("record") or {}).get("reply") or {}).get("root") or parent
    return {"root": {"uri": root["uri"], "cid": root["cid"]}, "parent": parent}


def _closed(why: str) -> SourceError:
    return SourceError(f"{why}: there is nothing to answer any more.", code="not_found", permanent=True)


def _facets(api: Api, text: str, now: datetime) -> Iterator[Json]:
    """Links and names as the network wants them: with places in bytes."""
    for link in _LINK.finditer(text):
        address = link[0].rstrip(_NO_END_OF_A_LINK)
        yield _facet(text, link.start(), address, {"$type": "app.bsky.richtext.facet#link", "uri": address})
    names = list(_NAME.finditer(text))
    dids = resolve([name[1] for name in names], {}, api, now).dids if names else {}
    for name in names:
        if did := dids.get(name[1].lower()):
            yield _facet(text, name.start(), name[0], {"$type": "app.bsky.richtext.facet#mention", "did": did})


def _facet(text: str, start: int, words: str, feature: Json) -> Json:
    first = len(text[:start].encode())
    return {"index": {"byteStart": first, "byteEnd": first + len(words.encode())}, "features": [feature]}


def _sent(did: str, answer: Outgoing) -> Sent:
    key = record_key(answer)
    return Sent(f"at://{did}/{POSTS}/{key}", f"https://bsky.app/profile/{did}/post/{key}")
