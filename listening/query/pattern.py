"""Pattern: a term made ready for finding, and where it occurs in a document."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from listening.query.document import Document, Hit
from listening.query.fold import ACCENTED, CASED, EXACT, FOLDED, Folding, composed, composing, folding
from listening.query.nodes import Term
from listening.query.script import TERM_TOKENS, is_spaced, is_unspaced

Check = tuple[dict[int, str], str | re.Pattern[str]]  # the shape in which the stored text is compared, and with what


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One token of a term.

    `wild` matches whole forms; `prefix` is what stands before the first wildcard. `single` is a ? in a script without
    spaces. `check` says what the stored text must be beyond its folded form: the same accents, the same case.
    `glue` is what must stand between this token and the one before, folded; None: whatever separates.
    """

    form: str
    wild: re.Pattern[str] | None = None
    single: bool = False
    mark: str = ""
    check: Check | None = None
    glue: str | None = None

    @property
    def prefix(self) -> str:
        return re.split("[*?]", self.form, maxsplit=1)[0] if self.wild else self.form

    def tokens(self, document: Document) -> Sequence[int]:
        """The tokens that this unit fits."""
        found: Sequence[int]
        if self.single:
            found = [i for i, form in enumerate(document.forms) if len(form) == 1 and is_unspaced(form)]
        elif self.wild:
            matches = self.wild.fullmatch
            forms = [form for form in document.forms_from(self.prefix) if matches(form)]
            found = [i for form in forms for i in document.index[form]]
        else:
            found = document.tokens(self.form)
        if self.mark:
            found = [i for i in found if document.marks.get(i) == self.mark]
        return found if self.check is None else [i for i in found if self._holds(document, i)]

    def _holds(self, document: Document, i: int) -> bool:
        assert self.check  # noqa: S101 - the caller looked
        table, wanted = self.check
        stored = composed(document.stored(i)).translate(table)
        return stored == wanted if isinstance(wanted, str) else wanted.fullmatch(stored) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A term: its units in a row, or for `raw:` the characters themselves."""

    units: tuple[Unit, ...]
    raw: str = ""
    plain: bool = False  # no wildcards, accents or case: forms in a row say it all

    @property
    def key(self) -> str:
        """A form without which the term does not occur; empty where there is none."""
        first = self.units[0] if self.units else None
        return first.form if first and not first.wild and not first.single else ""

    def hits(self, document: Document) -> list[Hit]:
        """Where the term occurs, in the order of the text."""
        memo = document.memo
        found: list[Hit] | None = memo.get(self)
        if found is None:
            found = memo[self] = list(self._raw_hits(document)) if self.raw else self._unit_hits(document)
        return found

    def _unit_hits(self, document: Document) -> list[Hit]:
        first = self.units[0]
        firsts = first.tokens(document)
        if not firsts:
            return []
        hit = _hit_with_sign if first.mark else Document.hit
        if len(self.units) == 1:
            hits = [hit(document, i, i) for i in firsts]
            return hits if len(hits) == 1 else sorted(hits)
        return sorted({hit(document, i, last) for i, last in self._ways(document, firsts)})

    def _ways(self, document: Document, firsts: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The first and the last token of each occurrence."""
        if self.plain and isinstance(document.nodes, range):
            yield from self._in_a_row(document, firsts)
            return
        rest = self.units[1:]
        followers = []
        for unit in rest:
            tokens = unit.tokens(document)
            if not tokens:
                return
            followers.append(_by_node(document, tokens))
        for i in firsts:
            for last in _last_tokens(document, i, rest, followers):
                yield i, last

    def _in_a_row(self, document: Document, firsts: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The same where no hashtag lies across tokens: lists are compared at once."""
        wanted = [unit.form for unit in self.units]
        forms, count = document.forms, len(wanted)
        touching = all(unit.glue == "" for unit in self.units[1:])
        length = sum(map(len, wanted[:-1]))
        glued = [] if touching else [(j, unit.glue) for j, unit in enumerate(self.units) if unit.glue is not None]
        for i in firsts:
            if forms[i : i + count] != wanted:
                continue
            last = i + count - 1
            if touching and document.places[last] - document.places[i] != length:
                continue
            if all(_between(document, i + j - 1, i + j) == glue for j, glue in glued):
                yield i, last

    def _raw_hits(self, document: Document) -> Iterator[Hit]:
        way = _composed(document)
        text = way.text
        at = text.find(self.raw)
        while at >= 0:
            end = at + len(self.raw)
            if _stands_alone(text, at, end):
                start, stop = way.start(at), way.end(end)
                if not document.shift or stop < document.shift or start >= document.shift:
                    yield start, stop
            at = text.find(self.raw, at + 1)


def _hit_with_sign(document: Document, first: int, last: int) -> Hit:
    """The occurrence of #acme or @acme, its sign included."""
    return document.folding.start(document.places[first] - 1), document.hit(first, last)[1]


def _by_node(document: Document, tokens: Sequence[int]) -> dict[int, list[int]]:
    nodes: dict[int, list[int]] = {}
    for i in tokens:
        nodes.setdefault(document.nodes[i], []).append(i)
    return nodes


def _last_tokens(
    document: Document, i: int, rest: Sequence[Unit], followers: list[dict[int, list[int]]]
) -> Iterable[int]:
    """The last tokens of all occurrences that start with token `i`."""
    ways = {i}
    for unit, by_node in zip(rest, followers, strict=True):
        ways = {
            after
            for way in ways
            for after in by_node.get(document.ends[way], ())
            if unit.glue is None or _between(document, way, after) == unit.glue
        }
    return ways


def _between(document: Document, i: int, after: int) -> str:
    places = document.places
    return document.folded[places[i] + len(document.forms[i]) : places[after]]


def _composed(document: Document) -> Folding:
    """The document composed, letter case and accents kept."""
    kept: Folding | None = document.memo.get("composed")
    if kept is None:
        kept = document.memo["composed"] = composing(document.text)
    return kept


def _stands_alone(text: str, at: int, end: int) -> bool:
    """raw: counts characters, but a word in it is still a whole word: raw:"C++" is not in ABC++."""
    if at and is_spaced(text[at]) and is_spaced(text[at - 1]):
        return False
    return not (end < len(text) and is_spaced(text[end - 1]) and is_spaced(text[end]))


@lru_cache(maxsize=65536)
def compiled(term: Term) -> Pattern:
    """The pattern of a term; the same for equal terms, so that a document remembers its hits."""
    if term.kind == "raw":
        return Pattern((), raw=composed(term.text))
    units = tuple(_units(term))
    return Pattern(units, plain=not any(unit.wild or unit.single or unit.check for unit in units))


def _units(term: Term) -> Iterator[Unit]:
    way = folding(term.text)
    before = -1
    mark = {"hashtag": "#", "handle": "@"}.get(term.kind, "")
    found = list(TERM_TOKENS.finditer(way.text))
    if term.kind == "hashtag":
        yield _unit(term, way.text, term.text, "#", None)
        return
    for i, token in enumerate(found):
        form = token[0]
        glue = _glue(term, way.text[before : token.start()]) if i else None
        before = token.end()
        if not form.strip("*?"):
            for _ in range(form.count("?")):
                yield Unit("?", single=True, glue="")
            continue
        written = term.text[way.start(token.start()) : way.end(token.end())]
        yield _unit(term, form, written, mark if i == 0 else "", glue)


def _unit(term: Term, form: str, written: str, mark: str, glue: str | None) -> Unit:
    wild = _wild(form) if "*" in form or "?" in form else None
    return Unit(form, wild, mark=mark, check=_check(term, written, form, wild), glue=glue)


def _check(term: Term, written: str, form: str, wild: re.Pattern[str] | None) -> Check | None:
    accented = ACCENTED.of(written) != FOLDED.of(written)
    if term.kind != "case" and not accented:
        return None
    table = (EXACT if accented else CASED) if term.kind == "case" else ACCENTED
    wanted = table.of(written)
    if term.kind == "case" and wanted == form and not any(c.isalpha() for c in form):
        return None
    return table, (_wild(wanted) if wild else wanted)


def _glue(term: Term, between: str) -> str | None:
    """What must separate two tokens: nothing where nothing stood, an apostrophe where one stood; else anything."""
    return between if between in ("", "'") or term.kind == "handle" else None


def _wild(form: str) -> re.Pattern[str]:
    """A regular expression for whole forms; atomic, so that no text makes it slow."""
    head, *middle = [re.escape(part).replace(r"\?", ".") for part in form.split("*")]
    if not middle:
        return re.compile(head, re.DOTALL)
    *inner, tail = middle
    steps = "".join(f"(?>.*?{part})" for part in inner if part)
    return re.compile(f"{head}{steps}.*{tail}", re.DOTALL)
