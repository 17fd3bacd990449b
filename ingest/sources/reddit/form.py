"""What the admin is told about Reddit, and the settings and credentials that a source of it has."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from ingest.sources.base import SWEEP_MINUTES, Band, Field, Policy, SourceError
from ingest.sources.reddit.naming import check_names
from listening.handles import normal
from listening.line import terms_of
from listening.retention import kept_by

OFFICIAL = "https://oauth.reddit.com"
LOGIN = "https://www.reddit.com"
"""Where tokens are made; reading has a host of its own."""
MOST_KEPT = kept_by("reddit").text or timedelta.max
"""Nothing older may be kept than this, so nothing older is read at the start."""

APPROVAL = (
    "Since November 2025 Reddit approves each use of its API before it may begin, and commercial use by a contract of "
    "its own: ask at https://support.reddithelp.com/hc/en-us/articles/42728983564564 and enter the day of the approval."
)
ACCOUNT = "Only for what is said to the brand's own account, and for answers."

POLICY = Policy(
    reply_to=terms_of("reddit").reply_to,
    bands=(  # a hundred posts a request, 100 requests a minute (support.reddithelp.com 16160319875092)
        Band(timedelta(days=1), timedelta(minutes=10)),
        Band(None, timedelta(hours=1)),
    ),
    trainable=False,
    note="Reddit approves each use of its API before it begins, and wants deleted content gone without a trace: "
    "texts and authors stay for 48 hours at most, then a count is left. "
    "https://support.reddithelp.com/hc/en-us/articles/16160319875092",
)


def check_date(written: Any) -> None:
    """Raises ValueError with a sentence for anything but a day such as 2026-03-31."""
    try:
        date.fromisoformat(str(written).strip())
    except ValueError as error:
        raise ValueError("Write the day of Reddit's approval like 2026-03-31.") from error


def check_name(written: Any) -> None:
    normal("reddit", str(written))


def check_address(url: Any) -> None:
    """Raises ValueError with a sentence for an `api_url` that nothing can be appended to."""
    parts = urlsplit(str(url))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"The API address must look like {OFFICIAL}.")


FIELDS = (
    Field("approved", "Reddit has approved this use", "bool", help=APPROVAL),
    Field("approved_on", "Approved by Reddit on", required=True, help="Like 2026-03-31.", check=check_date),
    Field(
        "client_id",
        "App id",
        required=True,
        help="Under https://www.reddit.com/prefs/apps, below the app's name. A script or web app.",
    ),
    Field("client_secret", "App secret", "secret", required=True),
    Field(
        "operator",
        "Reddit name of whoever runs the app",
        required=True,
        help="Without u/. Reddit wants it in every request.",
        check=check_name,
    ),
    Field(
        "subreddits",
        "Subreddits to read whole",
        "list",
        help="One a line. Reddit's search finds submissions only: comments are read in these.",
        check=check_names,
    ),
    Field("everywhere", "Search all of Reddit", "bool", default=True, help="Off: only the subreddits above."),
    Field("username", "Account", help=f"{ACCOUNT} Without u/; with a script app that lists it as a developer."),
    Field("password", "Password of the account", "secret", help=f"{ACCOUNT} Not with two-factor sign-in."),
    Field(
        "refresh_token",
        "Refresh token",
        "secret",
        help=f"{ACCOUNT} Instead of account and password, from a web app, with the scopes identity, read, history, "
        "privatemessages and submit.",
    ),
    Field("answers", "Answer from Earshot", "bool", help="In the name of the account above, when a person says so."),
    Field("first_days", "Days to look back at the start", "int", default=1, help="One or two.", advanced=True),
    SWEEP_MINUTES,
    Field("api_url", "API address", "url", default=OFFICIAL, advanced=True, check=check_address),
)


def is_on(value: object) -> bool:
    """Whether a switch is on, as forms and configuration files write it."""
    return str(value).lower() in ("true", "on", "1", "yes")


def has_account(settings: Mapping[str, Any], credentials: Mapping[str, str]) -> bool:
    return bool(credentials.get("refresh_token") or (settings.get("username") and credentials.get("password")))


def not_approved(settings: Mapping[str, Any]) -> SourceError | None:
    """Why this source must not ask Reddit anything; None where it may."""
    if is_on(settings.get("approved")) and settings.get("approved_on"):
        return None
    return SourceError(
        "Reddit has not approved this use yet, as far as Earshot knows, so nothing is asked of it. Ask Reddit for the "
        "approval, then tick “Reddit has approved this use” and enter the day in the settings of this source.",
        code="settings",
        permanent=True,
    )
