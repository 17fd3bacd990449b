"""Slow: the query language told a second time, as plainly as possible, for comparison with the matcher.

Nothing is shared with the matcher but the parser, the fold and the character classes: every token, every pair and
every combination is tried.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace

from listening.query.fold import ACCENTED, CASED, EXACT, composed, fold
from listening.query.nodes import And, Field, Flag, Near, Node, Not, Or, Range, Term, Title, Within
from listening.query.post import Post
from listening.query.script import EMOJI, SPACED, UNSPACED

CHARACTER = re.compile(SPACED)
ALONE = re.compile(f"{UNSPACED}|{EMOJI}")


@dataclass(frozen=True)
class Piece:
    """A token: folded form, place in the text, sign before it, first and last position, number of its word."""

    form: str
    start: int
    end: int
    sign: str
    first: float
    last: float


def holds(node: Node, post: Post) -> bool:
    """Whether the query's tree holds for the post."""
    match node:
        case And(children):
            return all(holds(child, post) for child in children)
        case Or(children):
            return any(holds(child, post) for child in children)
        case Not(child):
            return not holds(child, post)
        case Title(child):
            return bool(post.title) and holds(child, replace(post, text=post.title, title=""))
        case Field("lang", values):
            told = (post.language or "").lower()
            return any(told == value.lower() or told.startswith(value.lower() + "-") for value in values)
        case Flag("is", "reply"):
            return post.is_reply is True
        case Flag("has", "question"):
            return "?" in re.sub(r"https?://\S+", "", post.text + " " + post.title)
        case Range("followers", low, _):
            return post.followers is not None and post.followers >= (low or 0)
    return any(places(node, text) for text in (post.title, post.text) if text)


def places(node: Node, text: str) -> set[tuple[int, int]]:
    """All places of a term or a proximity in one text."""
    match node:
        case Term():
            return raw_places(node, text) if node.kind == "raw" else term_places(node, text)
        case Or(children):
            return set().union(*(places(child, text) for child in children))
        case Near(left, right, distance, ordered):
            pairs = itertools.product(places(left, text), places(right, text))
            both = {pair for a, b in pairs for pair in ([(a, b)] if ordered else [(a, b), (b, a)])}
            return {(a[0], b[1]) for a, b in both if a[1] <= b[0] and between(text, a, b) <= distance}
        case Within(items, distance):
            return groups(items, distance, text)
    raise AssertionError(node)


def groups(items: tuple[Node, ...], distance: int, text: str) -> set[tuple[int, int]]:
    found = set()
    for chosen in itertools.product(*(places(item, text) for item in items)):
        ordered = sorted(chosen)
        if len({place[0] for place in chosen}) == len(chosen) and between(text, ordered[0], ordered[-1]) <= distance:
            found.add((ordered[0][0], ordered[-1][1]))
    return found


def raw_places(term: Term, text: str) -> set[tuple[int, int]]:
    text, wanted = composed(text), composed(term.text)
    found = set()
    for at in range(len(text)):
        end = at + len(wanted)
        if text[at:end] == wanted and not cuts(text, at) and not cuts(text, end):
            found.add((at, end))
    return found


def cuts(text: str, at: int) -> bool:
    """Whether a word goes on across this place."""
    return 0 < at < len(text) and bool(CHARACTER.match(text[at - 1]) and CHARACTER.match(text[at]))


def clusters(text: str) -> list[tuple[str, int, int]]:
    """Folded characters with their places; what Unicode composes stays together."""
    found: list[tuple[str, int, int]] = []
    start = 0
    for at in range(1, len(text) + 1):
        joins = at < len(text) and (unicodedata.combining(text[at]) or fold(text[at]) == "")
        if not joins:
            found += [(c, start, at) for c in fold(text[start:at])]
            start = at
    return found


def base(text: str) -> list[tuple[str, int, int, str]]:
    """Tokens without the words inside hashtags: form, start, end, what stood before."""
    found: list[tuple[str, int, int, str]] = []
    gap, touching = "", False
    for c, start, end in clusters(text):
        if ALONE.match(c):
            found.append((c, start, end, gap))
            gap, touching = "", False
        elif CHARACTER.match(c):
            if touching:
                form, first, _, before = found[-1]
                found[-1] = (form + c, first, max(end, found[-1][2]), before)
            else:
                found.append((c, start, end, gap))
            gap, touching = "", True
        else:
            gap, touching = gap + c, False
    return found


def numbers(tokens: list[tuple[str, int, int, str]], tags: list[range]) -> list[int]:
    inside = {i for tag in tags for i in tag[1:]}
    result, number = [], -1
    for i, (form, _, _, gap) in enumerate(tokens):
        previous = tokens[i - 1][0] if i else ""
        same = gap == "'" or (gap in (".", ",") and previous[-1:].isdigit() and form[0].isdigit())
        same = same or (i > 0 and re.match(EMOJI, form) is not None)
        number += 0 if same or i in inside else 1
        result.append(number)
    return result


def tag_runs(tokens: list[tuple[str, int, int, str]]) -> list[range]:
    """Hashtags that several tokens make."""
    runs, i = [], 0
    while i < len(tokens):
        if is_sign(tokens, i) == "#":
            j = i
            while j + 1 < len(tokens) and tokens[j + 1][3] == "" and not re.match(EMOJI, tokens[j + 1][0]):
                j += 1
            if j > i:
                runs.append(range(i, j + 1))
            i = j
        i += 1
    return runs


def is_sign(tokens: list[tuple[str, int, int, str]], i: int) -> str:
    form, _, _, gap = tokens[i]
    if gap[-1:] not in ("#", "@") or re.match(EMOJI, form):
        return ""
    before = gap[-2] if len(gap) > 1 else (tokens[i - 1][0][-1] if i else " ")
    return "" if CHARACTER.match(before) or before == "&" else gap[-1]


def pieces(text: str) -> list[Piece]:
    tokens = base(text)
    runs = tag_runs(tokens)
    found = []
    for run in runs:
        form = "".join(tokens[i][0] for i in run)
        found.append(Piece(form, tokens[run[0]][1], tokens[run[-1]][2], "#", run[0], run[-1] + 1))
    starts_run = {run[0] for run in runs}
    for i, (form, start, end, _) in enumerate(tokens):
        sign = "" if any(i in run for run in runs) and (i in starts_run or is_sign(tokens, i)) else is_sign(tokens, i)
        found.append(Piece(form, start, end, sign, i, i + 1))
        inner = camel(text[start:end]) if sign == "#" else []
        for j, (a, b) in enumerate(inner if len(inner) > 1 else []):
            step = 1 / len(inner)
            first, last = i + j * step, i + 1 if j == len(inner) - 1 else i + (j + 1) * step
            found.append(Piece(fold(text[start + a : start + b]), start + a, start + b, "", first, last))
    return found


def camel(tag: str) -> list[tuple[int, int]]:
    """Where to cut a hashtag, character by character."""
    upper, digit = ([test(c) for c in tag] for test in (str.isupper, str.isdigit))
    lower = [c.islower() or not (c.isalnum() or c == "_") for c in tag]  # marks and joiners go with small letters
    mixed = any(upper) and any(lower)
    cuts_at = {0, len(tag)}
    for i in range(1, len(tag)):
        if mixed and upper[i] and (lower[i - 1] or digit[i - 1]) and not (i == 1 and lower[0]):
            cuts_at.add(i)
        if mixed and digit[i] != digit[i - 1]:
            cuts_at.add(i)
        if mixed and i + 1 < len(tag) and upper[i] and upper[i - 1] and lower[i + 1]:
            cuts_at.add(i)
        if tag[i] == "_" or tag[i - 1] == "_":
            cuts_at.add(i)
    edges = sorted(cuts_at)
    return [(a, b) for a, b in itertools.pairwise(edges) if set(tag[a:b]) != {"_"}]


def between(text: str, a: tuple[int, int], b: tuple[int, int]) -> int:
    tokens = base(text)
    counted = numbers(tokens, tag_runs(tokens))
    before = [(n, token) for n, token in zip(counted, tokens, strict=True) if token[1] < b[1]]
    last = max((n for n, token in zip(counted, tokens, strict=True) if token[1] < a[1]), default=-1)
    inside = [n for n, token in before if token[2] > b[0]]
    first = inside[0] if inside else max((n for n, _ in before), default=-1)
    return max(0, first - last - 1)


def term_places(term: Term, text: str) -> set[tuple[int, int]]:
    sign = {"hashtag": "#", "handle": "@"}.get(term.kind, "")
    wanted = wanted_tokens(term)
    found = pieces(text)
    places_found = set()
    for start in [piece for piece in found if fits(wanted[0], piece, term, text, sign)]:
        for last in chain(wanted[1:], start, found, term, text):
            places_found.add((sign_place(text, start) if sign else start.start, last.end))
    return places_found


def sign_place(text: str, piece: Piece) -> int:
    at = piece.start - 1
    while fold(text[at]) not in ("#", "@"):
        at -= 1
    return at


def chain(
    wanted: list[tuple[str, str, str | None]], piece: Piece, found: list[Piece], term: Term, text: str
) -> list[Piece]:
    if not wanted:
        return [piece]
    glue = wanted[0][2]
    nexts = [
        after
        for after in found
        if abs(after.first - piece.last) < 1e-9
        and fits(wanted[0], after, term, text, "")
        and (glue is None or fold(text[piece.end : after.start]) == glue)
    ]
    return [last for after in nexts for last in chain(wanted[1:], after, found, term, text)]


def wanted_tokens(term: Term) -> list[tuple[str, str, str | None]]:
    """Form, as written, and what must stand before."""
    if term.kind == "hashtag":
        return [(fold(term.text), term.text, None)]
    tokens: list[tuple[str, str, str | None]] = []
    for found in re.finditer(
        f"(?:{SPACED}|[*?]|[\u0300-\u036f\u00ad])+|{UNSPACED}|{EMOJI}|.", composed(term.text), re.DOTALL
    ):
        tokens.append((fold(found[0]), found[0], None))
    result: list[tuple[str, str, str | None]] = []
    gap = ""
    for form, written, _ in tokens:
        if CHARACTER.match(form[:1]) or ALONE.match(form[:1]):
            result.append((form, written, gap if result and (gap in ("", "'") or term.kind == "handle") else None))
            gap = ""
        elif form.strip("*"):
            gap += form
    return result


def fits(wanted: tuple[str, str, str | None], piece: Piece, term: Term, text: str, sign: str) -> bool:
    form, written, _ = wanted
    stored = text[piece.start : piece.end]
    accented = ACCENTED.of(written) != fold(written)
    if sign and piece.sign != sign:
        return False
    if not like(form, piece.form):
        return False
    if term.kind == "case":
        shape = EXACT if accented else CASED
        return like(shape.of(written), shape.of(stored))
    return not accented or like(ACCENTED.of(written), ACCENTED.of(stored))


def like(pattern: str, form: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), form, re.DOTALL) is not None
