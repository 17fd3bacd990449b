"""What the admin is told about X, and the settings and credentials that a source of it has."""

from datetime import timedelta

from ingest.sources.base import Band, Field, Policy
from ingest.sources.x.client import OFFICIAL, check_address

USER_COST = 2
"""A user read costs as much as two post reads ($0.010 against $0.005, 2026-08)."""

ANSWER_COST = 2
"""A post that is written costs about as much as two that are read ($0.010, as of 2026-08; prices move)."""

ONLY_ANSWERS = "Only needed to answer from Earshot, in the name of the brand's own account."

RULES = (
    "X sells access by use and ties each app to one use case: describe yours to X when you create the app, and note "
    "here what was approved. X says that asking end users to register apps for a tool's purposes may be enforced "
    "against, so register this app for your own organisation, never on behalf of others, and keep its keys to this "
    "installation. Rules: https://docs.x.com/developer-terms/policy"
)

POLICY = Policy(keep_raw=True, bands=(Band(timedelta(days=30), timedelta(days=7)),), trainable=False, note=RULES)
"""X's policy: keep stored content in step with X; no training on X content (restricted-use-cases.mdx, end)."""

FIELDS = (
    Field("bearer_token", "Bearer token", "secret", required=True, help="From your app in X's developer console."),
    Field("use_case", "Approved use case", required=True, help=RULES),
    Field("monthly_posts", "Posts to read per month at most", "int", default=10_000, help="10,000 posts cost $50."),
    Field("daily_posts", "Posts to read per day at most", "int", help="Empty: only the month's budget counts."),
    Field("search", "Search for the brands' queries", "bool", default=True),
    Field("mentions", "Read mentions of the brands' own accounts", "bool", default=True),
    Field(
        "sweep_days",
        "Days until a stored post is read again",
        "int",
        default=7,
        help="So that deletions are followed, for 30 days. X wants it done soon; each reading costs as much as a post.",
    ),
    Field("first_days", "Days to look back at the start", "int", default=1, help="X search reaches back 7 days."),
    Field("expand_users", "Read authors too", "bool", default=False, help=f"Each costs {USER_COST} more reads."),
    Field("expand_posts", "Read answered and quoted posts too", "bool", default=False, help="Each costs a read."),
    Field("api_key", "API key", "secret", help=f"{ONLY_ANSWERS} From the app's “Keys and tokens”."),
    Field("api_secret", "API key secret", "secret", help=ONLY_ANSWERS),
    Field(
        "access_token",
        "Access token",
        "secret",
        help=f"{ONLY_ANSWERS} Made while the app has the permission to read and write.",
    ),
    Field("access_secret", "Access token secret", "secret", help=ONLY_ANSWERS),
    Field("price_per_post", "Price of a post in US dollars", default="0.005", advanced=True),
    Field(
        "field_names",
        "Names of fields",
        "choice",
        default="tweet",
        choices=(("tweet", "tweet.fields (documented)"), ("post", "post.fields (new)")),
        advanced=True,
    ),
    Field("api_url", "API address", "url", default=OFFICIAL, advanced=True, check=check_address),
)


def is_on(value: object) -> bool:
    """Whether a switch is on, as forms and configuration files write it."""
    return value in (True, "true", "True", "on", "1", 1)
