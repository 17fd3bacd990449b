"""Every table, one file per idea."""

from listening.models.audit import AuditEntry
from listening.models.brand import Brand, Handle, Invitation, Membership, Query, QueryVersion
from listening.models.brand_model import BrandModel
from listening.models.case import Case, Note
from listening.models.digest import Issue, Subscription
from listening.models.label import Answer, Label, Sitting, Why
from listening.models.mention import ADDRESSED, Addressed, Mention, Sentiment
from listening.models.person import Author, OptOut, Withheld
from listening.models.source import Cursor, Gap, Pull, Quarantine, Source, Spend, Tombstone
from listening.models.tally import Tally
from listening.models.tally_day import TallyDay
from listening.models.upload import Upload
from listening.models.user import User

__all__ = [
    "ADDRESSED",
    "Addressed",
    "Answer",
    "AuditEntry",
    "Author",
    "Brand",
    "BrandModel",
    "Case",
    "Cursor",
    "Gap",
    "Handle",
    "Invitation",
    "Issue",
    "Label",
    "Membership",
    "Mention",
    "Note",
    "OptOut",
    "Pull",
    "Quarantine",
    "Query",
    "QueryVersion",
    "Sentiment",
    "Sitting",
    "Source",
    "Spend",
    "Subscription",
    "Tally",
    "TallyDay",
    "Tombstone",
    "Upload",
    "User",
    "Why",
    "Withheld",
]
