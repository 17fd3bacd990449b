"""Network: one of the shipped networks with its tokenizer and its scales, run by ONNX Runtime on the processor."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import zstandard
from django.conf import settings
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ingest.enrich.wording import worded

FOLDER = Path(__file__).parent / "models" / "earshot-1"
LONGEST = 128
"""Tokens that are read of a text, the first ones."""
AT_ONCE = 256
"""Tokens, padding included, in one call: what a call works on then stays in a core's cache."""
CAUTION = 0.0005
"""No probability is nearer to 0 or 1 than this."""

Logits = NDArray[np.float32]
Mood = tuple[float, float, float]


class Network:
    """Loaded once per process from `FOLDER`: NAME.onnx.zst, NAME.tokens.json and NAME in scales.json.

    The scales are `bias` (taken from the three logits of sentiment), `temperature` (divides them) and `complaint`
    (Platt's two numbers for the fourth logit; null where the network knows no complaints).
    """

    def __init__(self, name: str) -> None:
        packed = (FOLDER / f"{name}.onnx.zst").read_bytes()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = settings.EARSHOT_ENGINE_THREADS
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self.session = onnxruntime.InferenceSession(
            zstandard.decompress(packed), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(FOLDER / f"{name}.tokens.json"))
        self.tokenizer.enable_truncation(LONGEST)
        self.scales: dict[str, Any] = json.loads((FOLDER / "scales.json").read_text("utf-8"))[name]

    def read(self, texts: Sequence[str]) -> tuple[list[Mood], list[float | None]]:
        """(negative, neutral, positive) and the probability of a complaint per masked text, in order."""
        logits = self.logits(texts)
        moods = _softmax((logits[:, :3] - np.array(self.scales["bias"])) / self.scales["temperature"])
        rounded = [_rounded(negative, positive) for negative, _, positive in moods]
        if self.scales["complaint"] is None:
            return rounded, [None] * len(texts)
        slope, offset = self.scales["complaint"]
        p = np.clip(1 / (1 + np.exp(-(slope * logits[:, 3] + offset))), CAUTION, 1 - CAUTION)
        return rounded, [round(float(one), 4) for one in p]

    def logits(self, texts: Sequence[str]) -> Logits:
        """Raw outputs, (texts, 5)."""
        tokens = [one.ids for one in self.tokenizer.encode_batch_fast([worded(text) for text in texts])]
        found = np.zeros((len(texts), 5), np.float32)
        for places in _batches(tokens):
            ids, mask = _padded([tokens[place] for place in places])
            found[places] = self.session.run(None, {"ids": ids, "mask": mask})[0]
        return found


def _rounded(negative: float, positive: float) -> Mood:
    """To four digits that sum to 1."""
    negative, positive = round(negative, 4), round(positive, 4)
    return negative, round(1 - negative - positive, 4), positive


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Places of texts of similar length whose tokens, padded, fit into one call."""
    batch: list[int] = []
    for place in sorted(range(len(tokens)), key=lambda place: len(tokens[place])):
        if batch and len(tokens[place]) * (len(batch) + 1) > AT_ONCE:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _padded(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros(ids.shape, np.float32)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask


def _softmax(logits: NDArray[Any]) -> list[list[float]]:
    powers = np.exp(np.clip(logits - logits.max(1, keepdims=True), np.log(CAUTION), 0))
    return (powers / powers.sum(1, keepdims=True)).tolist()  # type: ignore[no-any-return]
