"""Comments and submissions become records, and what is gone becomes nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.clean import clean
from ingest.enrich.addressed import judge
from ingest.record import Account, PostRef
from ingest.sources.base import OwnHandle
from ingest.sources.reddit.client import user_agent
from ingest.sources.reddit.markdown import as_markdown
from ingest.sources.reddit.posts import DELETED, NOBODY, REMOVED, gone, of_thing
from tests.sources.loopback import Loopback
from tests.sources.reddit.server import Server

ACME = (OwnHandle("reddit", "acme"),)


@pytest.fixture
def server() -> Server:
    return Server(Loopback())


def a_comment(server: Server, *args: Any, **told: Any) -> dict[str, Any]:
    server.comment(*args, **told)
    return server.things[-1]


def a_submission(server: Server, *args: Any, **told: Any) -> dict[str, Any]:
    server.submission(*args, **told)
    return server.things[-1]


def test_a_comment_is_a_record(server: Server) -> None:
    rendered = (
        '<!-- SC_OFF --><div class="md"><p>The <strong>mug</strong> broke &amp; leaked, '
        'see <a href="https://acme.example/a">this</a>:</p>\n\n<blockquote>\n<p>quoted</p>\n</blockquote>\n</div>'
    )
    thing = a_comment(server, "The **mug** broke", body_html=rendered, parent_id="t1_par", link_id="t3_root")
    record = clean(of_thing(thing, {"t3_root": Account("t2_b", "bert")}))
    assert record.text == "The mug broke & leaked, see this:\n\nquoted"
    assert (record.network, record.external_id) == ("reddit", thing["data"]["name"])
    assert record.author and (record.author.id, record.author.handle) == ("t2_rosa1", "rosa")
    assert (record.in_reply_to, record.thread_root) == (
        PostRef("t1_par"),
        PostRef("t3_root", Account("t2_b", "bert")),
    )
    assert (record.community, record.likes, record.replies, record.language) == ("mugs", 3, None, None)
    assert record.url == f"https://reddit.com/r/mugs/comments/x/y/{thing['data']['id']}"
    assert record.edited_at is None and record.public_ok and record.title is None


def test_a_submission_is_a_record(server: Server) -> None:
    thing = a_submission(
        server, "Acme < others?", selftext="a", selftext_html="<div><p>It broke.</p></div>", edited=1_795_430_000.0
    )
    record = clean(of_thing(thing, {}))
    assert (record.title, record.text) == ("Acme < others?", "It broke.")
    assert record.edited_at == datetime.fromtimestamp(1_795_430_000, UTC)
    assert (record.replies, record.shares, record.views, record.media, record.links) == (2, 0, None, 0, ())
    picture = a_submission(server, is_self=False, url="https://i.redd.it/mug.jpg", post_hint="image")
    record = clean(of_thing(picture, {}))
    assert (record.text, record.media, record.links) == ("", 1, ("https://i.redd.it/mug.jpg",))


def test_what_is_not_told_is_none_and_not_nothing(server: Server) -> None:
    thing = a_comment(server, score_hidden=True)
    record = of_thing(thing, {})
    assert (record.likes, record.views, record.shares, record.media) == (None, None, None, None)
    hidden = a_submission(server, hide_score=True)
    assert of_thing(hidden, {}).likes is None


def test_a_text_that_reddit_did_not_render_is_read_as_it_is(server: Server) -> None:
    thing = a_comment(server, "1 < 2 & acme")
    del thing["data"]["body_html"]
    assert clean(of_thing(thing, {})).text == "1 < 2 & acme"
    thing = a_submission(server, "a < b", selftext="1 < 2")
    assert clean(of_thing(thing, {})).title == "a < b"


def test_a_private_subreddit_is_not_for_everybody(server: Server) -> None:
    assert not of_thing(a_comment(server, subreddit_type="private"), {}).public_ok
    assert of_thing(a_comment(server, subreddit_type="user", subreddit="u_rosa"), {}).public_ok


def test_a_crosspost_repeats_or_quotes(server: Server) -> None:
    parent = {"author": "acme", "author_fullname": "t2_own", "title": "Our new mug"}
    told = {"crosspost_parent": "t3_mug", "crosspost_parent_list": [parent]}
    again = of_thing(a_submission(server, "Our new mug", **told), {})
    assert again.reposts == PostRef("t3_mug", Account("t2_own", "acme")) and again.quotes is None
    about = of_thing(a_submission(server, "Look how ugly", **told), {})
    assert about.reposts is None and judge(about, ACME).verdict == "quoted"
    lost = of_thing(a_submission(server, "Look", crosspost_parent="t3_mug", crosspost_parent_list=[]), {})
    assert lost.quotes == PostRef("t3_mug")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"body": "[deleted]", "author": "[deleted]"}, DELETED),
        ({"body": "[removed]"}, REMOVED),
        ({"body": "[ Removed by Reddit ]"}, REMOVED),
        ({"author": "[deleted]"}, NOBODY),
        ({"author": None}, NOBODY),
        ({"body": "[deleted] was what I read", "author": "rosa"}, None),
    ],
)
def test_what_is_gone_is_seen_in_a_comment(server: Server, told: dict[str, Any], reason: str | None) -> None:
    assert gone(a_comment(server, **told)) == reason


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"selftext": "[deleted]", "author": "[deleted]"}, DELETED),
        ({"selftext": "[removed]"}, REMOVED),
        ({"title": "[deleted by user]"}, DELETED),
        ({"removed_by_category": "moderator"}, REMOVED),
        ({"removed_by_category": "author"}, DELETED),
        ({"removed_by_category": "deleted"}, DELETED),
        ({"author": "[deleted]", "selftext": "it broke"}, NOBODY),
        ({}, None),
    ],
)
def test_what_is_gone_is_seen_in_a_submission(server: Server, told: dict[str, Any], reason: str | None) -> None:
    assert gone(a_submission(server, **told)) == reason


@pytest.mark.parametrize(
    ("parent", "text", "verdict"),
    [
        (None, "thanks u/acme", "mentioned"),
        (Account("t2_own", "Acme"), "thanks", "replied"),
        (Account("t2_x", "bert"), "thanks acme", "in_thread"),
    ],
)
def test_it_says_how_a_comment_turns_to_the_brand(
    server: Server, parent: Account | None, text: str, verdict: str
) -> None:
    thing = a_comment(server, text, parent_id="t1_p", link_id="t3_r")
    authors = {"t3_r": Account(None, "acme")} | ({"t1_p": parent} if parent else {})
    assert judge(clean(of_thing(thing, authors)), ACME).verdict == verdict


def test_a_thing_that_is_no_post_is_refused() -> None:
    with pytest.raises(ValueError, match="t4 is no post"):
        of_thing({"kind": "t4", "data": {"name": "t4_a"}}, {})


def test_the_user_agent_has_reddits_form() -> None:
    assert user_agent("/u/rosa") == "python:earshot:v1 (by /u/rosa)" == user_agent(" rosa ")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Sorry & thank you. https://acme.example/a_b_c?x=1", "Sorry & thank you. https://acme.example/a_b_c?x=1"),
        ("# 1 and *this* is a_b_c", r"\# 1 and \*this\* is a\_b\_c"),
        ("one\ntwo\n\nthree", "one  \ntwo\n\nthree"),
        ("- a\n1. b", "\\- a  \n1\\. b"),
        ("> no quote, u/my_name in r/my_sub", r"\> no quote, u/my_name in r/my_sub"),
        ("a | b [c](d) ~e~ ^f `g` \\", r"a \| b \[c\](d) \~e\~ \^f \`g\` \\"),
    ],
)
def test_an_answer_is_shown_as_it_was_written(text: str, markdown: str) -> None:
    assert as_markdown(text) == markdown
