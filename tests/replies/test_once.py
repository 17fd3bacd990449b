"""An answer goes out once, on each network, wherever the worker is killed, and whatever the network says."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.cases.replying import press, retry
from dashboard.cases.seen import Seen, latest
from ingest import replying
from ingest.replying import LEASE, send
from ingest.sources.base import Source
from listening.models import Case, Contact, LineDecision, OptOut, Reply, Spend, User
from listening.secrets import seal
from tests.replies.networks import Bluesky, Mastodon, Network, Reddit, X, YouTube
from tests.sources.loopback import reply

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
WORDS = "Acme here: sorry & thank you, we look into it. https://acme.example/help?a=1"


class Killed(BaseException):
    """As sudden as kill -9: nothing behind it runs."""


def approved(case: Case, user: User, words: str = WORDS) -> Reply:
    return press(case, Seen(), words, user, timezone.now())


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def later(minutes: float = 0) -> Callable[[], datetime]:
    return at(timezone.now() + LEASE + timedelta(minutes=1 + minutes))


def assert_sent_once(network: Network, case: Case) -> None:
    done = Reply.objects.get(case=case)
    assert done.state == "sent", done.sentence
    assert len(network.sent) == 1
    assert done.sent_at and done.external_id and done.url.startswith("http")
    assert Contact.objects.filter(decision=done.decision).count() == 1
    case.refresh_from_db()
    assert (case.status, case.replied_at is not None) == ("waiting", True)


def test_it_goes_out_and_is_noted(network: Network, case: Case, user: User) -> None:
    assert send(approved(case, user).pk)
    assert_sent_once(network, case)
    assert network.sent[0].endswith(WORDS)
    assert not send(Reply.objects.get().pk, later())
    assert_sent_once(network, case)


STEPS = {
    "after claiming": (replying, "_attempt"),
    "after asking the line": (replying, "_hold"),
    "after sending": (replying, "note"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_at_any_step_is_followed_by_one_that_sends_it_once(
    network: Network, case: Case, user: User, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = approved(case, user).pk

    def die(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(*STEPS[step], die)
        with pytest.raises(Killed):
            send(pk)
    assert not send(pk), "its lease is not over"
    assert send(pk, later())
    assert_sent_once(network, case)


def test_an_error_that_nobody_foresaw_is_logged_without_its_words(
    network: Network, case: Case, user: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pk = approved(case, user).pk

    def stumble(answer: Reply) -> None:
        raise ValueError(f"cannot read {answer.text}")

    with monkeypatch.context() as patched:
        patched.setattr(replying, "_outgoing", stumble)
        assert send(pk)
    assert Reply.objects.get().state == "sending" and not network.sent
    assert "ValueError in " in caplog.text and WORDS not in caplog.text
    assert send(pk, later())
    assert_sent_once(network, case)


@pytest.mark.parametrize("fail", ["before", "after"])
def test_an_answer_that_got_lost_is_looked_for_before_it_is_sent_again(
    network: Network, case: Case, user: User, fail: str
) -> None:
    pk = approved(case, user).pk
    network.fail = fail
    assert send(pk)
    network.fail = ""
    if Reply.objects.get().state != "sent":  # Bluesky is asked at once whether the record stands there
        assert "looks for it there" in Reply.objects.get().sentence
        assert send(pk, later())
    assert_sent_once(network, case)


def test_the_second_attempt_does_not_meet_an_instance_that_has_forgotten_the_key(
    brand: Any, user: User, net: Any
) -> None:
    network = Mastodon(net)
    network.source(brand)
    case = Case.objects.create(brand=brand, mention=network.mention(brand))
    network.fail = "after"
    send(approved(case, user).pk)
    network.fail, network.remembers = "", False
    send(Reply.objects.get().pk, later(120))
    assert_sent_once(network, case)


def test_x_that_has_it_already_is_taken_at_its_word(brand: Any, user: User, net: Any) -> None:
    """The first attempt's post is not among the newest when it is looked for, but X refuses the same words twice."""
    network = X(net)
    network.source(brand)
    case = Case.objects.create(brand=brand, mention=network.mention(brand))
    network.fail = "after"
    send(approved(case, user).pk)
    network.fail = ""
    hidden, network.posts = network.posts, []
    looks = iter([lambda: network.posts.extend(hidden)])

    def look(self: Source, answer: Any, since: datetime) -> None:
        next(looks)()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ingest.sources.x.source.X.find_reply", look)
        send(Reply.objects.get().pk, later())
    assert_sent_once(network, case)
    assert network.bad_signatures == 0


def test_a_network_that_asks_for_a_pause_gets_it(network: Network, case: Case, user: User) -> None:
    reset = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=10)
    stamp = str(int(reset.timestamp()))
    headers = {"x-rate-limit-reset": stamp, "ratelimit-reset": stamp}
    headers |= {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "300"}
    if isinstance(network, Mastodon):
        headers |= {"X-RateLimit-Reset": reset.isoformat(), "Date": datetime.now(UTC).strftime("%a, %d %b %Y %T GMT")}
        del headers["x-rate-limit-reset"]
    network.says = reply(429, {"error": "RateLimitExceeded", "message": "slow", "title": "Too Many"}, headers)
    pk = approved(case, user).pk
    assert send(pk)
    waits = Reply.objects.get()
    assert waits.state == "approved" and waits.retry_at and waits.retry_at > timezone.now()
    assert not send(pk)
    network.says = None
    assert send(pk, later(20))
    assert_sent_once(network, case)


def test_an_answer_that_would_come_too_late_is_not_sent_by_itself(network: Network, case: Case, user: User) -> None:
    pk = approved(case, user).pk
    assert send(pk, later(60 * 24))
    assert "more than a day" in Reply.objects.get().sentence and not network.sent
    retry(case, Seen.of(latest(case)), user, timezone.now())
    assert send(pk, later(60 * 24))
    assert_sent_once(network, case)


def test_a_paused_source_sends_nothing(network: Network, case: Case, user: User) -> None:
    pk = approved(case, user).pk
    case.brand.sources.update(state="paused")
    send(pk)
    assert (Reply.objects.get().state, network.sent) == ("failed", [])


def test_a_no_is_a_no_with_a_sentence(network: Network, case: Case, user: User) -> None:
    status = {"bluesky": 400, "mastodon": 422, "reddit": 403, "x": 403, "youtube": 403}[network.kind]
    network.says = reply(status, {"error": "InvalidRequest", "message": "no", "detail": "You can't reply."})
    send(approved(case, user).pk)
    failed = Reply.objects.get()
    assert failed.state == "failed" and "did not take this answer" in failed.sentence
    assert not network.sent and not Contact.objects.exists()


def test_who_steps_out_after_the_approval_is_not_written_to(network: Network, case: Case, user: User) -> None:
    pk = approved(case, user).pk
    author = case.mention.author
    assert author
    OptOut.objects.create(network=author.network, key_version=1, key=author.key, scope="contact")
    send(pk)
    failed = Reply.objects.get()
    assert failed.state == "failed" and "asked not to be contacted" in failed.sentence
    assert not network.sent
    assert LineDecision.objects.filter(verdict="refused", limit=True).count() == 1


def test_nobody_answers_as_another_brand(network: Network, case: Case, user: User) -> None:
    case.brand.handles.update(handle="somebody.else", external_id="")
    send(approved(case, user).pk)
    failed = Reply.objects.get()
    assert failed.state == "failed" and "none of the brand's own accounts" in failed.sentence
    assert not network.sent


def test_a_source_without_write_access_sends_nothing(network: Network, case: Case, user: User) -> None:
    pk = approved(case, user).pk
    case.brand.sources.update(credentials="", settings={})
    send(pk)
    assert (Reply.objects.get().state, network.sent) == ("failed", [])


def test_the_sample_brand_sends_nothing(network: Network, case: Case, user: User) -> None:
    pk = approved(case, user).pk
    case.brand.is_sample = True
    case.brand.save()
    send(pk)
    assert "sample brand" in Reply.objects.get().sentence and not network.sent


def test_bluesky_gets_references_and_facets_in_bytes(brand: Any, user: User, net: Any) -> None:
    network = Bluesky(net)
    network.source(brand)
    case = Case.objects.create(brand=brand, mention=network.mention(brand))
    send(approved(case, user, "Äcme: Acme, see https://acme.example/ü. Thank you @rosa.example!").pk)
    (record,) = network.records.values()
    told = {name: (record["reply"][name]["uri"], record["reply"][name]["cid"]) for name in ("root", "parent")}
    root = ("at://did:plc:brand/app.bsky.feed.post/root", "bafyroot")
    assert told == {"root": root, "parent": (network.post_id(), "bafyparent")}
    said = record["text"].encode()
    marked = [said[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in record["facets"]]
    assert marked == ["https://acme.example/ü", "@rosa.example"]


@pytest.mark.parametrize("view", [{"gone": True}, {"viewer": {"replyDisabled": True}}])
def test_bluesky_posts_that_are_closed_are_left_alone(brand: Any, user: User, net: Any, view: dict[str, Any]) -> None:
    network = Bluesky(net)
    network.source(brand)
    network.view = view
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    assert (Reply.objects.get().state, network.sent) == ("failed", [])


def test_mastodon_names_the_person_quietly_and_answers_in_confidence_what_was_said_so(
    brand: Any, user: User, net: Any
) -> None:
    network = Mastodon(net)
    network.source(brand)
    for visibility, answered in (("public", "unlisted"), ("direct", "direct")):
        network.visibility = visibility
        mention = network.mention(brand)
        mention.external_id = network.post_id()
        send(approved(Case.objects.create(brand=brand, mention=mention), user, f"Acme says {visibility}").pk)
        assert network.sent[-1] == f"@rosa@elsewhere.example Acme says {visibility}"
        assert network.posts[-1]["visibility"] == answered
        mention.delete()


def test_too_long_for_the_instance_is_not_sent(brand: Any, user: User, net: Any) -> None:
    network = Mastodon(net)
    network.source(brand)
    network.most = 40
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user, "Acme " * 20).pk)
    assert "too long" in Reply.objects.get().sentence and not network.sent


def test_answering_on_x_counts_in_the_budget(brand: Any, user: User, net: Any) -> None:
    network = X(net)
    network.source(brand)
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    assert Spend.objects.get().units == 4  # who am I, and the post


def reddit_says(brand: Any, user: User, net: Any, *errors: list[str]) -> tuple[Reddit, Reply]:
    """Reddit's noes come in answers that call themselves a success."""
    network = Reddit(net)
    network.source(brand)
    network.says = reply(200, {"json": {"errors": list(errors)}})
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    return network, Reply.objects.get()


def test_reddit_that_asks_an_account_to_wait_is_obeyed(brand: Any, user: User, net: Any) -> None:
    words = "Looks like you've been doing that a lot. Take a break for 9 minutes before trying again."
    network, waits = reddit_says(brand, user, net, ["RATELIMIT", words, "ratelimit"])
    assert waits.state == "approved" and waits.retry_at and "9 minutes" in waits.sentence
    assert timedelta(minutes=8) < waits.retry_at - timezone.now() < timedelta(minutes=10)
    network.says = None
    assert send(waits.pk, later(20)) and len(network.sent) == 1


@pytest.mark.parametrize("error", ["DELETED_COMMENT", "THREAD_LOCKED", "SUBREDDIT_NOTALLOWED"])
def test_a_no_of_reddit_is_a_no(brand: Any, user: User, net: Any, error: str) -> None:
    _, failed = reddit_says(brand, user, net, [error, "that has been deleted", "parent"])
    assert failed.state == "failed" and "did not take this answer (that has been deleted)" in failed.sentence


@pytest.mark.parametrize("told", [{"locked": True}, {"archived": True}, {"body": "[deleted]"}, {"author": "[deleted]"}])
def test_reddit_posts_that_are_closed_are_left_alone(brand: Any, user: User, net: Any, told: dict[str, Any]) -> None:
    network = Reddit(net)
    network.source(brand)
    network.asked.update(told)
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    assert (Reply.objects.get().state, network.sent) == ("failed", [])
    assert "nothing to answer any more" in Reply.objects.get().sentence


def test_reddit_shows_the_words_as_they_were_written_and_finds_them_again(brand: Any, user: User, net: Any) -> None:
    network = Reddit(net)
    network.source(brand)
    words = "Acme: *sorry*\n1. look at a_b\n\n# thank you"
    network.fail = "after"
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user, words).pk)
    network.fail = ""
    assert network.sent == ["Acme: \\*sorry\\*  \n1\\. look at a\\_b\n\n\\# thank you"]
    assert send(Reply.objects.get().pk, later())
    assert Reply.objects.get().state == "sent" and len(network.sent) == 1
    assert Reply.objects.get().url.startswith("https://www.reddit.com/r/mugs/comments/")


def test_a_suspended_reddit_account_answers_nobody(brand: Any, user: User, net: Any) -> None:
    network = Reddit(net)
    network.source(brand)
    network.server.me["is_suspended"] = True
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    assert "suspended the account" in Reply.objects.get().sentence and not network.sent


def test_answering_on_youtube_counts_in_the_units(brand: Any, user: User, net: Any) -> None:
    network = YouTube(net)
    network.source(brand)
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    assert Spend.objects.get().units == network.units == 53  # who am I, two looks, and the comment


def test_a_brand_on_youtube_that_is_named_by_its_channels_id_answers_too(brand: Any, user: User, net: Any) -> None:
    network = YouTube(net)
    network.handle = network.channel
    network.source(brand)
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    assert Reply.objects.get().state == "sent"


def test_on_youtube_who_answered_a_comment_is_answered_below_it_and_named(brand: Any, user: User, net: Any) -> None:
    network = YouTube(net)
    network.source(brand)
    network.above = f"{network.thread}.rosasreply"
    url = "https://www.youtube.com/watch?v=abcdefghijk&lc=x"
    mention = network.mention(brand)
    mention.url = url
    mention.save()
    network.fail = "after"
    send(approved(Case.objects.create(brand=brand, mention=mention), user, "Acme here: sorry").pk)
    network.fail = ""
    send(Reply.objects.get().pk, later())
    (there,) = network.answers
    assert there["snippet"]["textOriginal"] == "@rosa Acme here: sorry"
    assert there["snippet"]["parentId"] == network.thread
    sent = Reply.objects.get()
    assert (sent.state, sent.url) == ("sent", f"https://www.youtube.com/watch?v=abcdefghijk&lc={there['id']}")


@pytest.mark.parametrize("change", [{"gone": True}, {"can_reply": False}])
def test_comments_on_youtube_that_are_closed_are_left_alone(
    brand: Any, user: User, net: Any, change: dict[str, bool]
) -> None:
    network = YouTube(net)
    network.source(brand)
    for name, value in change.items():
        setattr(network, name, value)
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    failed = Reply.objects.get()
    assert (failed.state, network.sent) == ("failed", []) and "nobody may answer it any more" in failed.sentence


def test_a_video_is_not_answered_and_the_sentence_says_how(brand: Any, user: User, net: Any) -> None:
    network = YouTube(net)
    network.source(brand)
    network.above = "abcdefghijk"
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    failed = Reply.objects.get()
    assert failed.state == "failed" and "Write below it at YouTube" in failed.sentence and not net.requests


def test_a_refresh_token_that_was_taken_back_is_said(brand: Any, user: User, net: Any) -> None:
    network = YouTube(net)
    row = network.source(brand)
    row.credentials = seal({"api_key": "k", **network.keys, "refresh_token": "old"})
    row.save()
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    failed = Reply.objects.get()
    assert failed.state == "failed" and "refresh token was taken back" in failed.sentence and not network.sent


@pytest.mark.parametrize("status", [429, 503])
def test_nobody_sleeps_for_a_sign_in_that_is_busy(brand: Any, user: User, net: Any, status: int) -> None:
    network = YouTube(net)
    network.source(brand)
    net.script("POST", "/token", reply(status, {"error": "busy"}))
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    assert [one.path for one in net.requests] == ["/token"], "Google's library would sleep, and ask three times"
    waiting = Reply.objects.get()
    assert waiting.state == "sending" and "sign-in has a problem of its own" in waiting.sentence


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_may_not_act_for_the_channel_is_said(brand: Any, user: User, net: Any, status: int) -> None:
    network = YouTube(net)
    network.source(brand)
    net.script("GET", "/youtube/v3/channels", reply(status, {"error": {"code": status, "message": "No scope."}}))
    send(approved(Case.objects.create(brand=brand, mention=network.mention(brand)), user).pk)
    failed = Reply.objects.get()
    assert failed.state == "failed" and "act for the channel (No scope.)" in failed.sentence and not network.sent


def worker(pk: int) -> "subprocess.Popen[bytes]":
    """A real process that sends this reply, on this test's database."""
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    own = f"{base.rpartition('/')[0]}/{quote(str(connection.settings_dict['NAME']))}?{options}"
    code = f"import django; django.setup(); from ingest.replying import send; send({pk})"
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "DATABASE_URL": own})


@pytest.mark.django_db(transaction=True)
def test_kill_9_between_the_network_and_the_note(network: Network, case: Case, user: User) -> None:
    pk = approved(case, user).pk
    stands, go_on = Event(), Event()

    def meanwhile() -> None:
        stands.set()
        go_on.wait(60)

    network.meanwhile = meanwhile
    process = worker(pk)
    assert stands.wait(120), "the worker never came to the network"
    process.kill()
    process.wait()
    network.meanwhile = lambda: None
    go_on.set()
    assert Reply.objects.get().state == "sending"
    assert send(pk, later())
    assert_sent_once(network, case)


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_send_it_once(network: Network, case: Case, user: User) -> None:
    pk = approved(case, user).pk

    def work() -> None:
        try:
            send(pk)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_sent_once(network, case)
