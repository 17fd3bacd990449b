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
    "reddit": "ingest.sources.reddit.Reddit",
    "rss": "ingest.sources.rss.Rss",
    "x": "ingest.sources.x.X",
    "youtube": "ingest.sources.youtube.YouTube",
    "file": "ingest.sources.file.File",
    "sample": "ingest.sources.sample.Sample",
}


def that_write(network: str) -> dict[str, type[Source]]:
    """The sources that can send answers on this network, by kind."""
    return {kind: source for kind in CATALOGUE if (source := load(kind)).writes and source.network == network}


def load(kind: str) -> type[Source]:
    """The class of a source. Raises KeyError for a kind that is not in the catalogue."""
    module, _, name = CATALOGUE[kind].rpartition(".")
    source: type[Source] = getattr(import_module(module), name)
    return source
