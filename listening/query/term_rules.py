"""Term rules: what may be written as a term, and what could never be found."""

import re
from typing import cast

from listening.query.errors import QueryError
from listening.query.fold import fold
from listening.query.lexer import Token
from listening.query.nodes import Kind, Term
from listening.query.script import EMOJI, SPACED, TERM_TOKENS, UNSPACED, is_unspaced

MAX_WILD_LENGTH = 100
MAX_STARS = 4
MAX_TOKENS = 100
_KINDS = {"word": "word", "quote": "phrase", "brace": "case", "raw": "raw"}
_WILD_RUN = re.compile(rf"(?:{SPACED}|{UNSPACED}|[*?])*[*?](?:{SPACED}|{UNSPACED}|[*?])*")
_FINDABLE = re.compile(f"{SPACED}|{UNSPACED}|{EMOJI}")
_TAG = re.compile(rf"(?:{SPACED}|{UNSPACED}|[*?])+")


def a_term(token: Token) -> Term:
    """The term that a word, a quote, braces or raw: says. Raises QueryError."""
    kind = cast(Kind, _KINDS[token.kind])
    text = token.text.strip() if kind != "raw" else token.text
    at = token.end - (0 if token.kind == "word" else 1) - len(token.text)
    if kind == "word" and text[0] in "#＃@＠" and len(text) > 1:
        kind, text = ("hashtag" if fold(text[0]) == "#" else "handle"), text[1:]
    if kind == "hashtag" and not _TAG.fullmatch(text):
        raise QueryError("A hashtag holds letters, digits and _ only.", token.at, token.end)
    if kind == "raw":
        return Term(text, "raw", at=token.at, end=token.end)
    _refuse_unfindable(text, token)
    _refuse_wildcards(token.text, at)
    return Term(text, kind, at=token.at, end=token.end)


def _refuse_unfindable(text: str, token: Token) -> None:
    if len(TERM_TOKENS.findall(fold(text))) > MAX_TOKENS:
        raise QueryError(f"A phrase has at most {MAX_TOKENS} words. Shorten it.", token.at, token.end)
    if not _FINDABLE.search(fold(text)):
        if "*" in text or "?" in text:
            raise QueryError(
                "A wildcard needs at least two characters before it, as in complain*.", token.at, token.end
            )
        raise QueryError(f'{text} has no letter or digit to find. Write raw:"{text}".', token.at, token.end)


def _refuse_wildcards(text: str, at: int) -> None:
    for run in _WILD_RUN.finditer(text):
        literal = len(re.split("[*?]", run[0], maxsplit=1)[0])
        place = at + run.start()
        if not literal:
            raise QueryError("A wildcard cannot stand first. Write at least two characters before it.", place)
        if len(fold(run[0][:literal])) < 2:
            raise QueryError(
                "A wildcard needs at least two characters before it, as in co*.", place + literal, place + literal + 1
            )
        if len(run[0]) > MAX_WILD_LENGTH or run[0].count("*") > MAX_STARS:
            raise QueryError(
                f"A word with wildcards has at most {MAX_WILD_LENGTH} characters and {MAX_STARS} *.",
                place,
                place + len(run[0]),
            )
        _refuse_star_inside(run[0], place)


def _refuse_star_inside(run: str, place: int) -> None:
    """In scripts without spaces a term is a substring: * at its end says nothing new, and inside it says too much."""
    pieces = TERM_TOKENS.findall(fold(run))
    for before, piece in zip(pieces, pieces[1:], strict=False):
        if is_unspaced(before) and "*" in piece and piece is not pieces[-1]:
            raise QueryError("In a script without spaces * can only stand at the end.", place, place + len(run))
