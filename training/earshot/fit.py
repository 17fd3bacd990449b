"""Fit: a network learns from posts, with AdamW, a rate that rises and falls, and an average of its later states."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from training.earshot.network import Network
from training.earshot.posts import Post, repeated
from training.earshot.start import Started

TOKENS = 1600
"""Tokens of a batch, padding included."""
POOL = 4096
"""Posts that are sorted by length together, so that batches hold posts of similar length."""
WARM, DECAY, HEAD = 0.06, 0.9, 5.0
"""Share of steps in which the rate rises; factor of the rate from layer to layer downwards; factor of the head's."""
DROPPED_TOKENS, SMOOTHING, AVERAGED = 0.07, 0.05, 0.985
Tokens = Sequence[Sequence[int]]


def fit(start: Started, posts: Sequence[Post], rounds: float, rate: float, seed: int) -> Network:
    """The network of `start`, trained. Progress goes to standard error."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    posts = repeated(posts)
    tokens = encode(start, [post.text for post in posts])
    lengths = np.array([len(one) for one in tokens])
    teacher = Teacher(posts)
    network, steps = start.network, int(len(list(batches(lengths, np.random.default_rng(0)))) * rounds)
    groups = list(_groups(network, rate))
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)
    average: dict[str, Tensor] = {}
    progress = _Progress(steps)
    step = 0
    while step < steps:
        for places in batches(lengths, rng):
            if step >= steps:
                break
            for group in optimizer.param_groups:
                group["lr"] = group["full"] * _share(step, steps)
            network.train()
            loss = teacher.loss(_forward(network, start, [tokens[place] for place in places]), places)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            if step > steps / 2:
                _add(average, network, step)
            progress.tell(step, float(loss.detach()))
    network.load_state_dict(average, strict=False)
    return network.eval()


def encode(start: Started, texts: Sequence[str]) -> list[list[int]]:
    return [one.ids for one in start.tokenizer.encode_batch(list(texts))]


def padded(rows: Tokens, padding: int) -> tuple[Tensor, Tensor]:
    """(ids, mask), both (rows, longest row)."""
    ids = torch.full((len(rows), max(map(len, rows))), padding)
    mask = torch.zeros(ids.shape)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    return ids, mask


def batches(lengths: NDArray[Any], rng: np.random.Generator) -> Iterator[list[int]]:
    """Places of posts of similar length, in random order."""
    order = rng.permutation(len(lengths))
    found: list[list[int]] = []
    for first in range(0, len(order), POOL):
        pool = order[first : first + POOL]
        batch: list[int] = []
        for place in pool[np.argsort(lengths[pool], kind="stable")]:
            if batch and lengths[place] * (len(batch) + 1) > TOKENS:
                found.append(batch)
                batch = []
            batch.append(int(place))
        found.append(batch)
    return (found[place] for place in rng.permutation(len(found)))


class Teacher:
    """What is known of the posts, as tensors, and the loss that follows from it."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self.sentiment = torch.tensor([-1 if post.sentiment is None else post.sentiment for post in posts])
        self.complaint = torch.tensor([-1.0 if post.complaint is None else float(post.complaint) for post in posts])
        self.rating = torch.tensor([float("nan") if post.rating is None else post.rating for post in posts])

    def loss(self, logits: Tensor, places: Sequence[int]) -> Tensor:
        """Summed over what each post knows, divided by the number of posts."""
        chosen = torch.tensor(places)
        total = logits.sum() * 0
        sentiment, complaint, rating = self.sentiment[chosen], self.complaint[chosen], self.rating[chosen]
        if (known := sentiment >= 0).any():
            total = total + functional.cross_entropy(
                logits[known, :3], sentiment[known], reduction="sum", label_smoothing=SMOOTHING
            )
        if (known := complaint >= 0).any():
            wanted = complaint[known] * 0.94 + 0.03
            total = total + functional.binary_cross_entropy_with_logits(logits[known, 3], wanted, reduction="sum")
        if (known := ~torch.isnan(rating)).any():
            total = total + 0.5 * functional.mse_loss(logits[known, 4], rating[known], reduction="sum")
        return total / len(places)


def _forward(network: Network, start: Started, rows: Tokens) -> Tensor:
    ids, mask = padded(rows, start.padding)
    dropped = (torch.rand(ids.shape) < DROPPED_TOKENS) & (mask > 0)
    dropped[:, 0] = False
    ids[dropped] = start.unknown
    with torch.autocast("cpu", torch.bfloat16):
        logits: Tensor = network(ids, mask)
    return logits.float()


def _groups(network: Network, rate: float) -> Iterator[dict[str, Any]]:
    """One group per tensor: lower layers learn more slowly, and biases and norms are not decayed."""
    layers = len(network.layers)
    for name, tensor in network.named_parameters():
        if name.startswith("head"):
            full = rate * HEAD
        elif name.startswith("layers."):
            full = rate * DECAY ** (layers - 1 - int(name.split(".")[1]))
        else:
            full = rate * DECAY**layers
        yield {"params": [tensor], "lr": full, "full": full, "weight_decay": 0.01 if tensor.ndim > 1 else 0.0}


def _share(step: int, steps: int) -> float:
    rising = (step + 1) / (WARM * steps)
    return min(1.0, rising) if step <= WARM * steps else (steps - step) / (steps * (1 - WARM))


@torch.no_grad()
def _add(average: dict[str, Tensor], network: Network, step: int) -> None:
    for name, tensor in network.named_parameters():
        if name not in average:
            average[name] = tensor.detach().clone()
        elif step % 5 == 0:
            average[name].lerp_(tensor, 1 - AVERAGED)


class _Progress:
    def __init__(self, steps: int) -> None:
        self.steps, self.began, self.smooth = steps, time.monotonic(), 0.0

    def tell(self, step: int, loss: float) -> None:
        self.smooth = loss if step == 1 else 0.98 * self.smooth + 0.02 * loss
        if step % 100 == 0 or step == self.steps:
            spent = time.monotonic() - self.began
            left = spent / step * (self.steps - step)
            print(f"step {step} of {self.steps}, loss {self.smooth:.3f}, {left / 60:.0f} min left", file=sys.stderr)
