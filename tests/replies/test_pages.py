"""The panel of an answer: who may do what, with the verdict beside the button, and nothing that was typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ingest.replying import due
from listening.models import (
    AuditEntry,
    Brand,
    Case,
    CaseRules,
    Contact,
    Line,
    LineDecision,
    OptOut,
    Reply,
    SavedReply,
    Source,
)
from listening.secrets import seal
from tests.builders import a_brand, a_case, a_complaint, a_member, a_mention, a_source, a_user, an_author

pytestmark = pytest.mark.django_db
WORDS = "Acme here: sorry, we look into it."


@pytest.fixture
def brand() -> Brand:
    return a_brand("Acme", slug="acme")


@pytest.fixture
def case(brand: Brand) -> Case:
    author = an_author(network="bluesky", handle="rosa.example", name="Rosa")
    return a_case(a_mention(brand, "hello acme", addressed="mentioned", network="bluesky", author=author))


@pytest.fixture
def writing(brand: Brand) -> Source:
    settings, sealed = {"replies": True, "identifier": "acme.example"}, seal({"app_password": "x"})
    return a_source(brand, kind="bluesky", name="Our Bluesky", settings=settings, credentials=sealed)


def signed_in(brand: Brand, role: str) -> Client:
    client = Client()
    client.force_login(a_user() if role == "stranger" else a_member(brand, role))
    return client


def url(case: Case, name: str = "case_reply") -> str:
    return reverse(name, args=[case.brand.slug, case.pk])


def press(client: Client, case: Case, do: str, seen: str = "", **more: Any) -> str:
    newest = case.replies.order_by("-pk").first()
    seen = seen or (f"{newest.pk}:{newest.version}" if newest else "0:0")
    return client.post(url(case), {"do": do, "seen": seen, **more}, follow=True).content.decode()


def test_the_verdict_stands_beside_the_button_with_every_reason(brand: Brand, case: Case, writing: Source) -> None:
    CaseRules.objects.create(brand=brand, voice="Warm and short.")
    page = signed_in(brand, "marketer").get(url(case)).content.decode()
    for words in ("May be answered: mentions your account", "Warm and short.", "Our Bluesky", "of 300", 'value="send"'):
        assert words in page
    look = signed_in(brand, "marketer").post(url(case, "case_reply_look"), {"text": "x" * 301}).content.decode()
    assert "Too long" in look and "does not say for whom it speaks" in look
    assert not LineDecision.objects.exists()


def test_it_is_sent_with_one_press_and_two_presses_are_one(brand: Brand, case: Case, writing: Source) -> None:
    client = signed_in(brand, "marketer")
    for _ in range(2):
        page = press(client, case, "send", "0:0", text=WORDS)
        assert "It is on its way" in page and "Somebody else" not in page
    assert Reply.objects.get().state == "approved"
    assert AuditEntry.objects.filter(verb="wrote an answer").count() == 1
    assert WORDS not in str(list(AuditEntry.objects.values()))


def test_what_is_too_long_stays_in_the_box(brand: Brand, case: Case, writing: Source) -> None:
    page = press(signed_in(brand, "marketer"), case, "send", text="Acme " * 61)
    assert "Too long for this network: 304 of 300" in page and "Acme Acme" in page
    assert not Reply.objects.exists()


def test_words_of_who_came_second_stay_in_the_box(brand: Brand, case: Case, writing: Source) -> None:
    ann, bob = signed_in(brand, "marketer"), signed_in(brand, "marketer")
    press(ann, case, "save", "0:0", text="Acme: Ann's words")
    page = press(bob, case, "save", "0:0", text="Acme: Bob's words")
    assert "Somebody else worked on this answer" in page
    assert "Acme: Bob&#x27;s words</textarea>" in page and "Acme: Ann&#x27;s words</p>" in page
    assert Reply.objects.get().text == "Acme: Ann's words"
    press(bob, case, "save", text="Acme: Bob's words")
    assert Reply.objects.get().text == "Acme: Bob's words"


def test_a_second_person_sees_what_they_approve(brand: Brand, case: Case, writing: Source) -> None:
    policy = {**Line.objects.of(brand).policy, "second_person": "always"}
    Line.objects.create(brand=brand, version=2, name="Always two", policy=policy)
    ann, bob = signed_in(brand, "marketer"), signed_in(brand, "marketer")
    assert "Somebody else of the team has to look at it" in press(ann, case, "send", text=WORDS)
    assert "somebody else has to look at it" in press(ann, case, "approve")
    page = bob.get(url(case)).content.decode()
    assert WORDS in page and "Approve and send" in page
    press(bob, case, "approve", reason="kind")
    assert Reply.objects.get().state == "approved"
    assert LineDecision.objects.get(verdict="ask", override_reason="kind")


def test_a_refusal_is_overridden_by_a_name_and_a_reason_and_never_a_limit(brand: Brand) -> None:
    case = a_case(a_complaint(brand, author=an_author()))
    a_source(brand, credentials=seal({"write_token": "t"}), settings={"api_url": ["https://m.example"]})
    client = signed_in(brand, "marketer")
    page = press(client, case, "send", text=WORDS)
    assert "They talked about you, not to you." in page and Reply.objects.get().state == "draft"
    assert "Write down why" in press(client, case, "override", text=WORDS, reason="")
    press(client, case, "override", text=WORDS, reason="They phoned us.")
    assert Reply.objects.get().state == "approved"
    hidden = a_case(a_mention(brand, "hello acme", network="hackernews", author=an_author(network="hackernews")))
    page = client.get(url(hidden)).content.decode()
    assert "No line changes that" in page and "<textarea" not in page
    press(client, hidden, "override", text=WORDS, reason="the chief said so")
    assert not Reply.objects.filter(case=hidden, state="approved").exists()


def test_where_earshot_cannot_write_it_is_answered_there_and_noted(brand: Brand, case: Case) -> None:
    client = signed_in(brand, "marketer")
    page = client.get(url(case)).content.decode()
    assert "answer at the network, and note it here" in page and 'value="send"' not in page
    for _ in range(2):
        press(client, case, "there", "0:0", text=WORDS)
    noted = Reply.objects.get()
    assert (noted.state, noted.by_hand, noted.text) == ("sent", True, WORDS)
    assert Contact.objects.count() == 1
    case.refresh_from_db()
    assert (case.status, case.replied_at is not None) == ("waiting", True)


def test_where_earshot_cannot_write_a_second_person_still_approves(brand: Brand, case: Case) -> None:
    policy = {**Line.objects.of(brand).policy, "second_person": "always"}
    Line.objects.create(brand=brand, version=2, name="Always two", policy=policy)
    ann, bob = signed_in(brand, "marketer"), signed_in(brand, "marketer")
    press(ann, case, "send", text=WORDS)
    press(bob, case, "approve")
    assert "Approved: answer at the network" in ann.get(url(case)).content.decode()
    press(ann, case, "there")
    assert (Reply.objects.get().state, Reply.objects.get().by_hand) == ("sent", True)


def test_a_saved_reply_is_filled_in_without_a_script_and_keeps_what_was_typed(brand: Brand, case: Case) -> None:
    text = "Dear {name}, {disclosure} is sorry. {link}"
    saved = SavedReply.objects.create(brand=brand, name="Sorry", text=text)
    page = press(signed_in(brand, "marketer"), case, "insert", text="Hello", saved=saved.pk)
    assert "Hello\nDear Rosa, Acme is sorry. </textarea>" in page
    assert not Reply.objects.exists()
    elsewhere = SavedReply.objects.create(brand=a_brand("Other"), name="Theirs", text="x")
    client = signed_in(brand, "marketer")
    answer = client.post(url(case), {"do": "insert", "saved": elsewhere.pk})
    assert answer.status_code == 404


def test_a_saved_reply_calls_by_name_only_whom_this_person_may_see_and_notes_it(brand: Brand, case: Case) -> None:
    saved = SavedReply.objects.create(brand=brand, name="Hello", text="Dear {name}!")
    ann = signed_in(brand, "marketer")
    assert "Dear Rosa!" in press(ann, case, "insert", saved=saved.pk)
    assert AuditEntry.objects.get().verb == "saw a name"
    Case.objects.update(status="done", closed_at=timezone.now())
    page = press(ann, case, "insert", saved=saved.pk)
    assert "Dear there!" in page and "Rosa" not in page
    Case.objects.update(status="new", closed_at=None)
    author = case.mention.author
    assert author
    OptOut.objects.create(network=author.network, key=author.key, scope="contact")
    page = press(ann, case, "insert", saved=saved.pk)
    assert "Rosa" not in page and AuditEntry.objects.count() == 1


def test_a_failed_answer_says_what_to_do_and_can_be_tried_again(brand: Brand, case: Case, writing: Source) -> None:
    client = signed_in(brand, "marketer")
    press(client, case, "send", text=WORDS)
    Reply.objects.update(state="sending", attempts=1)
    Reply.objects.update(state="failed", sentence="The network was cross. Do this.")
    page = client.get(url(case)).content.decode()
    assert "Do this." in page and "Try the same again" in page
    press(client, case, "retry")
    assert Reply.objects.get().state == "approved"
    Reply.objects.update(state="sending")
    Reply.objects.update(state="failed")
    press(client, case, "send", text="Acme says it otherwise")  # other words are another reply, with a key of its own
    assert list(Reply.objects.values_list("state", "text")) == [
        ("failed", WORDS),
        ("approved", "Acme says it otherwise"),
    ]


@pytest.mark.parametrize(("role", "get", "post"), [("marketer", 200, 302), ("admin", 200, 302), ("manager", 200, 403),
                                                   ("stranger", 404, 404)])  # fmt: skip
def test_who_may(brand: Brand, case: Case, role: str, get: int, post: int) -> None:
    client = signed_in(brand, role)
    assert client.get(url(case)).status_code == get
    assert client.get(url(case, "case_reply_panel")).status_code == get
    assert client.post(url(case), {"do": "save", "seen": "0:0", "text": WORDS}).status_code == post
    assert Reply.objects.exists() == (post == 302)
    if role == "manager":
        assert "<textarea" not in client.get(url(case)).content.decode()
        assert client.post(url(case, "case_reply_look"), {"text": "x"}).status_code == 403


@pytest.mark.parametrize("told", [{"do": "save"}, {"do": "fly", "text": "x"}, {"do": "send", "text": "x" * 10_001},
                                  {"do": "approve"}, {"do": "drop", "seen": "9:9"}, {"do": "insert", "saved": "x"},
                                  {"do": "save", "text": "a\x00b", "seen": ":::"}])  # fmt: skip
def test_nonsense_is_a_sentence_and_changes_nothing(brand: Brand, case: Case, told: dict[str, str]) -> None:
    answer = signed_in(brand, "marketer").post(url(case), told)
    assert answer.status_code in (302, 404, 409, 422)
    assert not Reply.objects.exclude(text="ab").exists()


def test_a_case_of_another_brand_is_not_there(brand: Brand) -> None:
    other = a_case(a_mention(a_brand("Other", slug="other")))
    assert signed_in(brand, "admin").get(f"/b/acme/inbox/{other.pk}/reply/").status_code == 404


def test_admins_keep_saved_replies_and_others_do_not(brand: Brand) -> None:
    admin, page = signed_in(brand, "admin"), reverse("saved_replies", args=["acme"])
    assert "No saved replies yet" in admin.get(page).content.decode()
    wrong = admin.post(page, {"name": "Sorry", "text": "Dear {nmae}"})
    assert wrong.status_code == 422 and "nothing that {nmae} stands for" in wrong.content.decode()
    admin.post(page, {"name": "Sorry", "text": "Dear {name}", "language": "en"})
    saved = SavedReply.objects.get()
    assert "already" in admin.post(page, {"name": "sorry", "text": "x"}).content.decode()
    admin.post(f"{page}?edit={saved.pk}", {"name": "So sorry", "text": "Dear {name}!"})
    saved.refresh_from_db()
    assert (saved.name, saved.text, saved.language) == ("So sorry", "Dear {name}!", "")
    admin.post(page, {"remove": saved.pk})
    assert not SavedReply.objects.exists()
    assert signed_in(brand, "marketer").get(page).status_code == 403
    assert signed_in(brand, "stranger").get(page).status_code == 404
    assert AuditEntry.objects.filter(verb__endswith="saved reply").count() == 3


def test_it_never_sends_by_itself(brand: Brand, case: Case, writing: Source) -> None:
    """Nothing but a person's press makes an approved reply: not a draft, not time."""
    press(signed_in(brand, "marketer"), case, "save", text=WORDS)

    assert due(timezone.now()) == [] and Reply.objects.get().state == "draft"


def test_from_a_mention_it_is_one_press_to_its_answer(brand: Brand) -> None:
    mention = a_mention(brand, "hello acme", addressed="mentioned", author=an_author())
    marketer, address = signed_in(brand, "marketer"), reverse("answer", args=["acme", mention.pk])
    assert address in marketer.get(reverse("mention", args=["acme", mention.pk])).content.decode()
    for _ in range(2):
        assert marketer.post(address)["Location"] == url(Case.objects.get(mention=mention))
    assert AuditEntry.objects.get().verb == "opened a case"
    assert (
        address not in signed_in(brand, "manager").get(reverse("mention", args=["acme", mention.pk])).content.decode()
    )
    assert signed_in(brand, "manager").post(address).status_code == 403
    assert signed_in(brand, "stranger").post(address).status_code == 404
