"""A brand's own correction: learned in the background from its labels, applied to new posts once adopted, undone."""

from typing import Any

import pytest

from ingest import tasks
from ingest.learning import offer
from listening.models import Brand, BrandModel, Label, Mention, Source, User
from tests.builders import a_brand, a_mention, a_user
from tests.pipeline.scripted import a_record
from tests.pipeline.test_pipeline import taking


@pytest.fixture(autouse=True)
def an_engine_that_is_wrong(settings: Any) -> None:
    settings.EARSHOT_ENGINE = "vader"


GOOD, BAD = "acme is great, I love it", "acme leaking again, great"


def labels(brand: Brand, person: User, n: int, **fields: object) -> None:
    """Posts that VADER finds positive; every second one is a complaint about a leak."""
    for i in range(n):
        bad = i % 2
        mention = a_mention(brand, f"{BAD if bad else GOOD} {'abcdefghij'[i % 10] * 4}")
        a_label(mention, person, "negative" if bad else "positive", "yes" if bad else "no", **fields)


def a_label(mention: Mention, person: User, sentiment: str, complaint: str, **fields: object) -> Label:
    values = {
        "mention": mention,
        "brand": mention.brand,
        "person": person,
        "why": "random",
        "sentiment": sentiment,
        "complaint": complaint,
        "machine_sentiment": "positive",
        "machine_complaint": False,
        "trainable": True,
    }
    return Label.objects.create(**values | fields)


def sentiment_of(brand: Brand) -> BrandModel:
    return BrandModel.objects.get(brand=brand, kind="sentiment")


def test_fewer_than_fifty_labels_teach_nothing(brand: Brand) -> None:
    labels(brand, a_user(), 49)
    assert offer.learn(brand) == []


def test_a_correction_is_offered_and_not_applied_by_itself(brand: Brand, source: Source) -> None:
    labels(brand, a_user(), 60)
    tasks.learn(brand.pk)
    model = sentiment_of(brand)
    assert model.state == "offered"
    assert model.measured["after"]["right"] > model.measured["before"]["right"] + 0.3
    assert model.measured["gain"]["low"] > 0
    taking(source, a_record(1, BAD, language="en"))
    assert Mention.objects.get(external_id="post-1").sentiment == "positive"


def test_an_adopted_correction_is_applied_and_named_and_can_be_undone(brand: Brand, source: Source) -> None:
    labels(brand, a_user(), 60)
    offer.learn(brand)
    BrandModel.objects.filter(kind="sentiment").update(state="adopted")
    taking(source, a_record(1, BAD, language="en"), a_record(2, GOOD, language="en"))
    bad, good = Mention.objects.get(external_id="post-1"), Mention.objects.get(external_id="post-2")
    assert (bad.sentiment, good.sentiment) == ("negative", "positive")
    assert bad.sentiment_engine == f"{sentiment_of(brand).engine}~own1"
    assert bad.p_negative is not None and bad.p_neutral is not None and bad.p_positive is not None
    assert bad.p_negative + bad.p_neutral + bad.p_positive == pytest.approx(1, abs=1e-3)
    BrandModel.objects.update(state="retired")
    taking(source, a_record(3, BAD, language="en"))
    assert Mention.objects.get(external_id="post-3").sentiment == "positive"


def test_complaints_are_scaled_and_flagged_by_the_brands_own_threshold(brand: Brand, source: Source) -> None:
    labels(brand, a_user(), 150)
    offer.learn(brand)
    model = BrandModel.objects.get(kind="complaint")
    taking(source, a_record(1, BAD, language="en"))
    before = Mention.objects.get(external_id="post-1")
    BrandModel.objects.filter(pk=model.pk).update(state="adopted", parameters={"a": 1.0, "b": 6.0, "threshold": 0.5})
    taking(source, a_record(2, BAD, language="en"))
    after = Mention.objects.get(external_id="post-2")
    assert before.complaint_p is not None and after.complaint_p is not None
    assert after.complaint_p > before.complaint_p
    assert after.complaint
    assert after.complaint_engine == f"{model.engine}~own1"


def test_a_correction_of_another_engine_is_left_alone(brand: Brand, source: Source) -> None:
    labels(brand, a_user(), 60)
    offer.learn(brand)
    BrandModel.objects.filter(kind="sentiment").update(state="adopted", engine="another-1")
    taking(source, a_record(1, BAD, language="en"))
    assert Mention.objects.get(external_id="post-1").sentiment == "positive"


def test_another_brands_correction_is_not_applied(brand: Brand, source: Source) -> None:
    other = a_brand("Other")
    labels(other, a_user(), 60)
    offer.learn(other)
    BrandModel.objects.update(state="adopted")
    taking(source, a_record(1, BAD, language="en"))
    assert Mention.objects.get(external_id="post-1").sentiment == "positive"


def test_what_may_not_teach_does_not(brand: Brand) -> None:
    labels(brand, a_user(), 60, trainable=False)
    assert offer.learn(brand) == []


def test_posts_whose_text_is_gone_and_those_in_dispute_teach_nothing(brand: Brand) -> None:
    one, other = a_user(), a_user()
    labels(brand, one, 51)
    first, second = Mention.objects.order_by("pk")[:2]
    Mention.objects.filter(pk=first.pk).update(text_gone_at=first.published_at)
    a_label(second, other, "neutral", "no", why="second", first=False)
    assert offer.learn(brand) == []


def test_learning_again_replaces_an_offer_and_leaves_what_is_in_use(brand: Brand) -> None:
    labels(brand, a_user(), 60)
    offer.learn(brand)
    offer.learn(brand)
    assert BrandModel.objects.filter(kind="sentiment").count() == 1
    BrandModel.objects.filter(kind="sentiment").update(state="adopted")
    offer.learn(brand)
    states = BrandModel.objects.filter(kind="sentiment").values_list("number", "state")
    assert set(states) == {(1, "adopted"), (2, "offered")}
