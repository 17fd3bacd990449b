"""Document: a post's title and text cut into tokens once, for all queries that are tried on it.

A token knows its folded form, where it stands in the stored text, between which two nodes it lies (neighbours share
a node; #AcmeFail lies beside its own words "acme" and "fail") and which word of the text it belongs to.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from listening.query.fold import Folding, fold, folding
from listening.query.post import Post
from listening.query.script import ASCII_WORDS, TOKENS, is_emoji, is_spaced

FAR = 1_000_000  # words between the title and the text: nothing is near across them
_MARKED = re.compile(r"[#@]")
Hit = tuple[int, int, int, int]  # start and end in the document, number of the first and the last word


class Token:
    """One token; `fs` and `fe` are its place in the folded document, `mark` is "#" or "@" or ""."""

    __slots__ = ("end", "fe", "form", "fs", "last", "mark", "node", "start", "to", "word")

    def __init__(self, form: str, start: int, end: int, fs: int, fe: int, node: int, word: int) -> None:
        self.form = form
        self.start, self.end = start, end
        self.fs, self.fe = fs, fe
        self.node, self.to = node, node + 1
        self.word = self.last = word
        self.mark = ""


class Document:
    """A post, ready to be judged. Offsets count in `text`, which is the title, a line break and the post's text."""

    def __init__(self, post: Post) -> None:
        self.post = post
        self.shift = len(post.title) + 1 if post.title else 0
        self.text = f"{post.title}\n{post.text}" if post.title else post.text
        self.folding: Folding = folding(self.text)
        self.tokens: list[Token] = list(self._tokens())
        self.memo: dict[Any, Any] = {}

    @cached_property
    def index(self) -> dict[str, list[Token]]:
        """Tokens by form, in the order of the text."""
        index: dict[str, list[Token]] = {}
        for token in self.tokens:
            if token.form in index:
                index[token.form].append(token)
            else:
                index[token.form] = [token]
        return index

    @cached_property
    def title_alone(self) -> "Document | None":
        """The title as a document of its own; its offsets are the same as here. None where there is no title."""
        if not self.post.title:
            return None
        return Document(replace(self.post, text=self.post.title, title=""))

    @cached_property
    def forms(self) -> list[str]:
        """All forms, sorted, for prefixes."""
        return sorted(self.index)

    @cached_property
    def word_starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    def word_at(self, position: int) -> int:
        """The number of the last word that starts at or before `position`; -1 before the first."""
        index = bisect_right(self.word_starts, position) - 1
        return self.tokens[index].word if index >= 0 else -1

    def forms_from(self, prefix: str) -> list[str]:
        """All forms that start with `prefix`."""
        low = bisect_left(self.forms, prefix)
        return self.forms[low : bisect_right(self.forms, prefix + "\U0010ffff")]

    def _tokens(self) -> Iterator[Token]:
        plain = list(self._plain())
        if not _MARKED.search(self.folding.text):
            return iter(plain)
        return iter(sorted(self._marked(plain), key=lambda token: (token.start, token.end)))

    def _plain(self) -> Iterator[Token]:
        text = self.folding.text
        start_of, end_of = self.folding.start, self.folding.end
        node = word = -1
        previous = ""
        before, shift = 0, self.shift
        pattern = ASCII_WORDS if text.isascii() else TOKENS
        for found in pattern.finditer(text):
            fs, fe = found.span()
            form = found[0]
            start = start_of(fs)
            if shift and start >= shift:
                shift, node, word = 0, node + 1, word + FAR
            node += 1
            if not _same_word(previous, text[before:fs], form):
                word += 1
            yield Token(form, start, end_of(fe), fs, fe, node, word)
            previous, before = form, fe

    def _marked(self, plain: list[Token]) -> Iterator[Token]:
        """The tokens with hashtags and handles marked, and the words inside hashtags added."""
        text = self.folding.text
        moved = 0
        run_ends = -1
        for i, token in enumerate(plain):
            token.node += moved
            token.to += moved
            mark = text[token.fs - 1] if token.fs else ""
            if i > run_ends and mark in ("#", "@") and _starts(text, token.fs - 1) and not is_emoji(token.form):
                run_ends = i
                while mark == "#" and _continues(plain, run_ends):
                    run_ends += 1
                if run_ends > i:
                    yield self._whole(plain[i : run_ends + 1], token.node)
                else:
                    token.mark = mark
                    parts = list(self._parts(token)) if mark == "#" else []
                    yield from parts
                    token.to += max(0, len(parts) - 1)
                    moved += max(0, len(parts) - 1)
            yield token

    def _whole(self, run: list[Token], node: int) -> Token:
        """A hashtag that several tokens make, as in scripts without spaces; it counts as one word."""
        first, last = run[0], run[-1]
        form = self.folding.text[first.fs : last.fe]
        whole = Token(form, first.start, last.end, first.fs, last.fe, node, first.word)
        whole.to = node + len(run)
        whole.last = last.word
        whole.mark = "#"
        return whole

    def _parts(self, tag: Token) -> Iterator[Token]:
        """The words of #AcmeFail and #acme_fail."""
        parts = list(words_of_hashtag(self.text[tag.start : tag.end]))
        fs = tag.fs
        for i, (start, end) in enumerate(parts if len(parts) > 1 else []):
            form = fold(self.text[tag.start + start : tag.start + end])
            gap = start - (parts[i - 1][1] if i else 0)
            fs += gap
            yield Token(form, tag.start + start, tag.start + end, fs, fs + len(form), tag.node + i, tag.word)
            fs += len(form)


def _starts(text: str, mark: int) -> bool:
    """Whether the # or @ at `mark` starts a hashtag or handle: it does not inside a word, as in a@b."""
    before = text[mark - 1] if mark else " "
    return not is_spaced(before) and before != "&"


def _continues(plain: list[Token], i: int) -> bool:
    return i + 1 < len(plain) and plain[i + 1].fs == plain[i].fe and not is_emoji(plain[i + 1].form)


def _same_word(previous: str, gap: str, form: str) -> bool:
    """Don't, 1,000 and 3.5 count as one word of the distance; an emoji counts as none."""
    if gap == "'":
        return True
    if gap in (".", ",") and previous[-1:].isdigit() and form[0].isdigit():
        return True
    return previous != "" and is_emoji(form) is not None


def words_of_hashtag(tag: str) -> Iterator[tuple[int, int]]:
    """Where the words of a hashtag stand: cut at _, before a capital after a small letter (AcmeFail), before the last
    of several capitals (BTFail), and in such tags around digits. iPhone, eBay and all-small tags stay whole.
    """
    kinds = "".join(_kind(c) for c in tag)
    pattern = _MIXED if "l" in kinds and "u" in kinds else _FLAT
    for found in pattern.finditer(kinds):
        yield found.span()


# Over one letter per character: u upper, l lower (and marks), d digit, o letters without case.
_MIXED = re.compile(r"(?<![ul])l(?=ul)ul+|u+(?!l)|u?l+|d+|o+")
_FLAT = re.compile(r"[^_]+")


def _kind(character: str) -> str:
    if character == "_":
        return "_"
    if character.isdigit():
        return "d"
    if character.isupper():
        return "u"
    return "o" if character.isalpha() and not character.islower() else "l"
