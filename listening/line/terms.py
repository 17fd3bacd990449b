"""Terms: which posts each network's own rules let a company answer by software. No policy loosens them.

The catalogue's `policy.reply_to` of each source must allow as much; a test keeps the two together. They stand here
because a mention may come by file from a network that has no source.
"""

from dataclasses import dataclass

SUMMONED = ("mentioned", "replied", "quoted")
ANY = (*SUMMONED, "own_page", "in_thread", "talked_about")


@dataclass(frozen=True, slots=True)
class Terms:
    """`reply_to`: standings that may be answered; `why`: a sentence for those that may not."""

    reply_to: tuple[str, ...]
    why: str


TERMS = {
    # Replies by API only to people who summoned the account, since 2026-02-23 (x-api/posts/manage-tweets).
    "x": Terms(SUMMONED, "X lets an account answer only people who mentioned, answered or quoted it."),
    "bluesky": Terms(ANY, ""),  # no bulk notifications, nothing automatic (docs.bsky.app developer guidelines)
    "mastodon": Terms(ANY, ""),
    "reddit": Terms(SUMMONED, "Reddit is for people who called the account by its name or answered it."),
    "youtube": Terms(SUMMONED, "On YouTube only comments to the channel itself may be answered."),
    "hackernews": Terms((), "Hacker News has no way to answer for a company."),
    "web": Terms((), "An article on the web can't be answered."),
}
OTHERWISE = Terms(
    SUMMONED, "The rules of this network are not known here, so only those who spoke to you are answered."
)


def terms_of(network: str) -> Terms:
    return TERMS.get(network, OTHERWISE)
