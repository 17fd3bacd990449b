"""Document: a post's title and text cut into tokens once, for all queries that are tried on it.

Tokens are numbered, and what is known of them lies in lists beside each other, because most posts are judged by one
query and thrown away. Neighbouring tokens share a node: token i goes from `nodes[i]` to `ends[i]`; #AcmeFail goes
from where its own word "acme" starts to where "fail" ends. Hits are (start, end) in the stored text, which is the
title, a line break and the post's text.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from listening.query.fold import Folding, fold, folding, tokens_apart
from listening.query.hashtags import words_of_hashtag
from listening.query.post import Post
from listening.query.script import is_emoji, is_spaced

_SIGNS = re.compile("[#@]")
_SIGNED = re.compile("[#@＃＠]")
_SHORT = 60  # tokens; looking through so few is quicker than making an index of them
_AHEAD = 4  # tokens that are located at once; a handle mostly stands first, and the rest is seldom asked for
FAR = 1_000_000  # words between the title and the text: nothing is near across them
Hit = tuple[int, int]


class Document:
    """A post, ready to be judged. `tokens` spares the cutting where the caller has done it already."""

    def __init__(self, post: Post, tokens: list[str] | None = None) -> None:
        self.post = post
        self.text = joined(post.title, post.text)
        self.shift = len(post.title) + 1 if post.title else 0
        self.forms = tokens_apart(self.text).split() if tokens is None else tokens
        self.vocabulary = set(self.forms)
        self.plain = len(self.forms)
        self.nodes: Sequence[int] = range(self.plain)
        self.ends: Sequence[int] = range(1, self.plain + 1)
        self.marks: dict[int, str] = {}
        self.memo: dict[Any, Any] = {}
        self._index: dict[str, list[int]] | None = None
        self._places: list[int] = []
        self._found = 0
        self._folded: str | None = None
        self._folding: Folding | None = None
        if self.shift or _SIGNED.search(self.text):
            self._mark()

    @property
    def folded(self) -> str:
        if self._folded is None:
            self._folded = fold(self.text)
        return self._folded

    def tokens(self, form: str) -> Sequence[int]:
        """The tokens with this form."""
        forms = self.forms
        if len(forms) > _SHORT:
            return self.index.get(form, ())
        count = forms.count(form)
        if count > 1:
            return [i for i, other in enumerate(forms) if other == form]
        return (forms.index(form),) if count else ()

    @property
    def index(self) -> dict[str, list[int]]:
        """Tokens by form."""
        index = self._index
        if index is None:
            index = self._index = {}
            for i, form in enumerate(self.forms):
                if form in index:
                    index[form].append(i)
                else:
                    index[form] = [i]
        return index

    @property
    def places(self) -> list[int]:
        """Where each token starts in the folded text."""
        if len(self._places) < self.plain:
            self._locate(self.plain)
        return self._places

    def _locate(self, upto: int) -> None:
        """Find the tokens before `upto`: only separators lie between, so the next place found is the right one."""
        places, find, at = self._places, self.folded.find, self._found
        for form in self.forms[len(places) : upto]:
            at = find(form, at)
            places.append(at)
            at += len(form)
        self._found = at

    @property
    def folding(self) -> Folding:
        if self._folding is None:
            self._folding = folding(self.text, self.folded)
        return self._folding

    def hit(self, first: int, last: int) -> Hit:
        """From the start of one token to the end of another, in the stored text."""
        if last >= len(self._places):
            self._locate(last + 1)
        start, end = self._places[first], self._places[last] + len(self.forms[last])
        way = self._folding or self.folding
        return (start, end) if way.starts is None else (way.start(start), way.end(end))

    def stored(self, i: int) -> str:
        start, end = self.hit(i, i)
        return self.text[start:end]

    def forms_from(self, prefix: str) -> list[str]:
        """All forms that start with `prefix`."""
        forms: list[str] | None = self.memo.get("forms")
        if forms is None:
            forms = self.memo["forms"] = sorted(self.index)
        low = bisect_left(forms, prefix)
        return forms[low : bisect_right(forms, prefix + "\U0010ffff")]

    def title_alone(self) -> "Document | None":
        """The title as a document of its own; its offsets are the same as here. None where there is no title."""
        if not self.post.title:
            return None
        if "title" not in self.memo:
            self.memo["title"] = Document(replace(self.post, text=self.post.title, title=""))
        alone: Document = self.memo["title"]
        return alone

    def between(self, first: Hit, second: Hit) -> int:
        """How many words stand between two hits that do not overlap; none within one hashtag."""
        return max(0, self.words(second)[0] - self.words(first)[1] - 1)

    def words(self, hit: Hit) -> tuple[int, int]:
        """The numbers of the first and the last word of a hit; of the word before where a hit holds only signs."""
        starts, ends, numbers = self._word_places()
        last = bisect_left(starts, hit[1]) - 1
        first = min(bisect_right(ends, hit[0]), last)
        return (numbers[first], numbers[last]) if last >= 0 else (-1, -1)

    def _word_places(self) -> tuple[list[int], list[int], list[int]]:
        """Where each token starts and ends in the stored text, and its word number."""
        if "words" not in self.memo:
            hits = [self.hit(i, i) for i in range(self.plain)]
            numbers = list(self._counted())
            self.memo["words"] = ([start for start, _ in hits], [end for _, end in hits], numbers)
        found: tuple[list[int], list[int], list[int]] = self.memo["words"]
        return found

    def _counted(self) -> Iterator[int]:
        """Word numbers. Don't, 1,000 and 3.5 count as one word, an emoji as none, a hashtag as one."""
        inside = {i for first, last in self.memo.get("runs", ()) for i in range(first + 1, last + 1)}
        title_ends = self._folded_shift()
        number, previous, before = -1, "", 0
        for i, (form, place) in enumerate(zip(self.forms[: self.plain], self.places, strict=False)):
            if before < title_ends <= place:
                number += FAR
            if i not in inside and not _same_word(previous, self.folded[before:place], form):
                number += 1
            yield number
            previous, before = form, place + len(form)

    def _folded_shift(self) -> int:
        return len(fold(self.post.title)) + 1 if self.shift else 0

    def _mark(self) -> None:
        """Find hashtags and handles, add the words inside hashtags, and part the title from the text."""
        inside: dict[int, list[tuple[str, int]]] = {}
        for i, sign in self._signs():
            last = self._run_end(i) if sign == "#" else i
            if last > i:
                self.memo.setdefault("runs", []).append((i, last))
                continue
            self.marks[i] = sign
            parts = list(self._parts(i)) if sign == "#" else []
            if parts:
                inside[i] = parts
        if inside or self.shift or "runs" in self.memo:
            self._lay(inside, dict(self.memo.get("runs", ())))

    def _signs(self) -> Iterator[tuple[int, str]]:
        """Tokens behind a # or @ that starts a hashtag or a handle: not inside a word, as in a@b."""
        forms, folded = self.forms, self.folded
        for found in _SIGNS.finditer(folded) if "#" in folded or "@" in folded else ():
            at = found.end()
            i = self._token_from(at)
            if i == self.plain or self._places[i] != at or is_emoji(forms[i]):
                continue
            before = folded[at - 2] if at > 1 else " "
            if not is_spaced(before) and before != "&":
                yield i, found[0]

    def _token_from(self, at: int) -> int:
        """The first token that starts at `at` or behind it; tokens farther on stay unlocated."""
        while len(self._places) < self.plain and (not self._places or self._places[-1] < at):
            self._locate(min(self.plain, len(self._places) + _AHEAD))
        return bisect_left(self._places, at)

    def _lay(self, inside: Mapping[int, list[tuple[str, int]]], runs: Mapping[int, int]) -> None:
        """Give every token its nodes, and add those that lie beside others."""
        places, title_ends = self.places, self._folded_shift()
        nodes: list[int] = []
        ends: list[int] = []
        added: list[tuple[str, int, int, int]] = []  # form, place, node, end
        node = 0
        for i in range(self.plain):
            if places[i] >= title_ends > 0:
                node, title_ends = node + 1, 0
            if i in runs:
                added.append((self._form(i, runs[i]), places[i], node, node + runs[i] - i + 1))
            parts = inside.get(i, ())
            added += [(form, place, node + j, node + j + 1) for j, (form, place) in enumerate(parts)]
            nodes.append(node)
            node += len(parts) or 1
            ends.append(node)
        self._append(nodes, ends, added)

    def _append(self, nodes: list[int], ends: list[int], added: list[tuple[str, int, int, int]]) -> None:
        self.forms = [*self.forms, *(form for form, _, _, _ in added)]
        self.vocabulary.update(form for form, _, _, _ in added)
        self.places.extend(place for _, place, _, _ in added)
        self.nodes = nodes + [node for _, _, node, _ in added]
        self.ends = ends + [end for _, _, _, end in added]
        wholes = (i for i, (_, _, node, end) in enumerate(added, self.plain) if end > node + 1)
        self.marks.update(dict.fromkeys(wholes, "#"))

    def _run_end(self, i: int) -> int:
        """The last token of the hashtag that starts with token `i`; several in scripts without spaces."""
        places, forms = self.places, self.forms
        while i + 1 < self.plain and places[i + 1] == places[i] + len(forms[i]) and not is_emoji(forms[i + 1]):
            i += 1
        return i

    def _form(self, first: int, last: int) -> str:
        return self.folded[self.places[first] : self.places[last] + len(self.forms[last])]

    def _parts(self, tag: int) -> Iterator[tuple[str, int]]:
        """The words of #AcmeFail and #acme_fail, folded, and their places in the folded text."""
        stored = self.stored(tag)
        spots = list(words_of_hashtag(stored))
        for start, end in spots if len(spots) > 1 else ():
            yield fold(stored[start:end]), self.places[tag] + len(fold(stored[:start]))


def joined(title: str, text: str) -> str:
    """Title and text as one, as the stored `folded` column joins them."""
    return f"{title}\n{text}" if title else text


def _same_word(previous: str, gap: str, form: str) -> bool:
    if gap == "'":
        return True
    if gap in (".", ",") and previous[-1:].isdigit() and form[0].isdigit():
        return True
    return previous != "" and is_emoji(form) is not None
