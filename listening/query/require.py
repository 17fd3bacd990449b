"""Require: the literals of which a query needs at least one, chosen so that few posts hold any.

A literal is a whole word of the folded text ("word"), the start of a word ("start"), or characters anywhere
("part"). Any post that a query matches holds one of its literals; the reverse is for the judge.
"""

from dataclasses import dataclass
from typing import Literal

from listening.query.common_words import COMMON
from listening.query.fold import fold
from listening.query.nodes import And, Near, Node, Or, Term, Title, Within
from listening.query.pattern import Unit, compiled
from listening.query.script import is_spaced

MAX_LENGTH = 32  # a longer literal is cut: the rest would hardly choose better


@dataclass(frozen=True, slots=True)
class Needed:
    """One literal. `rarity` is higher the fewer texts hold it (roughly minus log10 of the share of posts)."""

    text: str
    how: Literal["word", "start", "part"]
    rarity: float


Choice = tuple[Needed, ...] | None  # None: no literal is needed


def required(node: Node) -> Choice:
    """Literals of which every matching post holds at least one, or None where a post needs none."""
    match node:
        case Term():
            return _of_term(node)
        case And(children):
            return _best([required(child) for child in children])
        case Or(children):
            return _union([required(child) for child in children])
        case Near(left, right):
            return _best([required(left), required(right)])
        case Within(items):
            return _best([required(item) for item in items])
        case Title(child):
            return required(child)
    return None


def _best(choices: list[Choice]) -> Choice:
    given = [choice for choice in choices if choice]
    return max(given, key=_selectivity) if given else None


def _selectivity(choice: tuple[Needed, ...]) -> float:
    """The rarity of meeting any of the literals: minus the logarithm of the sum of their shares."""
    share: float = sum(10.0**-needed.rarity for needed in choice)
    return 1.0 / share


def _union(choices: list[Choice]) -> Choice:
    if not all(choices):
        return None
    return tuple(dict.fromkeys(needed for choice in choices if choice for needed in choice))


def _of_term(term: Term) -> Choice:
    pattern = compiled(term)
    if pattern.raw:
        text = fold(pattern.raw)
        return (_part(text),) if text else None
    candidates = [needed for needed in map(_of_unit, pattern.units) if needed]
    candidates += [_part(run) for run in _runs(pattern.units)]
    return (max(candidates, key=lambda needed: needed.rarity),) if candidates else None


def _of_unit(unit: Unit) -> Needed | None:
    if unit.single:
        return None
    if not all(map(is_spaced, unit.prefix)):
        return _part(unit.prefix)
    if unit.wild:
        return Needed(unit.prefix[:MAX_LENGTH], "start", len(unit.prefix) * 0.5)
    return Needed(unit.form, "word", _word_rarity(unit.form))


def _runs(units: tuple[Unit, ...]) -> list[str]:
    """Tokens that must touch each other, joined: in scripts without spaces a whole term."""
    runs: list[str] = []
    text = ""
    for unit in units:
        glued = unit.glue == "" and not unit.single and not unit.wild
        if glued and text:
            text += unit.form
        else:
            runs.append(text)
            text = "" if unit.wild or unit.single else unit.form
    runs.append(text)
    return [run for run in runs if run and not all(map(is_spaced, run))]


def _part(text: str) -> Needed:
    text = text[:MAX_LENGTH]
    return Needed(text, "part", 0.45 * len(text) + sum(c > "\u2e80" for c in text) * 0.8)


def _word_rarity(word: str) -> float:
    """Common words by their rank (Zipf), others by their length."""
    rank = COMMON.get(word)
    if rank is not None:
        return 0.5 + 0.0008 * rank
    return 3.0 + 0.2 * min(len(word), 12)
