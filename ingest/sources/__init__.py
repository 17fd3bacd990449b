"""The catalogue of sources: one line each.

Modules are named by string and loaded on first use, because the client libraries behind them are large and the
dashboard's pages need the catalogue, not the clients.
"""

from importlib import import_module

from ingest.sources.base import Source

CATALOGUE: dict[str, str] = {
    "bluesky": "ingest.sources.bluesky.Bluesky",
    "mastodon": "ingest.sources.mastodon.Mastodon",
    "hackernews": "ingest.sources.hackernews.HackerNews",
    "rss": "ingest.sources.rss.Rss",
    "x": "ingest.sources.x.X",
    "youtube": "ingest.sources.youtube.YouTube",
    "file": "ingest.sources.file.File",
    "sample": "ingest.sources.sample.Sample",
}


def text_limits() -> dict[str, int]:
    """By network, how many days its terms let a text be kept, where they say so (`Policy.text_days`)."""
    found: dict[str, int] = {}
    for kind in CATALOGUE:
        source = load(kind)
        if (days := source.policy.text_days) is not None:
            found[source.network] = min(days, found.get(source.network, days))
    return found


def load(kind: str) -> type[Source]:
    """The class of a source. Raises KeyError for a kind that is not in the catalogue."""
    module, _, name = CATALOGUE[kind].rpartition(".")
    source: type[Source] = getattr(import_module(module), name)
    return source
