"""What the admin is told about Mastodon, and the settings and credentials that a source of it has."""

from datetime import timedelta

from ingest.sources.base import SWEEP_MINUTES, Band, Field, Policy
from listening.line import terms_of

FIELDS = (
    Field(
        "api_url",
        "Instances",
        "list",
        required=True,
        default=["https://mastodon.social"],
        help="One a line, two to five. The brand's own account lives on the first one.",
    ),
    Field("hashtags", "More hashtags", "list", help="One a line. Those of your queries are read anyway."),
    Field(
        "token",
        "Access token",
        "secret",
        help="For mentions and search. On the first instance: Settings, Development, New application, with the "
        "scopes read:accounts, read:notifications, read:search and read:statuses.",
    ),
    Field(
        "write_token",
        "Access token for answers",
        "secret",
        help="Only needed to answer from Earshot: a second application on the first instance, signed in as the "
        "brand's own account, with the scopes read:accounts, read:search, read:statuses and write:statuses.",
    ),
    Field(
        "longest",
        "Longest post",
        "int",
        help="Characters that the first instance allows; empty: 500. “Test connection” tells it.",
        advanced=True,
    ),
    Field("search", "Search posts", "bool", default=True, help="Needs a token, and an instance with full search."),
    Field("back_fill_days", "Days to read at the start", "int", default=7, advanced=True),
    SWEEP_MINUTES,
)

POLICY = Policy(
    reply_to=terms_of("mastodon").reply_to,
    bands=(  # the limit is 300 requests in 5 minutes (docs.joinmastodon.org/api/rate-limits), 20 posts each
        Band(timedelta(days=1), timedelta(minutes=10)),
        Band(timedelta(days=7), timedelta(hours=6)),
        Band(timedelta(days=30), timedelta(days=1)),
        Band(None, timedelta(days=30)),
    ),
    note="Only public posts of people who let themselves be found (indexable, no noindex, no #nobot), and posts "
    "that turn to your account. How many were left out is shown. https://docs.joinmastodon.org/entities/Account/",
)
