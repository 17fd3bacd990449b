"""Every table, one file per idea."""

from listening.models.audit import AuditEntry
from listening.models.brand import Brand, Handle, Invitation, Membership, Query, QueryVersion
from listening.models.brand_model import BrandModel
from listening.models.case import BulkChange, Case, Note
from listening.models.case_rules import CaseRule, CaseRules
from listening.models.complaint_rules import ComplaintRules, KindPhrase
from listening.models.digest import Issue, Subscription
from listening.models.improvement import Improvement
from listening.models.interest import Interest
from listening.models.label import Answer, Label, Sitting, Why
from listening.models.line import Contact, Line, LineDecision
from listening.models.mention import ADDRESSED, Addressed, Mention, Sentiment
from listening.models.notice import Notice
from listening.models.person import Author, OptOut, Withheld
from listening.models.purge_delay import PurgeDelay
from listening.models.reply import Reply, SavedReply
from listening.models.rescore import Rescore
from listening.models.retention import Retention
from listening.models.reveal import Reveal
from listening.models.rights_request import RightsRequest
from listening.models.selection import Selection
from listening.models.source import Cursor, Gap, Pull, Quarantine, Source, Spend, Tombstone
from listening.models.spike import Measure, Spike, SpikeWatch
from listening.models.split import Split
from listening.models.stepping_out import OptOutRequest
from listening.models.tally import Tally
from listening.models.tally_day import TallyDay
from listening.models.theme import Theme, ThemeMember, ThemeState
from listening.models.theme_tally import ThemeTally, ThemeTallyDay
from listening.models.upload import Upload
from listening.models.user import User
from listening.models.webhook import Delivery, Webhook

__all__ = [
    "ADDRESSED",
    "Addressed",
    "Answer",
    "AuditEntry",
    "Author",
    "Brand",
    "BrandModel",
    "BulkChange",
    "Case",
    "CaseRule",
    "CaseRules",
    "Contact",
    "ComplaintRules",
    "Cursor",
    "Delivery",
    "Gap",
    "Handle",
    "Invitation",
    "Improvement",
    "Interest",
    "Issue",
    "Line",
    "LineDecision",
    "Measure",
    "Label",
    "Membership",
    "KindPhrase",
    "Mention",
    "Note",
    "Notice",
    "OptOut",
    "OptOutRequest",
    "Pull",
    "PurgeDelay",
    "Quarantine",
    "Query",
    "QueryVersion",
    "Reply",
    "Rescore",
    "Retention",
    "Reveal",
    "RightsRequest",
    "SavedReply",
    "Selection",
    "Sentiment",
    "Sitting",
    "Source",
    "Spend",
    "Split",
    "Spike",
    "SpikeWatch",
    "Subscription",
    "Tally",
    "TallyDay",
    "Theme",
    "ThemeMember",
    "ThemeState",
    "ThemeTally",
    "ThemeTallyDay",
    "Tombstone",
    "Upload",
    "User",
    "Webhook",
    "Why",
    "Withheld",
]
