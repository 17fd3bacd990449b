"""Network: a small BERT encoder with one head for sentiment, complaint and VADER's human ratings.

Hidden size 384, twelve attention heads, inner size 1536, as in MiniLM (Wang et al. 2020) and multilingual-e5-small
(Wang et al. 2024), whose weights it starts from. Dropout stands only where it is cheap on a processor: on the
embeddings and before the head; tokens are dropped instead.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

HIDDEN, INNER, HEADS, PLACES = 384, 1536, 12, 128
OUTPUTS = 5
"""Negative, neutral, positive; complaint; mean human rating (only a help in training)."""
DROPOUT, EPSILON = 0.1, 1e-12


class Layer(nn.Module):
    """Attention and two linear layers, each normalized after the sum."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.join = nn.Linear(HIDDEN, HIDDEN)
        self.join_norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.widen = nn.Linear(HIDDEN, INNER)
        self.narrow = nn.Linear(INNER, HIDDEN)
        self.narrow_norm = nn.LayerNorm(HIDDEN, EPSILON)

    def attended(self, x: Tensor, hidden: Tensor) -> Tensor:
        """x: (batch, tokens, 384); `hidden` is added to the scores, very negative at padding."""
        batch, tokens, _ = x.shape
        size = HIDDEN // HEADS
        query, key, value = self.attend(x).view(batch, tokens, 3, HEADS, size).permute(2, 0, 3, 1, 4)
        scores = torch.softmax(query @ key.transpose(-1, -2) * size**-0.5 + hidden, -1).to(value.dtype)
        return (scores @ value).transpose(1, 2).reshape(batch, tokens, HIDDEN)

    def forward(self, x: Tensor, hidden: Tensor, spans: "Spans | None" = None) -> Tensor:
        attended = self.attended(x, hidden)
        middle = self.join_norm(x + self.join(attended))
        wide = functional.gelu(self.widen(middle))
        if spans is not None:
            spans.note(input=x, attended=attended, middle=middle, wide=wide)
        return self.narrow_norm(middle + self.narrow(wide))


class Spans:
    """Notes the smallest and largest activations of real tokens, for quantising."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[float, float]] = {}
        self.layer, self.mask = "", torch.empty(0)

    def note(self, **activations: Tensor) -> None:
        for name, value in activations.items():
            real = value[self.mask > 0]
            low, high = self.found.get(f"{self.layer}.{name}", (0.0, 0.0))
            self.found[f"{self.layer}.{name}"] = min(low, float(real.min())), max(high, float(real.max()))


class Network(nn.Module):
    """ids, mask (batch, tokens) -> logits (batch, 5)."""

    def __init__(self, words: int, layers: int) -> None:
        super().__init__()
        self.words = nn.Embedding(words, HIDDEN)
        self.places = nn.Embedding(PLACES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(HIDDEN, OUTPUTS)
        nn.init.normal_(self.head.weight, 0, 0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, mask: Tensor, spans: Spans | None = None) -> Tensor:
        x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]])
        x = functional.dropout(x, DROPOUT, self.training)
        hidden = (mask[:, None, None, :] - 1.0) * 1e4
        if torch.is_autocast_cpu_enabled():
            hidden = hidden.to(torch.bfloat16)
        for number, layer in enumerate(self.layers):
            if spans is not None:
                spans.layer, spans.mask = f"layers.{number}", mask
            x = layer(x, hidden, spans)
        column = mask[:, :, None]
        mean = (x.float() * column).sum(1) / column.sum(1)
        logits: Tensor = self.head(functional.dropout(mean, DROPOUT, self.training))
        return logits
