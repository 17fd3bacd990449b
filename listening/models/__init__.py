"""Every table, one file per idea."""

from listening.models.audit import AuditEntry
from listening.models.brand import Brand, Handle, Invitation, Membership, Query, QueryVersion
from listening.models.case import Case, Note
from listening.models.digest import Issue, Subscription
from listening.models.mention import ADDRESSED, Addressed, Mention, Sentiment
from listening.models.person import Author, OptOut, Withheld
from listening.models.source import Cursor, Gap, Pull, Quarantine, Source, Spend, Tombstone
from listening.models.spike import Measure, Spike, SpikeWatch
from listening.models.tally import Tally
from listening.models.tally_day import TallyDay
from listening.models.upload import Upload
from listening.models.user import User

__all__ = [
    "ADDRESSED",
    "Addressed",
    "AuditEntry",
    "Author",
    "Brand",
    "Case",
    "Cursor",
    "Gap",
    "Handle",
    "Invitation",
    "Issue",
    "Measure",
    "Membership",
    "Mention",
    "Note",
    "OptOut",
    "Pull",
    "Quarantine",
    "Query",
    "QueryVersion",
    "Sentiment",
    "Source",
    "Spend",
    "Spike",
    "SpikeWatch",
    "Subscription",
    "Tally",
    "TallyDay",
    "Tombstone",
    "Upload",
    "User",
    "Withheld",
]
