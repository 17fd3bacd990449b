"""Words: the phrases of one to three words that a post says, in the folded form in which posts are compared.

The brand's names, handles and links are masked; a phrase neither begins nor ends with a stop word of the post's
language (or of English), holds no digits, does not cross a sign, and says nothing of health, politics, religion or sex
life. Scripts that put no spaces between words give no phrases.
"""

import re
from functools import cache
from pathlib import Path

from ingest.enrich.masking import Names, compile_names, mask
from listening.query import fold
from listening.query.script import is_unspaced
from listening.sensitive import is_sensitive

LONGEST = 2000
"""Characters of a post that are read: what it is about stands there."""
SHORTEST_WORD = 3
BREAK = "|"
_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|[^\w\s'#-]|\d+")
_STAND_IN = "brand"  # what masking writes for a name


def phrases(folded: str, language: str = "en", names: Names = None) -> list[str]:
    """The phrases of a folded text, each once, in the order in which they stand there."""
    tokens = _TOKEN.findall(mask(folded[:LONGEST], names))
    stop = stop_words(language)
    kinds = [_kind(token, stop) for token in tokens]
    found: dict[str, None] = {}
    for i, kind in enumerate(kinds):
        if kind != "word":
            continue
        for length in (1, 2, 3):
            inside = kinds[i : i + length]
            if len(inside) < length or BREAK in inside:
                break
            if inside[-1] == "word":
                found[" ".join(tokens[i : i + length])] = None
    return [phrase for phrase in found if not any(map(is_sensitive, phrase.split()))]


def masked_names(names: list[str]) -> Names:
    """A matcher for names and handles in folded texts, also written without spaces, as in hashtags."""
    folded = [fold(name) for name in names if name.strip()]
    return compile_names(frozenset([*folded, *(name.replace(" ", "") for name in folded)]))


def _kind(token: str, stop: frozenset[str]) -> str:
    if not token[0].isalpha() or token == _STAND_IN or is_unspaced(token):
        return BREAK
    return "stop" if token in stop or len(token) < SHORTEST_WORD else "word"


@cache
def stop_words(language: str) -> frozenset[str]:
    """Of the language and of English, which is everywhere; of all languages where it is unknown."""
    lists = _lists("stop_words.txt")
    if language == "unknown":
        return frozenset().union(*lists.values())
    return lists["en"] | lists.get(language, frozenset())


def _lists(name: str) -> dict[str, frozenset[str]]:
    """ "key: words" per line, several lines of one key add up; lines with # are notes."""
    found: dict[str, set[str]] = {}
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        key, _, words = line.partition(":")
        if words and not line.startswith("#"):
            found.setdefault(key, set()).update(fold(words).split())
    return {key: frozenset(words) for key, words in found.items()}
