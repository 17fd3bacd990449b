"""Consent: whose posts may be listened to, by the signals that the fediverse knows.

`indexable` is Mastodon's "include public posts in search results"; where it is missing it counts as no (FEP-5feb).
`noindex` is the older flag. People of other software, or of older days, write #nobot, #noindex, #nosearch or
#noarchive into their profile.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

NOT_PUBLIC = "post is not public"
NOT_INDEXABLE = "author does not want to be found by search (indexable)"
NO_INDEX = "author does not want to be indexed (noindex)"
NO_BOT = "author's profile says #nobot or the like"

_TAG = re.compile(r"<[^>]*>")
_SIGNS = re.compile(r"#\s?(?:no-?bots?|no-?index|no-?search|no-?archive)\b", re.I)


def refusal(status: Mapping[str, Any]) -> str | None:
    """Why a post must be left alone, or None where it may be heard."""
    if status.get("visibility") != "public":
        return NOT_PUBLIC
    account = status["account"]
    if _says_no(account):
        return NO_BOT
    if account.get("noindex"):
        return NO_INDEX
    return None if account.get("indexable") is True else NOT_INDEXABLE


def _says_no(account: Mapping[str, Any]) -> bool:
    """Mastodon writes hashtags as #<span>name</span>, so markup goes before one looks."""
    fields = account.get("fields") or ()
    told = [account.get("note"), *(part for row in fields for part in (row.get("name"), row.get("value")))]
    return any(text and _SIGNS.search(html.unescape(_TAG.sub("", text))) for text in told)
