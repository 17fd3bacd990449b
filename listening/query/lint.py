"""Lint: what a query may well say, but its author may not mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from listening.query.common_words import COMMON
from listening.query.fold import fold
from listening.query.grammar import Query
from listening.query.nodes import And, Near, Node, Not, Or, Placed, Range, Term, Title, Within, children, walk
from listening.query.script import EMOJI, is_spaced
from listening.query.write import write

SHORT = 3  # letters: names of so few are parts of too much
_WILD = re.compile("[*?]")
_KEPT = re.compile(rf"[\w\s'*?]|{EMOJI}")
_LOWER = re.compile(r"and|or|not|near(/\d+f?)?")


@dataclass(frozen=True, slots=True, order=True)
class Advice:
    """Something to look at before saving: where (characters of the query's text), which rule, and in words."""

    position: int
    end: int
    code: str
    sentence: str


def lint(query: Query) -> list[Advice]:
    """Warnings in the order of the text; a query with warnings may be saved."""
    rules = (_short_names, _common_words, _lower_operators, _spaces, _lost_signs, _duplicates, _impossible)
    return sorted({warning for rule in rules for warning in rule(query.root)})


def _warn(node: Placed, code: str, sentence: str) -> Advice:
    return Advice(node.at, node.end, code, sentence)


def _words(root: Node) -> list[Term]:
    return [node for node in walk(root) if isinstance(node, Term)]


def _alone(root: Node) -> Iterator[Term]:
    """Terms that make a match by themselves, with no other term asked for beside them."""
    match root:
        case Term():
            yield root
        case Or(below):
            for child in below:
                yield from _alone(child)
        case And(below):
            asking = [child for child in below if any(isinstance(node, Term) for node in _asked(child))]
            if len(asking) == 1:
                yield from _alone(asking[0])
        case Title(child):
            yield from _alone(child)


def _asked(node: Node) -> list[Node]:
    """This part and those below it that are not under a NOT."""
    if isinstance(node, Not):
        return []
    return [node, *(inner for child in children(node) for inner in _asked(child))]


def _short_names(root: Node) -> Iterator[Advice]:
    for term in _alone(root):
        folded = fold(term.text)
        if (
            term.kind in ("word", "phrase")
            and len(folded) <= SHORT
            and folded.isalpha()
            and all(map(is_spaced, folded))
        ):
            sentence = (
                f"“{term.text}” has {len(folded)} letters and will find much that is not meant. "
                f"Write {{{term.text.upper()}}} to keep its case, and add a context term with AND."
            )
            yield _warn(term, "short-name", sentence)


def _common_words(root: Node) -> Iterator[Advice]:
    for term in _alone(root):
        if term.kind in ("word", "phrase") and fold(term.text) in COMMON:
            sentence = f"“{term.text}” is a common English word. Add a context term with AND, or write a phrase."
            yield _warn(term, "common-word", sentence)


def _lower_operators(root: Node) -> Iterator[Advice]:
    for node in walk(root):
        for term in node.children if isinstance(node, And) else ():
            if isinstance(term, Term) and term.kind == "word" and _LOWER.fullmatch(term.text):
                sentence = (
                    f"“{term.text}” is looked for as a word. Operators are written in capitals: {term.text.upper()}."
                )
                yield _warn(term, "lower-case-operator", sentence)


def _spaces(root: Node) -> Iterator[Advice]:
    for node in walk(root):
        if isinstance(node, And) and node.spaces:
            yield _warn(
                node, "space-is-and", "A space means AND here. Write AND, or quote the words if they are a phrase."
            )


def _lost_signs(root: Node) -> Iterator[Advice]:
    for term in _words(root):
        lost = "" if term.kind == "raw" else "".join(dict.fromkeys(_KEPT.sub("", fold(term.text))))
        allowed = "-.&/" if term.kind == "phrase" else "-."
        if lost.strip(allowed) and term.kind != "handle":
            sentence = f'{lost} in “{term.text}” is not looked at. Write raw:"{term.text}" if it counts.'
            yield _warn(term, "signs-ignored", sentence)
        if term.kind == "phrase" and "?" in term.text:
            yield _warn(term, "question-mark", "? stands for exactly one character, also in quotes.")


def _duplicates(root: Node) -> Iterator[Advice]:
    for node in walk(root):
        seen: set[str] = set()
        for child in node.children if isinstance(node, And | Or) else ():
            text = (
                fold(write(child)) if not (isinstance(child, Term) and child.kind in ("case", "raw")) else write(child)
            )
            if text in seen:
                yield _warn(child, "duplicate", f"{write(child)} stands here twice. Remove one.")
            seen.add(text)


def _impossible(root: Node) -> Iterator[Advice]:
    for node in walk(root):
        if isinstance(node, And):
            yield from _contradictions(node)
        if isinstance(node, Within) and node.distance < len(node.items) - 2:
            sentence = f"{len(node.items)} words never fit with only {node.distance} between the first and the last."
            yield _warn(node, "never-matches", sentence)
        if isinstance(node, Range) and node.name == "rating" and ((node.high or 1) < 1 or (node.low or 5) > 5):
            yield _warn(node, "never-matches", "Ratings go from 1 to 5; this range holds none.")
        if isinstance(node, Term) and node.kind == "raw" and node.text != node.text.strip():
            yield _warn(
                node,
                "never-matches",
                "Spaces at the ends of raw: have to be in the post too. Remove them if not meant.",
            )
        if isinstance(node, Near) and write(node.left) == write(node.right):
            yield _warn(node, "duplicate", "Both sides of NEAR are the same; the word has to appear twice.")


def _contradictions(node: And) -> Iterator[Advice]:
    wanted = {write(child) for child in node.children if not isinstance(child, Not)}
    for child in node.children:
        denied = child.child if isinstance(child, Not) else None
        options = [denied, *(denied.children if isinstance(denied, Or) else ())] if denied else []
        if any(write(option) in wanted for option in options if option):
            yield _warn(
                child, "never-matches", f"{write(child)} forbids what is required beside it; nothing can match."
            )
