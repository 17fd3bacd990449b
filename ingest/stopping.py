"""Stopping: who says in a post to the brand that they want to be left alone is proposed to a person, once.

Until somebody decides nobody may answer them (listening.line); nothing is ever decided from a pattern alone.
"""

from collections.abc import Sequence

from django.db.models import Q

from ingest.enrich.stop import says_stop
from ingest.findings import Finding
from ingest.match import words_of
from ingest.record import Author, Record
from listening import people
from listening.models import ADDRESSED, Mention, OptOutRequest
from listening.secrets import person_key, seal

ORIGIN = "a post that says stop"
State = OptOutRequest.State


def heard(findings: Sequence[Finding]) -> list[Finding]:
    """Those of these posts that turn to the brand and ask to be left alone; pure."""
    return [one for one in findings if _speaks_to_brand(one) and says_stop(words_of(one.concern.record))]


def _speaks_to_brand(finding: Finding) -> bool:
    concern = finding.concern
    mine = concern.own or concern.record.reposts is not None
    return concern.addressed.verdict in ADDRESSED and not mine and concern.record.author is not None


def propose(said: Sequence[Finding]) -> int:
    """Put them before an administrator; who has stepped out, waits already, or was decided on since, is not asked
    about again. Call in the transaction that stored the posts. Returns how many are new."""
    requests = [request for one in said if (request := _request(one))]
    made = OptOutRequest.objects.bulk_create(requests, ignore_conflicts=True) if requests else []
    return len(made)


def _request(finding: Finding) -> OptOutRequest | None:
    record = finding.concern.record
    author = record.author
    if author is None or _known(record, author):
        return None
    told = {"handle": author.handle, "id": author.id} if author.handle else {"id": author.id}
    return OptOutRequest(
        network=record.network,
        sealed=seal(told),
        scope="contact",
        state=State.ASKED,
        origin=ORIGIN,
        key=person_key(record.network, author.id)[1],
        mention=Mention.objects.filter(
            brand_id=finding.concern.brand_id, network=record.network, external_id=record.external_id
        ).first(),
    )


def _known(record: Record, author: Author) -> bool:
    """Whether this person has stepped out, or a person has looked at this since the post was written."""
    if people.wishes(people.names_of(record.network, author.id, author.handle)):
        return True
    mine = OptOutRequest.objects.filter(network=record.network, key=person_key(record.network, author.id)[1])
    waits = Q(state__in=[State.OPEN, State.ASKED, State.AGREED])
    return mine.filter(waits | Q(created_at__gte=record.published_at)).exists()
