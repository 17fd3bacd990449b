"""The line: may this person be answered? Plain values in, a verdict with every reason out; no database, no clock."""

from listening.line.again import still_holds
from listening.line.decide import Decision, Reason, Verdict, decide, rank
from listening.line.facts import Facts, History
from listening.line.policy import Hours, Policy, Topic, Unfit
from listening.line.presets import PRESETS, Preset
from listening.line.terms import terms_of
from listening.line.wording import check_draft

__all__ = [
    "PRESETS",
    "Decision",
    "Facts",
    "History",
    "Hours",
    "Policy",
    "Preset",
    "Reason",
    "Topic",
    "Unfit",
    "Verdict",
    "check_draft",
    "decide",
    "rank",
    "still_holds",
    "terms_of",
]
