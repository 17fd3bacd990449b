"""What the admin is told about YouTube, and the settings and credentials that a source of it has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ingest.sources.base import ATTESTED, SWEEP_MINUTES, Band, Field, Policy
from ingest.sources.youtube.client import OFFICIAL, TOKENS, check_address
from listening.handles import normal
from listening.line import terms_of

UNITS = 10_000
"""What YouTube allows a project per day (developers.google.com/youtube/v3/determine_quota_cost)."""
SEARCHES = 90
"""Of the hundred that it allows (since 2026-06-01, a bucket of their own)."""
MOST_VIDEOS = 200

ONLY_ANSWERS = "Only needed to answer from Earshot, in the name of the brand's own channel."
RULES = (
    "YouTube lets texts be kept for 30 days and asks that what is deleted there goes here within 7. It forbids data "
    "derived from its own, so nothing of it is scored before you attest that its amendment was accepted: "
    "https://developers.google.com/youtube/terms/derived-metrics-policy"
)

POLICY = Policy(
    sentiment="attested",
    reply_to=terms_of("youtube").reply_to,
    bands=(  # fifty in one request of one unit; users' deletions within seven days (the same page)
        Band(timedelta(days=1), timedelta(hours=1)),
        Band(timedelta(days=7), timedelta(hours=6)),
        Band(timedelta(days=30), timedelta(days=1)),
        Band(None, timedelta(days=3)),
    ),
    trainable=False,
    note=RULES,
)


def check_day(text: str) -> None:
    """Raises ValueError with a sentence for what is no day, or one that has not come."""
    if day_of(text) is None:
        raise ValueError(f"“{text}” is not a day: write it like 2026-06-01, or leave it empty.")


def check_channels(lines: Sequence[str]) -> None:
    """Raises ValueError with a sentence for a line that names no channel."""
    for line in lines:
        normal("youtube", line)


def check_videos(lines: Sequence[str]) -> None:
    """Raises ValueError with a sentence for a line that names no video."""
    for line in lines:
        if video_id(line) is None:
            raise ValueError(f"“{line}” is not a video: paste its address, like https://youtu.be/abc-123_xyz.")


FIELDS = (
    Field(
        "api_key",
        "API key",
        "secret",
        required=True,
        help="From the Google Cloud console: a project with the YouTube Data API v3 switched on, Credentials, API key.",
    ),
    Field(
        "channels",
        "Channels",
        "list",
        help="@handle, ID or address, one a line: their videos' comments are read, beside those of your own channels, "
        "which you name in the settings of the brand. Only your own count as speaking to you.",
        check=check_channels,
    ),
    Field("videos", "Videos to watch", "list", help="Addresses, one a line.", check=check_videos),
    Field("search", "Search for the brands' queries", "bool", default=True, help="Titles and descriptions of videos."),
    Field(
        ATTESTED["youtube"],
        "Amendment on derived metrics accepted on",
        help="The day, like 2026-06-01. Only if Google accepted it for your project. Empty: neither sentiment nor "
        "complaints are estimated for posts of YouTube.",
        check=check_day,
    ),
    Field("daily_units", "Units to spend per day at most", "int", default=UNITS, help="A page of comments costs one."),
    Field("daily_searches", "Searches per day at most", "int", default=SEARCHES, help="YouTube allows 100."),
    Field("client_id", "OAuth client ID", "secret", help=ONLY_ANSWERS),
    Field("client_secret", "OAuth client secret", "secret", help=ONLY_ANSWERS),
    Field(
        "refresh_token",
        "OAuth refresh token",
        "secret",
        help=f"{ONLY_ANSWERS} With the scope https://www.googleapis.com/auth/youtube.force-ssl.",
    ),
    Field("back_fill_days", "Days of comments to read at the start", "int", default=7, advanced=True),
    Field(
        "most_videos",
        "Videos to follow at most",
        "int",
        default=MOST_VIDEOS,
        help="Of those that searches found; the quietest give way.",
        advanced=True,
    ),
    replace(SWEEP_MINUTES, default=60),
    Field("api_url", "API address", "url", default=OFFICIAL, advanced=True, check=check_address),
    Field("token_url", "Address of Google's sign-in", "url", default=TOKENS, advanced=True, check=check_address),
)

_VIDEO = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:youtu\.be/|youtube\.com/(?:watch\?(?:\S*&)?v=|shorts/|live/|embed/))"
    r"([\w-]{11})(?:[?&#/]\S*)?",
    re.ASCII,
)
_VIDEO_ID = re.compile(r"[\w-]{11}", re.ASCII)


def video_id(text: str) -> str | None:
    """The id in the address of a video, or the id itself; None where there is none."""
    if _VIDEO_ID.fullmatch(text.strip()):
        return text.strip()
    found = _VIDEO.fullmatch(text.strip())
    return found[1] if found else None


def day_of(told: Any) -> date | None:
    try:
        return date.fromisoformat(str(told).strip())
    except ValueError:
        return None


def is_on(value: object) -> bool:
    """Whether a switch is on, as forms and configuration files write it."""
    return value in (True, "true", "True", "on", "1", 1)


def lines_of(settings: Mapping[str, Any], name: str) -> list[str]:
    """The lines of a setting, as forms and configuration files write them."""
    told = settings.get(name) or ()
    lines = told.splitlines() if isinstance(told, str) else told
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def number(settings: Mapping[str, Any], name: str, otherwise: int) -> int:
    """A number of the settings; 0 is one, empty is none."""
    told = settings.get(name)
    return otherwise if told in (None, "") else int(str(told))
