"""The labelling page: what is put before whom, what an answer does, and what two people who differ lead to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.labelling import sampling, sitting as sittings
from listening.models import Brand, Label, Mention, Sitting, User
from tests.builders import a_member, a_mention, an_author

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
URL = "/b/acme/quality/label/"
ENGINE = {"sentiment_engine": "vader-1", "complaint_engine": "complaint-1", "compound": 0.0}


def mentions(brand: Brand, n: int, **fields: object) -> list[Mention]:
    """Mentions of which the machine is sure."""
    values = ENGINE | {
        "sentiment": "neutral",
        "p_negative": 0.02,
        "p_neutral": 0.95,
        "p_positive": 0.03,
        "complaint_p": 0.02,
    }
    return [a_mention(brand, f"acme number {i}", **(values | fields)) for i in range(n)]


def questions(brand: Brand, person: User) -> dict[int, str]:
    return {one.mention: one.why for one in sampling.plan(brand, person, timezone.now(), 1)}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def first(client: Client, **told: str) -> Mention:
    """Answer the first question of the open sitting."""
    mention = sittings.progress(Sitting.objects.get(person=int(client.session["_auth_user_id"]))).mention
    assert mention is not None
    client.post(URL, {"mention": str(mention.pk), "sentiment": "negative", "complaint": "no"} | told)
    return Mention.objects.get(pk=mention.pk)


def test_a_sitting_holds_fifty_of_which_at_least_twenty_are_random(brand: Brand) -> None:
    mentions(brand, 60)
    mentions(brand, 30, p_negative=0.4, p_neutral=0.41, p_positive=0.19)
    mentions(brand, 30, compound=0.6, sentiment="negative")
    found = list(questions(brand, a_member(brand)).values())
    assert len(found) == 50
    assert found.count("random") >= 20
    assert (found.count("unsure"), found.count("disagreement")) == (12, 8)


def test_the_unsure_and_the_contradicting_are_chosen(brand: Brand) -> None:
    sure = mentions(brand, 60)
    (unsure,) = mentions(brand, 1, p_negative=0.45, p_neutral=0.46, p_positive=0.09)
    (near,) = mentions(brand, 1, complaint_p=0.51)
    (against,) = mentions(brand, 1, compound=0.6, sentiment="negative")
    Mention.objects.filter(pk=sure[0].pk).update(sentiment_by_person="positive")
    found = questions(brand, a_member(brand))
    assert found[unsure.pk] == found[near.pk] == "unsure"
    assert found[against.pk] in {"disagreement", "unsure"}
    assert found[sure[0].pk] in {"disagreement", "unsure"}


def test_what_cannot_be_judged_is_not_asked(brand: Brand) -> None:
    a_mention(brand, sentiment="unscored")
    a_mention(brand, sentiment="neutral", hidden="withheld")
    a_mention(brand, sentiment="neutral", own=True)
    a_mention(brand, sentiment="neutral", text_gone_at=timezone.now())
    a_mention(brand, sentiment="neutral", published_at=timezone.now() - timedelta(days=100))
    assert questions(brand, a_member(brand)) == {}


def test_an_answer_freezes_what_the_machine_said_and_corrects_the_mention(marketer: Client, brand: Brand) -> None:
    mentions(brand, 3)
    marketer.post(URL, {"begin": "yes"})
    mention = first(marketer, sentiment="negative", complaint="yes")
    assert (mention.mood, mention.is_complaint, mention.sentiment) == ("negative", True, "neutral")
    Mention.objects.filter(pk=mention.pk).update(sentiment="positive", sentiment_engine="earshot-1", p_neutral=0.1)
    label = Label.objects.get()
    assert (label.machine_sentiment, label.sentiment_engine, label.p_neutral) == ("neutral", "vader-1", 0.95)
    assert (label.machine_complaint, label.complaint_p, label.complaint_engine) == (False, 0.02, "complaint-1")


def test_cannot_tell_says_nothing_about_complaints(marketer: Client, brand: Brand) -> None:
    mentions(brand, 1, complaint=True)
    marketer.post(URL, {"begin": "yes"})
    mention = first(marketer, complaint="unclear")
    assert (mention.complaint_by_person, mention.is_complaint) == (None, True)


def test_the_machines_answer_is_hidden_until_the_person_has_answered(marketer: Client, brand: Brand) -> None:
    mentions(brand, 2, author=an_author())
    marketer.post(URL, {"begin": "yes"})
    assert "The machine had" not in marketer.get(URL).content.decode()
    assert "95%" not in marketer.get(URL).content.decode()
    first(marketer)
    assert "The machine had neutral" in marketer.get(URL).content.decode()


def test_it_can_be_left_and_goes_on_where_it_was(marketer: Client, brand: Brand) -> None:
    mentions(brand, 4)
    marketer.post(URL, {"begin": "yes"})
    first(marketer)
    marketer.get("/b/acme/")
    assert "2 of 4" in marketer.get(URL).content.decode()
    assert "Go on labelling (1 of 4)" in marketer.get("/b/acme/quality/").content.decode()
    marketer.post(URL, {"begin": "yes"})
    assert Sitting.objects.count() == 1


def test_a_form_sent_twice_counts_once(marketer: Client, brand: Brand) -> None:
    mentions(brand, 3)
    marketer.post(URL, {"begin": "yes"})
    mention = first(marketer)
    marketer.post(URL, {"mention": mention.pk, "sentiment": "positive", "complaint": "yes"})
    assert Label.objects.get().sentiment == "negative"


def test_an_answer_without_a_sentiment_says_what_is_missing(marketer: Client, brand: Brand) -> None:
    (mention,) = mentions(brand, 1)
    marketer.post(URL, {"begin": "yes"})
    page = marketer.post(URL, {"mention": mention.pk, "complaint": "no"}, follow=True).content.decode()
    assert "Choose negative, neutral or positive first" in page
    assert not Label.objects.exists()


def test_undo_takes_the_answer_back_and_gives_the_former_correction_back(marketer: Client, brand: Brand) -> None:
    mentions(brand, 2, sentiment_by_person="positive")
    marketer.post(URL, {"begin": "yes"})
    mention = first(marketer, complaint="yes")
    assert mention.mood == "negative"
    marketer.post(URL, {"undo": "yes"})
    mention.refresh_from_db()
    assert (mention.mood, mention.complaint_by_person) == ("positive", None)
    assert not Label.objects.exists()
    assert f'value="{mention.pk}"' in marketer.get(URL).content.decode()


def test_undo_brings_a_skipped_mention_back(marketer: Client, brand: Brand) -> None:
    mentions(brand, 2)
    marketer.post(URL, {"begin": "yes"})
    sitting = Sitting.objects.get()
    skipped = sitting.plan[0]["mention"]
    marketer.post(URL, {"skip": "yes", "mention": skipped})
    assert f'value="{skipped}"' not in marketer.get(URL).content.decode()
    marketer.post(URL, {"undo": "yes"})
    assert f'value="{skipped}"' in marketer.get(URL).content.decode()


def test_the_last_answer_ends_the_sitting(marketer: Client, brand: Brand) -> None:
    mentions(brand, 2)
    marketer.post(URL, {"begin": "yes"})
    first(marketer)
    first(marketer)
    assert Sitting.objects.get().finished_at is not None
    assert marketer.get(URL)["Location"] == "/b/acme/quality/"
    page = marketer.post(URL, {"begin": "yes"}, follow=True).content.decode()
    assert "nothing left to label" in page


def test_a_mention_that_was_deleted_meanwhile_is_passed_over(marketer: Client, brand: Brand) -> None:
    mentions(brand, 3)
    marketer.post(URL, {"begin": "yes"})
    Mention.objects.filter(pk=Sitting.objects.get().plan[0]["mention"]).delete()
    assert "1 of 2" in marketer.get(URL).content.decode()


def two_people(brand: Brand) -> tuple[Client, Client, Mention]:
    """One mention that a first person called negative, before a second person who is to label it too."""
    one, other = client_of(a_member(brand, "marketer")), client_of(a_member(brand, "marketer"))
    mentions(brand, 1)
    one.post(URL, {"begin": "yes"})
    mention = first(one)
    other.post(URL, {"begin": "yes"})
    return one, other, mention


def test_a_second_person_is_asked_what_the_first_one_labelled(brand: Brand) -> None:
    _, other, mention = two_people(brand)
    assert Sitting.objects.get(finished_at=None).plan == [{"mention": mention.pk, "why": "second"}]
    first(other)
    assert Label.objects.filter(mention=mention, first=False).count() == 1


def test_two_who_differ_leave_the_first_word_and_ask_for_a_third_look(brand: Brand) -> None:
    _, other, mention = two_people(brand)
    first(other, sentiment="positive")
    mention.refresh_from_db()
    assert mention.mood == "negative"
    page = other.get("/b/acme/quality/").content.decode()
    assert "For a third look" in page
    third = a_member(brand, "admin")
    assert questions(brand, third) == {mention.pk: "second"}
    client = client_of(third)
    client.post(URL, {"begin": "yes"})
    assert first(client, sentiment="positive").mood == "positive"
    assert "For a third look" not in client.get("/b/acme/quality/").content.decode()


@pytest.mark.parametrize(
    ("network", "sample", "trainable"),
    [
        ("mastodon", False, True),
        ("x", False, False),
        ("reddit", False, False),
        ("youtube", False, False),
        ("x", True, True),
    ],
)
def test_only_what_a_networks_terms_allow_may_teach(
    marketer: Client, brand: Brand, network: str, sample: bool, trainable: bool
) -> None:
    Brand.objects.update(is_sample=sample)
    mentions(brand, 1, network=network)
    marketer.post(URL, {"begin": "yes"})
    first(marketer)
    assert Label.objects.get().trainable == trainable


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 302), ("marketer", 302), ("manager", 403), ("stranger", 404), ("logged out", 302)]
)
def test_only_those_who_work_the_inbox_label(signed_in: SignIn, brand: Brand, role: str, status: int) -> None:
    mentions(brand, 1)
    assert signed_in(role).post(URL, {"begin": "yes"}).status_code == status
    assert Sitting.objects.exists() == (role in {"admin", "marketer"})
