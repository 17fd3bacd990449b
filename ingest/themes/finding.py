"""Finding: the themes of a set of posts. Pure: the same posts in any order give the same themes.

Phrases that are said more than in the brand's own past, or more than about other brands, come first; those that are
merely frequent, measured against everyday language, fill up. Phrases of the same posts form a theme.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.enrich.masking import Names
from ingest.themes.grouping import group
from ingest.themes.odds import Counts, everyday, z_scores
from ingest.themes.words import phrases

SURE = 1.96
SURELY_MORE = 3.0
"""z from which a phrase is said more than elsewhere: hundreds are tried, so that 1.96 would often be chance."""
MOST_PHRASES = 160
MOST_CHANGED = 100
MOST_THEMES = 15
LEAST_POSTS = 20
"""Distinct posts below which nothing is found: a handful of posts has no themes."""
LEAST_SHARE = 0.003
LEAST_HOLDERS = 4
SINGLE = 2.0
"""A theme of a single phrase needs so many times the posts of another."""
WITHIN = 0.7
"""A phrase that stands within a longer one so often says nothing beside it."""
NAMED_AFTER = 3
EXAMPLES = 3


class Said(NamedTuple):
    """One post: its folded text and its language."""

    folded: str
    language: str


@dataclass(frozen=True, slots=True)
class Found:
    """One theme. `phrases` the strongest first; `posts` distinct texts that hold one of them; `why` "changed" (more
    than in the brand's own past), "distinct" (more than about other brands) or "frequent"; `examples` posts that hold
    the most of its phrases."""

    name: str
    phrases: tuple[str, ...]
    posts: int
    why: str
    z: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """`grouped` of `posts` distinct texts hold a phrase of a theme."""

    themes: tuple[Found, ...]
    posts: int
    grouped: int


@dataclass(frozen=True, slots=True)
class _Strength:
    z: float
    why: str


class Corpus:
    """Distinct posts in a fixed order, and which of them hold each phrase: a text sent often counts once.

    Phrases that fewer than LEAST_HOLDERS posts hold are left out: they are most of all, and can't make a theme.
    """

    def __init__(self, posts: Iterable[Said], names: Names = None) -> None:
        self.posts = sorted(set(posts))
        counts = count(self.posts, names)
        self.holders: dict[str, set[int]] = {phrase: set() for phrase, n in counts.items() if n >= LEAST_HOLDERS}
        for number, post in enumerate(self.posts):
            for phrase in phrases(post.folded, post.language, names):
                if phrase in self.holders:
                    self.holders[phrase].add(number)

    def held_by(self, said: Iterable[str]) -> frozenset[int]:
        """The posts that hold any of these phrases."""
        return frozenset().union(*(self.holders.get(phrase, frozenset()) for phrase in said))


def count(posts: Iterable[Said], names: Names, only: Container[str] | None = None) -> Counter[str]:
    """How many of these posts hold each phrase, or each of `only`."""
    counts: Counter[str] = Counter()
    for post in posts:
        said = phrases(post.folded, post.language, names)
        counts.update(said if only is None else (phrase for phrase in said if phrase in only))
    return counts


def find(ours: Iterable[Said], past: Iterable[Said], others: Iterable[Said], names: Names = None) -> Findings:
    """The themes of `ours`, the largest first; `past` are the brand's own earlier posts, `others` other brands'."""
    return find_in(Corpus(ours, names), past, others, names)


def find_in(corpus: Corpus, past: Iterable[Said], others: Iterable[Said], names: Names = None) -> Findings:
    """The same for a corpus that was read before."""
    if len(corpus.posts) < LEAST_POSTS:
        return Findings((), len(corpus.posts), 0)
    compared = [Counts(len(posts), count(posts, names, corpus.holders)) for posts in (set(past), set(others))]
    strengths = _strengths(corpus, *compared)
    chosen = _choose(corpus, strengths)
    groups = group([corpus.holders[phrase] for phrase in chosen], len(corpus.posts))
    made = [_found([chosen[i] for i in members], corpus, strengths) for members in groups]
    themes = sorted((one for one in made if _large_enough(one, corpus)), key=lambda one: (-one.posts, one.name))
    themes = themes[:MOST_THEMES]
    held = corpus.held_by(phrase for one in themes for phrase in one.phrases)
    return Findings(tuple(themes), len(corpus.posts), len(held))


def _strengths(corpus: Corpus, past: Counts, others: Counts) -> dict[str, _Strength]:
    """The strongest reason for each phrase that enough posts hold."""
    least = _least(corpus)
    ours = Counts(
        len(corpus.posts), {phrase: len(held) for phrase, held in corpus.holders.items() if len(held) >= least}
    )
    compared = (("changed", z_scores(ours, past)), ("distinct", z_scores(ours, others)))
    usual = z_scores(ours, everyday(ours))
    found = {}
    for phrase in ours.phrases:
        z, why = max((scores.get(phrase, 0.0), why) for why, scores in compared)
        found[phrase] = _Strength(z, why) if z >= SURELY_MORE else _Strength(usual[phrase], "frequent")
    return found


def _least(corpus: Corpus) -> float:
    return max(LEAST_HOLDERS, LEAST_SHARE * len(corpus.posts))


def _choose(corpus: Corpus, strengths: Mapping[str, _Strength]) -> list[str]:
    """The phrases that can make themes, the strongest first."""
    sure = sorted((p for p, s in strengths.items() if s.z >= SURE), key=lambda phrase: (-strengths[phrase].z, phrase))
    sure = _without_parts(sure, corpus)
    changed = [phrase for phrase in sure if strengths[phrase].why != "frequent"][:MOST_CHANGED]
    frequent = [phrase for phrase in sure if strengths[phrase].why == "frequent"]
    return [*changed, *frequent[: MOST_PHRASES - len(changed)]]


def _without_parts(chosen: Sequence[str], corpus: Corpus) -> list[str]:
    """Without phrases that mostly stand within a longer one that was chosen too."""
    parts: set[str] = set()
    present = set(chosen)
    for phrase in chosen:
        for part in _parts(phrase):
            if part in present and len(corpus.holders[phrase]) >= WITHIN * len(corpus.holders[part]):
                parts.add(part)
    return [phrase for phrase in chosen if phrase not in parts]


def _parts(phrase: str) -> list[str]:
    words = phrase.split()
    return [
        " ".join(words[start : start + length])
        for length in range(1, len(words))
        for start in range(len(words) - length + 1)
    ]


def _found(members: Sequence[str], corpus: Corpus, strengths: Mapping[str, _Strength]) -> Found:
    ordered = sorted(members, key=lambda phrase: (-len(corpus.holders[phrase]), phrase))
    held = Counter(number for phrase in members for number in corpus.holders[phrase])
    strongest = max((strengths[phrase] for phrase in members), key=lambda s: (s.why != "frequent", s.z, s.why))
    best = sorted(held, key=lambda number: (-held[number], corpus.posts[number]))[:EXAMPLES]
    examples = tuple(corpus.posts[number].folded for number in best)
    return Found(name_of(ordered), tuple(ordered), len(held), strongest.why, round(strongest.z, 2), examples)


def name_of(ordered: Sequence[str]) -> str:
    """ "refund · waiting · app": the phrases that most posts hold, none that repeats a word of one before."""
    names: list[str] = []
    for phrase in ordered:
        words = set(phrase.split())
        if len(names) < NAMED_AFTER and not any(words & set(name.split()) for name in names):
            names.append(phrase)
    return " · ".join(names)[:120]


def _large_enough(one: Found, corpus: Corpus) -> bool:
    return one.posts >= (SINGLE if len(one.phrases) == 1 else 1.0) * max(LEAST_HOLDERS + 1, 2 * _least(corpus))
