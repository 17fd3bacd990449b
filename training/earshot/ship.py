"""Ship: trained networks become files of the product: quantised, packed, with scales from posts they never learned."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import zstandard

from training.earshot.fit import encode, padded
from training.earshot.graph import build
from training.earshot.network import HEADS, Spans
from training.earshot.posts import Post
from training.earshot.start import LAYERS, Started

SAMPLE, LEVEL = 600, 19


def save(name: str, start: Started, posts: Sequence[Post], scales: dict[str, Any], folder: Path) -> None:
    """Write NAME.onnx.zst, NAME.tokens.json and NAME's part of scales.json into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {key: value.detach().float().numpy() for key, value in start.network.state_dict().items()}
    model = build(weights, spans(start, posts), LAYERS, HEADS)
    (folder / f"{name}.onnx.zst").write_bytes(zstandard.ZstdCompressor(LEVEL).compress(model.SerializeToString()))
    start.tokenizer.save(str(folder / f"{name}.tokens.json"), pretty=False)
    path = folder / "scales.json"
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps(known | {name: scales}, indent=1, sort_keys=True) + "\n", "utf-8")


@torch.no_grad()
def spans(start: Started, posts: Sequence[Post], seed: int = 3) -> dict[str, tuple[float, float]]:
    """The span of every product's left side, over a sample of posts."""
    chosen = np.random.default_rng(seed).permutation(len(posts))[:SAMPLE]
    noted = Spans()
    rows = encode(start, [posts[place].text for place in chosen])
    for first in range(0, len(rows), 16):
        start.network.eval()(*padded(rows[first : first + 16], start.padding), noted)
    return noted.found
