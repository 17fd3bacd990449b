"""Confusion: what people said against what the machine said, and the measures that follow from it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from listening.quality.intervals import Share, share


@dataclass(frozen=True, slots=True)
class OfClass:
    """One class: how many of its mentions were found, and how many of those found were rightly so."""

    name: str
    recall: Share
    precision: Share

    @property
    def shares(self) -> tuple[Share, Share]:
        return self.recall, self.precision

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, 0 where nothing was found; None where nobody said this class."""
        if not self.recall.n:
            return None
        return 2 * self.recall.hits / (self.recall.n + self.precision.n)


@dataclass(frozen=True, slots=True)
class Cell:
    """How often people said the row's class and the machine the column's; `right` on the diagonal."""

    count: int
    right: bool


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Confusion:
    """`rows[i][j]` counts mentions that people put into class i and the machine into class j."""

    classes: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]

    @property
    def n(self) -> int:
        return sum(map(sum, self.rows))

    @property
    def table(self) -> tuple[Row, ...]:
        return tuple(
            Row(name, tuple(Cell(count, i == j) for j, count in enumerate(row)))
            for i, (name, row) in enumerate(zip(self.classes, self.rows, strict=True))
        )

    @property
    def accuracy(self) -> Share:
        return share(sum(row[i] for i, row in enumerate(self.rows)), self.n)

    @property
    def per_class(self) -> tuple[OfClass, ...]:
        found = [sum(column) for column in zip(*self.rows, strict=True)]
        return tuple(
            OfClass(name, share(row[i], sum(row)), share(row[i], found[i]))
            for i, (name, row) in enumerate(zip(self.classes, self.rows, strict=True))
        )

    @property
    def macro_recall(self) -> float | None:
        """Mean recall of all classes, the measure of SemEval-2017 4A; None while a class has no label at all."""
        recalls = [one.recall.value for one in self.per_class]
        known = [recall for recall in recalls if recall is not None]
        return sum(known) / len(known) if known and len(known) == len(recalls) else None


def confusion(pairs: Iterable[tuple[str, str]], classes: Sequence[str]) -> Confusion:
    """From (people's word, the machine's word). Words that are no class raise ValueError: none is dropped silently."""
    counted = Counter(pairs)
    strange = {word for pair in counted for word in pair} - set(classes)
    if strange:
        raise ValueError(f"{', '.join(sorted(strange))}: not among {', '.join(classes)}")
    return Confusion(tuple(classes), tuple(tuple(counted[true, said] for said in classes) for true in classes))
