"""People: accounts on a real Bluesky network and what they do there, with the real client library."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from atproto_client import Client, models
from atproto_client.utils import TextBuilder

PASSWORD = "pass-for-tests"  # noqa: S105 - an account on loopback
ADMIN = ("admin", "admin-pass")


@dataclass(slots=True)
class Person:
    """Somebody with an account."""

    client: Client
    did: str
    handle: str

    def post(self, text: str, **more: Any) -> Any:
        """A post; answers its strong reference (uri, cid)."""
        return self.client.send_post(text, self.did, **more)

    def mention(self, other: "Person", before: str = "Hey ", after: str = ", look!") -> Any:
        text = TextBuilder().text(before).mention(f"@{other.handle}", other.did).text(after)
        return self.client.send_post(text, self.did)

    def reply(self, text: str, parent: Any, root: Any = None) -> Any:
        parent = models.ComAtprotoRepoStrongRef.Main(uri=parent.uri, cid=parent.cid)
        root = models.ComAtprotoRepoStrongRef.Main(uri=root.uri, cid=root.cid) if root else parent
        return self.client.send_post(text, self.did, reply_to=models.AppBskyFeedPost.ReplyRef(parent=parent, root=root))

    def quote(self, text: str, post: Any) -> Any:
        reference = models.ComAtprotoRepoStrongRef.Main(uri=post.uri, cid=post.cid)
        return self.client.send_post(text, self.did, embed=models.AppBskyEmbedRecord.Main(record=reference))

    def edit(self, post: Any, text: str) -> None:
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": datetime.now(UTC).isoformat()}
        self._put("app.bsky.feed.post", post.uri.rpartition("/")[2], record)

    def delete(self, post: Any) -> None:
        self.client.app.bsky.feed.post.delete(self.did, post.uri.rpartition("/")[2])

    def hide_from_strangers(self) -> None:
        """The setting "discourage apps from showing my account to logged-out users"."""
        labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
        self._put("app.bsky.actor.profile", "self", {"$type": "app.bsky.actor.profile", "labels": labels})

    def describe(self, text: str) -> None:
        """What stands below the name on the profile."""
        self._put("app.bsky.actor.profile", "self", {"$type": "app.bsky.actor.profile", "description": text})

    def declare(self, bulk: bool) -> None:
        """A declaration of the draft of user intents."""
        declaration = "org.user-intents.declaration"
        said = {"$type": declaration, "updatedAt": datetime.now(UTC).isoformat(), "bulkDataset": {"allow": bulk}}
        self._put(declaration, "self", said)

    def deactivate(self) -> None:
        self.client.com.atproto.server.deactivate_account(models.ComAtprotoServerDeactivateAccount.Data())

    def activate(self) -> None:
        self.client.com.atproto.server.activate_account()

    def many(self, texts: list[str]) -> None:
        """Posts in calls of 200, some hundred a second."""
        now = datetime.now(UTC).isoformat()
        for start in range(0, len(texts), 200):
            writes = [
                models.ComAtprotoRepoApplyWrites.Create(
                    collection="app.bsky.feed.post",
                    value={"$type": "app.bsky.feed.post", "text": text, "createdAt": now},
                )
                for text in texts[start : start + 200]
            ]
            self.client.com.atproto.repo.apply_writes(
                models.ComAtprotoRepoApplyWrites.Data(repo=self.did, writes=writes, validate=False)
            )

    def _put(self, collection: str, rkey: str, record: dict[str, Any]) -> None:
        self.client.com.atproto.repo.put_record(
            models.ComAtprotoRepoPutRecord.Data(
                repo=self.did, collection=collection, rkey=rkey, record=record, validate=False
            )
        )


def join(pds: str, name: str) -> Person:
    """A new account with the handle name.test."""
    client = Client(pds)
    data = models.ComAtprotoServerCreateAccount.Data(
        handle=f"{name}.test", email=f"{name}@example.test", password=PASSWORD
    )
    account = client.com.atproto.server.create_account(data, ignore_session_check=True)
    client.login(f"{name}.test", PASSWORD, fetch_bsky_profile=False)
    return Person(client, account.did, f"{name}.test")


def delete_account(pds: str, did: str) -> None:
    """What an admin of the server does."""
    _admin(pds, "com.atproto.admin.deleteAccount", {"did": did})


def take_down(pds: str, did: str, applied: bool = True) -> None:
    subject = {"$type": "com.atproto.admin.defs#repoRef", "did": did}
    takedown = {"applied": applied, "ref": "test"}
    _admin(pds, "com.atproto.admin.updateSubjectStatus", {"subject": subject, "takedown": takedown})


def _admin(pds: str, method: str, body: dict[str, Any]) -> None:
    httpx.post(f"{pds}/xrpc/{method}", json=body, auth=ADMIN).raise_for_status()
