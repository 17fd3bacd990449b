"""Bluesky: everything that is posted there, live from Jetstream; with an app password also search in the past.

This module is only the card in the catalogue. What it does is in `reading`, which loads the atproto SDK.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.door import told_as_source_error
from ingest.record import Record
from ingest.sources.base import (
    Band,
    Check,
    Cursor,
    Declared,
    Field,
    Found,
    Outgoing,
    Page,
    Policy,
    Sent,
    Shown,
    Source,
    Status,
    Target,
    Tracked,
)
from ingest.sources.bluesky import intents
from listening.http import Answer, Door
from listening.line import terms_of

if TYPE_CHECKING:
    from ingest.sources.bluesky.reading import Reading

__all__ = ["Bluesky"]


SWITCHED_OFF = ("AccountTakedown", "AccountDeactivated")
"""What the AppView calls accounts that are suspended, or that their owner has switched off."""


def _websocket(value: object) -> None:
    if urlsplit(str(value)).scheme not in ("ws", "wss"):
        raise ValueError("Write a websocket address: it begins with wss:// (or ws:// for one on this machine).")


def _replay(value: object) -> None:
    if not 0 <= float(str(value)) <= 36:
        raise ValueError("Write 0 to 36 hours: the stream keeps no more than 36.")


class Bluesky(Source):
    """Live without an account; the account is for the past."""

    kind = "bluesky"
    label = "Bluesky"
    network = "bluesky"
    summary = "Every public post as it is written, with its edits and deletions. Needs no account."
    fields = (
        Field(
            "identifier",
            "Account",
            help="Optional: the handle of an account, as in acme.bsky.social. With it Earshot also searches the past.",
        ),
        Field(
            "app_password",
            "App password",
            "secret",
            help="Made at Bluesky under Settings > Privacy and security > App passwords. Never the main password.",
        ),
        Field(
            "replies",
            "Answer from Earshot",
            "bool",
            default=False,
            help="Only needed to answer from Earshot: the account above must be the brand's own, and its app password "
            "then also writes. Nothing is ever sent without a person who presses the button.",
        ),
        Field("backfill_days", "Days to search back at the start", "int", default=7),
        Field(
            "replay_hours",
            "Hours to replay at the start",
            "int",
            default=1,
            help="Without an account, too: the stream keeps the last 36 hours. An hour takes about half a minute.",
            advanced=True,
            check=_replay,
        ),
        Field(
            "jetstream_url",
            "Jetstream",
            default="wss://jetstream.us-east.bsky.network",
            help="Address of the live stream; one that ends in /subscribe is read as the older version 1.",
            advanced=True,
            check=_websocket,
        ),
        Field("api_url", "Server of the account", "url", default="https://bsky.social", advanced=True),
        Field(
            "appview_url",
            "AppView",
            "url",
            default="https://public.api.bsky.app",
            help="Tells authors' names and whether their posts may be shown to people who are not signed in. "
            "Empty: nobody is asked, and no post is shown publicly.",
            advanced=True,
        ),
        Field(
            "plc_url",
            "Directory of accounts",
            "url",
            default="https://plc.directory",
            help="Tells on whose server an account lies, which is asked what its owner declared about exports.",
            advanced=True,
        ),
    )
    policy = Policy(
        reply_to=terms_of("bluesky").reply_to,
        bands=(Band(timedelta(days=30), timedelta(days=7)), Band(None, timedelta(days=30))),
        note="Bluesky asks that deletions are followed and that nobody is messaged in bulk "
        "(docs.bsky.app/docs/support/developer-guidelines). Deletions arrive with the stream; "
        "a weekly look finds those of a time when Earshot was away.",
    )
    every = timedelta(minutes=1)
    stream = True
    needs_account = False
    shows_profiles = True
    declares = True
    finds_accounts = True
    writes = True
    write_needs = ("replies", "identifier", "app_password")

    def targets(self, tracked: Sequence[Tracked]) -> list[Target]:
        return self._reading.targets(tracked)

    def poll(self, target: Target, cursor: Cursor | None) -> Iterator[Page]:
        return self._reading.poll(target, cursor)

    def check(self) -> Check:
        return self._reading.check()

    def preview(self, query: str, limit: int = 50) -> Iterable[Record]:
        return self._reading.preview(query, limit)

    def shown(self, handle: str) -> Shown | None:
        """The description of a profile (app.bsky.actor.getProfile), which needs no login."""
        with told_as_source_error():
            answer = self._profile(handle)
            if answer.status in (400, 404):  # "Profile not found" comes as either
                return None
            profile = answer.expect().json()
        return Shown(str(profile["did"]), (str(profile.get("description") or ""),))

    def account(self, handle: str) -> Found:
        """By its profile too: the name of a suspended account still resolves to a DID, its profile says so."""
        with told_as_source_error():
            answer = self._profile(handle)
            if answer.status in (400, 404):
                return Found("suspended" if answer.json().get("error") in SWITCHED_OFF else "not_found")
            return Found("there", str(answer.expect().json()["did"]))

    def _profile(self, handle: str) -> Answer:
        url = str(self.config.settings.get("appview_url") or "https://public.api.bsky.app").rstrip("/")
        return Door(now=self.config.now).get(f"{url}/xrpc/app.bsky.actor.getProfile", params={"actor": handle})

    def hydrate(self, ids: Sequence[str]) -> Iterator[Status]:
        return self._reading.hydrate(ids)

    def declared(self, ids: Sequence[str]) -> Iterator[Declared]:
        return intents.declared(self.config, ids)

    def reply(self, answer: Outgoing) -> Sent:
        return self._reading.reply(answer)

    def find_reply(self, answer: Outgoing, since: datetime) -> Sent | None:
        return self._reading.find_reply(answer)

    @cached_property
    def _reading(self) -> "Reading":
        defaults = {field.name: field.default for field in self.fields}
        reading: Reading = import_module("ingest.sources.bluesky.reading").Reading(self.config, defaults)
        return reading
