"""A stream for the bench: Jetstream events as they come, most of them likes, reposts and follows without a text."""

import random
from pathlib import Path
from typing import Any

import orjson

from listening.query.common_words import COMMON

# Of 152 events recorded in one third of a second of the real network on 2026-07-04.
_SHARES = {"like": 105, "post": 17, "repost": 15, "follow": 9, "block": 1, "gone": 5}
_TEXTS = (
    "www.example.org/watch?v=V5lD...",
    "待って今日だったの知らなかった……また観られるっぽいよかった💦",
    "Just got home and the parcel is still not here, third day in a row. What are they doing?",
    "Bom dia! Hoje vai ser um dia maravilhoso para todos nós 🌞",
    "I can't believe how good this new album is, been on repeat since this morning 🔥🔥 #NowPlaying",
    "lol same",
)  # fmt: skip


def a_stream(chance: random.Random, words: list[str], count: int, frames: Path | None) -> list[bytes]:
    """`count` events, from recorded frames in their real proportion, else made up; posts get words of their own."""
    models = _recorded(frames) if frames else []
    models = models or _made_up(chance)
    common = list(COMMON)
    return [_varied(chance, models[i % len(models)], words, common) for i in range(count)]


def _recorded(folder: Path) -> list[bytes]:
    largest = max(folder.glob("*.jsonl"), key=lambda path: path.stat().st_size, default=None)
    return largest.read_bytes().splitlines() if largest else []


def _varied(chance: random.Random, line: bytes, words: list[str], common: list[str]) -> bytes:
    event = orjson.loads(line)
    record = event.get("commit", {}).get("record") or {}
    if record.get("$type") == "app.bsky.feed.post":
        record["text"] = _other_words(chance, record["text"], words, common)
    return orjson.dumps(event)


def _other_words(chance: random.Random, text: str, words: list[str], common: list[str]) -> str:
    """Half of the words changed for common ones (Zipf), one post in five with a word that queries are made of."""
    changed = [
        word if chance.random() < 0.5 else common[min(int(chance.paretovariate(0.6)) - 1, len(common) - 1)]
        for word in text.split(" ")
    ]
    if chance.random() < 0.2:
        changed.insert(chance.randint(0, len(changed)), chance.choice(words))
    return " ".join(changed)


def _made_up(chance: random.Random) -> list[bytes]:
    kinds = [kind for kind, share in _SHARES.items() for _ in range(share)]
    chance.shuffle(kinds)
    return [orjson.dumps(_event(chance, kind)) for kind in kinds]


def _event(chance: random.Random, kind: str) -> dict[str, Any]:
    did = "did:plc:" + "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=24))
    event: dict[str, Any] = {"did": did, "time_us": 1_783_175_888_085_434, "kind": "commit"}
    if kind == "gone":
        return event | {
            "commit": {"rev": "3mp", "operation": "delete", "collection": "app.bsky.feed.post", "rkey": "3m"}
        }
    room = "graph" if kind in ("follow", "block") else "feed"
    collection = f"app.bsky.{room}.{kind}"
    record: dict[str, Any] = {"$type": collection, "createdAt": "2026-07-04T14:38:08.999Z"}
    if kind == "post":
        record |= {"langs": ["en"], "text": chance.choice(_TEXTS)}
    else:
        record["subject"] = {"cid": "bafyrei" + "a" * 52, "uri": f"at://{did}/app.bsky.feed.post/3mpsjbtci2c2o"}
    commit = {"rev": "3mptbypluud2a", "operation": "create", "collection": collection, "rkey": "3mptbyplj5d2a"}
    return event | {"commit": commit | {"record": record, "cid": "bafyrei" + "b" * 52}}
