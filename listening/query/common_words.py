"""Common words: what nearly every day's posts hold, so that a query of such a word alone drowns.

The list is ordered by frequency: counted in the tweets and reviews that come with VADER (Hutto and Gilbert 2014, MIT
licence), words in small letters only, followed by ordinary nouns that companies like to take as names.
"""

from pathlib import Path

COMMON: dict[str, int] = {
    word: rank
    for rank, word in enumerate(Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").split())
}
