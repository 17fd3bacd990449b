"""Train: the recipe of both networks; measured on what was left out, and shipped when asked to."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ingest.enrich.network import FOLDER
from training.earshot import scales, ship, start, unseen
from training.earshot.fit import encode, fit, padded
from training.earshot.posts import TONGUES, Post, complaints, of_english, of_tongues, semeval_validation, umsab
from training.earshot.scales import Array
from training.earshot.start import Started

ROUNDS, SEED = 3.0, 1
ENGLISH_RATE, TONGUES_RATE = 6e-5, 8e-5
Platt = tuple[float, float] | None
PLATT: Platt = (1.0, 0.0)


def run(only: str | None, left_out: int | None, write: bool) -> None:
    """Train one or both networks; print what English reaches on industries that it did not learn; write the networks
    when asked to."""
    if only != "tongues":
        begun = english(left_out)
        if left_out is not None:
            found = _scales(begun, semeval_validation(), of_english(left_out))
            held = logits(begun, complaints(left_out, others=False))
            unseen.report(left_out, held, np.array(found["bias"]), found["temperature"])
        if write:
            learned = of_english(left_out)
            _write("english", begun, semeval_validation(), learned, learned, PLATT)
    if only != "english":
        begun = tongues()
        if write:
            validation, like = ([one for tongue in TONGUES for one in umsab(tongue, part)] for part in ("val", "train"))
            _write("tongues", begun, validation, of_tongues(SEED), like, None)


def english(left_out: int | None) -> Started:
    posts = of_english(left_out)
    torch.manual_seed(SEED)
    begun = start.english([post.text for post in posts])
    fit(begun, posts, ROUNDS, ENGLISH_RATE, SEED)
    return begun


def tongues() -> Started:
    posts = of_tongues(SEED)
    torch.manual_seed(SEED)
    begun = start.tongues([post.text for tongue in TONGUES for post in umsab(tongue, "train")])
    fit(begun, posts, ROUNDS, TONGUES_RATE, SEED)
    return begun


@torch.no_grad()
def logits(begun: Started, posts: Sequence[Post]) -> Array:
    """Of the network before it is quantised, (posts, 5)."""
    found = [begun.network.eval()(*padded([row], begun.padding))[0].numpy() for row in encode(begun, _texts(posts))]
    return np.array(found, dtype=np.float64)


def _write(
    name: str, begun: Started, validation: Sequence[Post], learned: Sequence[Post], like: Sequence[Post], platt: Platt
) -> None:
    """`like` are the learned posts whose class prior is taken out: those of the network's own languages."""
    ship.save(name, begun, learned, _scales(begun, validation, like) | {"complaint": platt}, FOLDER)


def _scales(begun: Started, validation: Sequence[Post], like: Sequence[Post]) -> dict[str, Any]:
    labels = np.array([post.sentiment for post in validation])
    known = np.array([post.sentiment for post in like if post.sentiment is not None])
    prior = np.bincount(known, minlength=3) / len(known)
    return scales.sentiment_scales(logits(begun, validation)[:, :3], labels, prior)


def _texts(posts: Sequence[Post]) -> list[str]:
    return [post.text for post in posts]
