"""Which column holds what: by its name where tools agree on one, else by what stands in it."""

import re
from collections.abc import Mapping, Sequence

from ingest.importing.networks import network_of
from ingest.importing.times import parse_time

Sample = Sequence[Mapping[str, str]]

TABLE = """
text: text full_text tweet_text tweet post_text post_message message body content full_content post_content
    mention_content comment comment_text review review_text caption description selftext hit_sentence snippet
    extended_tweet.full_text status post mention verbatim sentence
id: id tweet_id id_str status_id post_id mention_id message_id external_id resource_id document_id doc_id comment_id
    review_id uri guid uuid item_id
created_at: created_at date published_at published created timestamp time datetime tweet_created tweet_date
    post_date posted_at date_utc published_date publish_date creation_date created_utc created_time mention_date
    indexed_at date_posted date_published day
author: author.username user.screen_name username screen_name user_screen_name author_username author_handle handle
    twitter_screen_name from_user user_name twitter_handle user author account.acct account from
author_id: author_id user_id from_user_id user.id_str user.id author.id twitter_author_id account.id
author_name: author_name display_name user.name author.name full_name name user_display_name
followers: author.public_metrics.followers_count user.followers_count followers_count followers author_followers
    twitter_followers x_followers user_followers account.followers_count
language: lang language language_code languages locale
url: url link permalink tweet_url post_url mention_url expanded_url permanent_url original_url web_url
title: title headline subject post_title
network: network platform source channel social_network source_type page_type content_source site media_type
community: subreddit community instance forum group
reply_to: in_reply_to_status_id_str in_reply_to_status_id in_response_to_tweet_id in_reply_to_tweet_id
    in_reply_to_id in_reply_to parent_id replied_to reply_to
likes: public_metrics.like_count like_count likes favorite_count favourites_count favorites twitter_likes
    favourite_count score upvotes reactions x_likes
shares: public_metrics.retweet_count public_metrics.repost_count retweet_count repost_count reblogs_count retweets
    reposts shares share_count twitter_retweets x_reposts
replies: public_metrics.reply_count reply_count replies_count replies num_comments comments comment_count
views: public_metrics.impression_count impression_count view_count views impressions x_impressions
rating: rating stars star_rating
"""
NAMES: Mapping[str, tuple[str, ...]] = {
    field: tuple(words.split()) for field, words in re.findall(r"^(\w+):((?:.*\n?)(?:^ .*\n?)*)", TABLE, re.M)
}
"""{field: names that tools give such a column, likeliest first}"""

MOST, SOME = 0.8, 0.4
"""Share of cells that must fit where only they speak for a column, and where its name does too."""

_WORDS = re.compile(r"[^a-z0-9.]+")
_LINK = re.compile(r"https?://\S+$", re.I)
_NUMERIC = re.compile(r"-?[\d.,]+$")


def guess_columns(names: Sequence[str], sample: Sample) -> dict[str, str]:
    """{field: column} for what could be told; fields that no column fits are missing."""
    values = {name: [row[name].strip() for row in sample if row.get(name, "").strip()] for name in names}
    found = _by_name(names, values)
    for field, judge in (("text", _textiness), ("created_at", _timeliness), ("url", _linkiness)):
        if field not in found:
            free = [name for name in names if name not in found.values()]
            best = max(free, key=lambda name: judge(values[name]), default=None)
            if best is not None and judge(values[best]) > 0:
                found[field] = best
    return found


def _by_name(names: Sequence[str], values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    plain = {_plain(name): name for name in reversed(names)}
    found: dict[str, str] = {}
    for field, known in NAMES.items():
        for one in known:
            name = plain.get(one)
            if name is not None and name not in found.values() and _fits(field, values[name]):
                found[field] = name
                break
    return found


def _plain(name: str) -> str:
    """ "Tweet ID" and "tweetId" and "tweet_id" are one name."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return _WORDS.sub("_", spaced.lower()).strip("_")


def _fits(field: str, values: Sequence[str]) -> bool:
    """Whether what stands in a column can be what its name says; an empty column can be anything."""
    if not values:
        return True
    if field == "created_at":
        return _timeliness(values, SOME) > 0
    if field == "text":
        return not all(_NUMERIC.match(value) for value in values)
    if field == "network":
        return sum(network_of(value) is not None for value in values) >= MOST * len(values)
    if field == "url":
        return _linkiness(values) > 0
    if field in ("likes", "shares", "replies", "views", "followers", "rating"):
        return sum(bool(_NUMERIC.match(value.rstrip("kKmM"))) for value in values) >= MOST * len(values)
    if field == "language":
        return sum(len(value) <= 20 for value in values) >= 0.9 * len(values)
    return True


def _textiness(values: Sequence[str]) -> float:
    """Average number of words where they are many and mostly different; 0 for labels, numbers and links."""
    if not values or len(set(values)) < min(len(values), 3):
        return 0.0
    words = [len(value.split()) for value in values]
    average = sum(words) / len(words)
    return average if average >= 3 and _timeliness(values) == 0 else 0.0


def _timeliness(values: Sequence[str], least: float = MOST) -> float:
    share = sum(parse_time(value) is not None for value in values) / len(values) if values else 0.0
    return share if share >= least else 0.0


def _linkiness(values: Sequence[str]) -> float:
    share = sum(bool(_LINK.match(value)) for value in values) / len(values) if values else 0.0
    return share if share >= MOST else 0.0
