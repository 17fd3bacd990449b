"""Opting out: requests as rows, from the public page, an administrator or a list; the ingest room does them."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from django.db import transaction

from dashboard import bells
from dashboard.audit import note
from dashboard.kinds import addable
from listening.handles import normal
from listening.models import OptOut, OptOutRequest, Source, User
from listening.people import handle_person, wishes
from listening.secrets import Unreadable, seal, unseal

State = OptOutRequest.State
MOST_ROWS = 5000
SCOPES = {"listen": "listen", "contact": "contact", "don't listen to me": "listen", "don't contact me": "contact"}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row of a list: "added", "already" or "refused", with a sentence."""

    number: int
    who: str
    state: str
    sentence: str


def provable(network: str) -> bool:
    """Whether a code in the profile can be looked for on this network; where it wants keys, by a source that is on."""
    kinds = [kind for kind in addable() if kind.network == network and kind.shows_profiles]
    keyed = [kind.kind for kind in kinds if kind.needs_account]
    return len(keyed) < len(kinds) or Source.objects.filter(kind__in=keyed, state=Source.State.ON).exists()


def request_of(network: str, handle: str, scope: str) -> OptOutRequest:
    """A request from the public page: it waits for its code, or for an administrator where no code can be read."""
    state = State.OPEN if provable(network) else State.ASKED
    return OptOutRequest.objects.create(
        network=network, scope=scope, state=state, sealed=seal({"handle": handle}), origin="the public page"
    )


def profile_of(request: OptOutRequest) -> str:
    """Where the code is put in, while it is waited for: the page at the network on which a profile is written."""
    try:
        told = unseal(request.sealed) if request.state == State.OPEN else {}
    except Unreadable:  # the key of this installation changed
        told = {}
    if "handle" not in told:
        return ""
    name, _, server = told["handle"].partition("@")
    match request.network:
        case "bluesky":
            return f"https://bsky.app/profile/{quote(name)}"
        case "mastodon":
            return f"https://{quote(server)}/settings/profile" if server else ""
        case "hackernews":
            return f"https://news.ycombinator.com/user?id={quote(name)}"
    return ""


@transaction.atomic
def decide(request: OptOutRequest, agreed: bool, user: User) -> bool:
    """An administrator agrees, and it is done in a moment, or declines. False when somebody had decided before."""
    waiting = OptOutRequest.objects.filter(pk=request.pk, state__in=[State.OPEN, State.ASKED])
    done = waiting.update(state=State.AGREED) if agreed else waiting.update(state=State.DECLINED, sealed="")
    if done:
        note(user, "agreed to an opt-out" if agreed else "declined an opt-out", None, request.network)
        bells.settle_opt_outs()
    return bool(done)


@transaction.atomic
def enter(network: str, told: dict[str, str], scope: str, origin: str, user: User) -> OptOutRequest:
    """An administrator enters somebody; `told` holds "handle" or "id"."""
    made = OptOutRequest.objects.create(
        network=network, scope=scope, state=State.AGREED, sealed=seal(told), origin=origin
    )
    note(user, "entered an opt-out", None, network, scope=scope)
    bells.settle_opt_outs()
    return made


@transaction.atomic
def take_list(text: str, user: User) -> list[Row]:
    """A shared list as CSV with the columns network, handle or id, and kind (listen when it is not told)."""
    rows = list(_rows(text))
    added = sum(row.state == "added" for row in rows)
    if added:
        note(user, "imported opt-outs", None, "a list", added=added)
        bells.settle_opt_outs()
    return rows


def _rows(text: str) -> Iterator[Row]:
    """What can't be read any further ends the list, with a row that says so."""
    number = 1
    try:
        for number, row in enumerate(_read(text), 2):
            told = {name: (value or "").strip() for name, value in row.items() if name and isinstance(value, str)}
            who = told.get("handle") or told.get("id") or ""
            yield Row(number, who, *_taken(told))
    except csv.Error:
        yield Row(number + 1, "", "refused", "From here on it is no CSV: look for a quotation mark that is not closed.")


def _read(text: str) -> Iterator[dict[str, str]]:
    lines = io.StringIO(text.lstrip("\ufeff"), newline=None)
    first = lines.readline()
    reader = csv.DictReader(lines, next(csv.reader([first], delimiter=(part := _part(first))), []), delimiter=part)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    yield from islice(reader, MOST_ROWS)


def _part(header: str) -> str:
    """What parts the columns: Excel writes commas, semicolons or (as "Unicode text") tabs."""
    return max(",;\t", key=header.count)


def _taken(told: dict[str, str]) -> tuple[str, str]:
    try:
        return _take(told)
    except ValueError as error:
        return "refused", str(error)


def _take(told: dict[str, str]) -> tuple[str, str]:
    network, scope = told.get("network", "").lower(), SCOPES.get((told.get("kind") or "listen").lower())
    if not network or scope is None:
        raise ValueError("It names no network." if not network else "Its kind is neither “listen” nor “contact”.")
    if not re.fullmatch(r"[\w-]{1,20}", network) or not told.get("id", "").isprintable():
        raise ValueError("Its network or id holds what none does. Check how it is spelt.")
    who = {"id": told["id"]} if told.get("id") else {"handle": normal(network, told.get("handle", ""))}
    person = (network, who["id"]) if "id" in who else handle_person(network, who["handle"])
    if (person, scope) in wishes([person]):
        return "already", "Was on the list before."
    OptOutRequest.objects.create(network=network, scope=scope, state=State.AGREED, sealed=seal(who), origin="a list")
    return "added", "Is done in a moment."


def kept() -> dict[str, int]:
    """How many wishes are kept, by kind. A person may have several keys, so this counts keys."""
    return {label: OptOut.objects.filter(scope=scope).count() for scope, label in OptOut.Scope.choices}
