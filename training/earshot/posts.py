"""Posts: what the networks learn from, and what they are measured on. Only sets whose licence allows shipped weights.

| set | what for | licence |
|---|---|---|
| SemEval-2017 4A, train part | sentiment | CC BY 3.0 by its organisers |
| X-CI | complaints | MIT |
| VADER's tweets and review sentences | mean human ratings, a help in training | MIT |
| umsab, train parts of six languages | sentiment | Apache-2.0 repository |
| training/posts | sentiment and complaints | this repository's |

Airlines, Sanders and the rest are measured and never trained on. umsab's Hindi is left out: its labels follow no text
(a model of its n-grams is right on 34 % of its validation part, as by chance). Posts of SemEval's validation part that
also stand in the train part are taken out of the latter.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ingest.enrich.masking import mask, names_of
from ingest.enrich.wording import worded
from training.figures import AIRLINES
from training.labelled import rows

POSTS = Path(__file__).parent.parent / "posts"
CLASSES = ("negative", "neutral", "positive")
TONGUES = ("arabic", "french", "german", "italian", "portuguese", "spanish")
INVENTED = {
    "tongues": ("arabic", "french", "german", "italian", "portuguese", "spanish"),
    "left out": ("hindi", "hindi_latin"),
}
ENGLISH_AMONG_TONGUES = 10_000
LEFT_OUT = ("hindi", "hindi_latin")
INDUSTRIES = (("services", "cars"), ("software", "apparel"), ("electronics", "retail", "other"))
"""X-CI's industries in three groups, one of which can be left out."""
COMPLAINTS = "complaints_xci_severity/xci_visible.tsv"
LINK_WORD = re.compile(r"\bhttps?\b", re.I)


@dataclass(frozen=True, slots=True)
class Post:
    """A text as the networks read it, and what is known of it; None where nothing is."""

    text: str
    sentiment: int | None = None
    complaint: bool | None = None
    rating: float | None = None
    times: int = 1


def wording(text: str, *names: str) -> str:
    """As in the product, the sets' stand-ins for links gone too."""
    return worded(mask(LINK_WORD.sub(" ", text), names_of(names[0], names[1:]) if names else None))


def of_english(left_out: int | None) -> list[Post]:
    """What English is learned from; X-CI's group `left_out` is not."""
    seen = {_bare(post.text) for post in semeval_validation()}
    posts = [post for post in _semeval() if _bare(post.text) not in seen]
    for name in ("tweets", "amazonReviewSnippets"):
        for row in rows(f"vader_ground_truth/{name}.tsv"):
            posts.append(Post(wording(row["text"]), rating=float(row["mean_sentiment"]) / 2))
    posts += [replace(post, times=4) for post in complaints(left_out, others=True)]
    return posts + [replace(post, times=2) for post in invented(english=True)]


def of_tongues(seed: int) -> list[Post]:
    """What other languages are learned from: with English tweets, of which there are more."""
    posts = _semeval()
    chosen = np.random.default_rng(seed).permutation(len(posts))[:ENGLISH_AMONG_TONGUES]
    found = [posts[place] for place in sorted(chosen)]
    for tongue in TONGUES:
        found += [replace(post, times=2) for post in umsab(tongue, "train")]
    return found + [replace(post, complaint=None, times=2) for post in invented(english=False)]


def semeval_validation() -> list[Post]:
    return [Post(wording(row["text"]), int(row["label"])) for row in rows("tweeteval/sentiment_val.tsv")]


def umsab(tongue: str, part: str) -> list[Post]:
    return [Post(wording(row["text"]), int(row["label"])) for row in rows(f"umsab/{tongue}_{part}.tsv")]


def complaints(group: int | None, others: bool) -> list[Post]:
    """X-CI without one group of industries and a third of its random posts (`others`), or that part alone."""
    out = set() if group is None else set(left_out_rows(group))
    everything = enumerate(rows(COMPLAINTS))
    wanted = [row for place, row in everything if (place in out) != others]
    return [Post(wording(row["text"]), complaint=row["label"] == "1") for row in wanted]


def left_out_rows(group: int) -> list[int]:
    """The places of X-CI's rows that belong to a group: its industries, and a third of the random posts."""
    return [
        place
        for place, row in enumerate(rows(COMPLAINTS))
        if (place % 3 == group if row["domain"].startswith("random") else row["domain"] in INDUSTRIES[group])
    ]


def invented(english: bool) -> list[Post]:
    """The posts of training/posts."""
    return [post for path in sorted(POSTS.glob("*.tsv")) if _wanted(path.stem, english) for post in _invented(path)]


def airlines() -> list[tuple[str, str, Post]]:
    """(airline, day, post), its names masked; negative ones count as complaints. Measured only."""
    found = []
    for row in rows("airline/american_usairways_southwest_virgin.tsv"):
        airline, word = row["airline"], row["airline_sentiment"]
        text = wording(row["text"], airline, *AIRLINES[airline])
        found.append((airline, row["tweet_created"][:10], Post(text, CLASSES.index(word), word == "negative")))
    return found


def sanders() -> list[Post]:
    """Apple and Twitter, their names masked. Measured only."""
    wanted = [row for row in rows("sanders/apple_twitter.tsv") if row["sentiment"] in CLASSES]
    return [Post(wording(row["text"], "Apple", "Twitter"), CLASSES.index(row["sentiment"])) for row in wanted]


def repeated(posts: Sequence[Post]) -> list[Post]:
    """Each as many times as it is to be read in one round."""
    return [post for post in posts for _ in range(post.times)]


def _semeval() -> list[Post]:
    train = rows("tweeteval/sentiment_train_rebuilt.tsv")
    return [Post(wording(row["text"]), int(row["label"])) for row in train]


def _invented(path: Path) -> Iterator[Post]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            complaint = {"0": False, "1": True}.get(row.get("complaint") or "")
            yield Post(wording(row["text"]), CLASSES.index(row["sentiment"]), complaint)


def _wanted(name: str, english: bool) -> bool:
    return name not in LEFT_OUT and (name not in TONGUES) is english


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())[:60]
