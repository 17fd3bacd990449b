"""Addressed, or only talked about: did the author turn to the brand, and how do we know?

Verdicts as in the table of SOURCES 1.3, strongest first. Only `mentioned`, `replied` and `quoted` may ever be
answered; who merely talks about a brand is heard and left alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.record import Account, Record
from ingest.sources.base import OwnHandle

VERSION = "addressed-1"

Verdict = Literal["mentioned", "replied", "quoted", "in_thread", "own_page", "talked_about"]
ADDRESSED: tuple[Verdict, ...] = ("mentioned", "replied", "quoted", "own_page", "in_thread")
"""Verdicts in order of strength; `talked_about` is none of them."""

ENTITY_NETWORKS = frozenset({"bluesky", "mastodon", "hackernews", "web"})
"""Networks where "@name" in the text means nothing unless the network itself lists it as a mention."""

_AT_NAME = re.compile(r"(?<![\w@/.])@(\w[\w.·-]*(?:@[\w.-]+)?)")
_REDDIT_NAME = re.compile(r"(?<![\w/])/?u/([\w-]+)", re.I)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A verdict and the sentence that says what it rests on."""

    verdict: Verdict
    evidence: str


TALKED_ABOUT = Addressed("talked_about", "Talks about the brand without turning to it.")


class Addressees:
    """All brands' own accounts, looked up at once: a post costs the same for one brand as for a thousand."""

    def __init__(self, handles: Mapping[int, Iterable[OwnHandle]]) -> None:
        self._by_id: dict[tuple[str, str], list[tuple[int, OwnHandle]]] = {}
        self._by_handle: dict[tuple[str, str], list[tuple[int, OwnHandle]]] = {}
        for brand, owned in handles.items():
            for handle in owned:
                self._add(brand, handle)

    def brands(self, record: Record) -> dict[int, Addressed]:
        """The brands that `record` turns to, each with its strongest verdict; empty when it turns to none.

        A repost turns to nobody: its mentions are another author's.
        """
        found: dict[int, Addressed] = {}
        if record.reposts is not None:
            return found
        for verdict, account, sentence in _claims(record):
            for brand, handle in self._owners(record.network, account):
                found.setdefault(brand, Addressed(verdict, sentence.format(f"@{handle.handle}")))
        return found

    def owners(self, record: Record) -> set[int]:
        """The brands that wrote `record` themselves."""
        author = record.author
        if author is None:
            return set()
        return {brand for brand, _ in self._owners(record.network, Account(author.id, author.handle))}

    def _add(self, brand: int, handle: OwnHandle) -> None:
        if handle.id:
            self._by_id.setdefault((handle.network, handle.id), []).append((brand, handle))
        self._by_handle.setdefault((handle.network, _key(handle.handle)), []).append((brand, handle))

    def _owners(self, network: str, account: Account) -> list[tuple[int, OwnHandle]]:
        """Ids decide where both sides know one, because handles change hands."""
        if account.id:
            known = self._by_id.get((network, account.id), [])
            if known or not account.handle:
                return known
        named = self._by_handle.get((network, _key(account.handle or "")), [])
        return [(brand, handle) for brand, handle in named if not (account.id and handle.id)]


def judge(record: Record, handles: Sequence[OwnHandle]) -> Addressed:
    """The verdict for one brand with these own accounts."""
    return Addressees({0: handles}).brands(record).get(0, TALKED_ABOUT)


def is_own(record: Record, handles: Sequence[OwnHandle]) -> bool:
    """Whether the brand wrote the record itself."""
    return bool(Addressees({0: handles}).owners(record))


def _claims(record: Record) -> Iterator[tuple[Verdict, Account, str]]:
    """Every account that the record turns to, strongest claim first, with a sentence that takes the handle."""
    for account in record.mentions:
        yield "mentioned", account, "Names {} in the text."
    if not record.mentions and not record.implied:
        for account in _named_in_text(record):
            yield "mentioned", account, "Names {} in the text."
    if record.in_reply_to and record.in_reply_to.author:
        yield "replied", record.in_reply_to.author, "Replies to a post by {}."
    if record.quotes and record.quotes.author:
        yield "quoted", record.quotes.author, "Quotes a post by {}."
    if record.page_owner:
        yield "own_page", record.page_owner, "Stands on the page of {}."
    if record.thread_root and record.thread_root.author:
        yield "in_thread", record.thread_root.author, "Speaks in a thread that {} started."
    for account in record.implied:
        yield "in_thread", account, "Answers in a conversation with {} without naming it."


def _named_in_text(record: Record) -> Iterator[Account]:
    if record.network in ENTITY_NETWORKS:
        return
    if record.network == "reddit":
        yield from (Account(handle=name) for name in _REDDIT_NAME.findall(record.text))
        return
    said = f"{record.title or ''}\n{record.text}"  # YouTube makes links of names in titles, Reddit does not
    if "@" in said:
        yield from (Account(handle=name.rstrip(".·-")) for name in _AT_NAME.findall(said))


def _key(handle: str) -> str:
    return handle.lstrip("@").casefold()
