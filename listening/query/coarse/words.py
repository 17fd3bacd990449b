"""Words: the whole words of a term, as networks that split texts at punctuation look for them."""

import re

from listening.query.fold import ACCENTED
from listening.query.nodes import Term
from listening.query.script import SPACED, UNSPACED

_LETTER = re.compile(f"{SPACED}|{UNSPACED}")
_WORD = re.compile(f"(?:{SPACED})+|(?:{UNSPACED})+")


def whole_words(term: Term) -> list[str] | None:
    """The words, in small letters, that any match of the term holds one after the other; None where there are none.

    Words with wildcards are left out, and so is what follows the first of them. In scripts without spaces what touches
    is one word; networks cut those by their own dictionaries (see `notes.unsure`).
    """
    text = ACCENTED.of(term.text)
    if term.kind == "raw":
        return _WORD.findall(text) or None
    if "*" in text or "?" in text:
        text = _before_wildcard(text)
    return _WORD.findall(text) or None


def _before_wildcard(text: str) -> str:
    """Everything before the first word that holds a wildcard."""
    start = re.search(r"[*?]", text).start()  # type: ignore[union-attr]
    while start and _LETTER.match(text[start - 1]):
        start -= 1
    return text[:start]


def is_tag(word: str) -> bool:
    """Whether a network takes this for a hashtag: letters, digits and _, not only digits."""
    return re.fullmatch(r"\w+", word) is not None and not word.isdigit()
