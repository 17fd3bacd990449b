"""One contract for all engines: chosen by name, loaded once, asked in batches, and each finding says whose it is."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.enrich import complaint, sentiment
from ingest.enrich.addressed import TALKED_ABOUT
from ingest.enrich.complaint import ComplaintInput
from ingest.enrich.engines import Sentiment
from ingest.enrich.masking import names_of
from ingest.findings import find
from ingest.match import Concern
from tests import keywords
from tests.pipeline.scripted import a_record

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def second_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    monkeypatch.setitem(sentiment.ENGINES, "keywords", keywords.KNOWN)
    monkeypatch.setattr(keywords, "BATCHES", [])
    yield keywords.BATCHES


def concern(text: str, brand: int = 1, language: str = "en") -> Concern:
    return Concern(a_record(1, text, language=language), brand, TALKED_ABOUT, False, {})


def test_an_engine_is_loaded_once_however_often_it_is_asked_for() -> None:
    assert sentiment.load("keywords") is sentiment.load("keywords")
    with pytest.raises(KeyError):
        sentiment.load("crystal ball")


def test_no_engine_is_loaded_before_it_is_asked_for() -> None:
    asked = "import sys, ingest.enrich.sentiment; sys.exit('ingest.enrich.vader' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], cwd=ROOT).returncode == 0


def test_the_installations_engine_reads_for_brands_that_chose_none_or_one_that_is_gone(settings: Any) -> None:
    assert sentiment.in_charge("").name == sentiment.in_charge("gone").name == "earshot"
    settings.EARSHOT_ENGINE = "keywords"
    assert sentiment.in_charge("").name == sentiment.in_charge("gone").name == "keywords"
    assert sentiment.in_charge("vader").name == "vader"


def test_it_gives_batches_of_similar_length_and_answers_in_order(
    second_engine: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentiment, "BATCH", 3)
    texts = [f"{'good' if n % 3 else 'bad'} {'x' * (n * 7 % 10)}" for n in range(10)]
    moods = sentiment.score(texts, ["en"] * 10, [None] * 10, sentiment.load("keywords"))
    assert [mood.label for mood in moods] == ["positive" if n % 3 else "negative" for n in range(10)]
    lengths = [len(text) for batch in second_engine for text in batch]
    assert [len(batch) for batch in second_engine] == [3, 3, 3, 1] and lengths == sorted(lengths)


def test_it_gives_each_engine_all_of_its_texts_at_once_and_each_brand_its_own(second_engine: list[list[str]]) -> None:
    asked = [concern(text, brand) for text in ("Acme is good", "Acme is bad") for brand in (1, 2, 3)]
    names = {brand: names_of("Acme") for brand in (1, 2)}
    found = find(asked, names, engines={1: "keywords", 2: "vader", 3: "keywords"})
    assert len(second_engine) == 1 and sorted(second_engine[0]) == [
        "Acme is bad", "Acme is good", "brand is bad", "brand is good",
    ]  # fmt: skip
    engines = [one.sentiment_engine.partition("-")[0] for one in found]
    assert engines == ["keywords", "vader", "keywords"] * 2
    assert [one.sentiment.label for one in found] == ["positive"] * 3 + ["negative"] * 3
    assert [one.concern for one in found] == asked


def test_the_compound_is_vaders_whichever_engine_decides(second_engine: list[list[str]]) -> None:
    texts, languages = ["I love this good thing", "das ist good", "nothing"], ["en", "de", "en"]
    by_vader = sentiment.score(texts, languages, [None] * 3, sentiment.load("vader"))
    by_words = sentiment.score(texts, languages, [None] * 3, sentiment.load("keywords"))
    assert [mood.compound for mood in by_words] == [mood.compound for mood in by_vader]
    assert by_vader[0].compound and by_vader[1].compound is None
    assert by_words[1].label == "positive"


def test_an_engine_may_be_unsure_and_still_says_what_is_most_likely() -> None:
    (found,) = find([concern("good and bad")], {}, engines={1: "keywords"})
    assert found.sentiment.unsure and found.sentiment.label == "positive"
    (sure,) = find([concern("good and bad")], {}, engines={1: "vader"})
    assert not sure.sentiment.unsure


def test_the_engines_own_probability_and_the_cues_decide_together_on_complaints() -> None:
    text = "it broke and there is still no reply"
    (found,) = find([concern(text)], {}, engines={1: "keywords"})
    assert found.complaint.flagged and (found.complaint.p or 0) > 0.9  # the cues agree with the engine's 0.9
    assert "got no answer" in [reason.why for reason in found.complaint.reasons]
    assert found.complaint_engine == found.sentiment_engine == "keywords-7"
    (calm,) = find([concern("still no reply, worst service ever")], {}, engines={1: "keywords"})
    (by_cues,) = find([concern("still no reply, worst service ever")], {}, engines={1: "vader"})
    assert 0.2 < (calm.complaint.p or 0) < (by_cues.complaint.p or 0)


def test_the_cues_decide_where_the_engine_has_no_probability() -> None:
    (found,) = find([concern("still no reply, worst service ever", language="en")], {}, engines={1: "vader"})
    assert found.complaint.flagged and found.complaint_engine == complaint.version()
    (welsh,) = find([concern("mae hwn yn good iawn iawn iawn", language="cy")], {}, engines={1: "keywords"})
    assert welsh.sentiment.label == "unscored" and welsh.complaint_engine == complaint.version()


def test_a_post_is_flagged_from_one_half_on_and_more_surely_the_surer_the_engine_is() -> None:
    inputs = [ComplaintInput("acme", "en", False, Sentiment("neutral"), p / 20) for p in range(21)]
    found = complaint.score(inputs)
    assert [one.p for one in found] == sorted(one.p or 0 for one in found)
    assert [one.flagged for one in found] == [(one.p or 0) >= 0.5 for one in found]
    assert not found[0].flagged and found[-1].flagged
