"""Mastodon: hashtags, mentions of the brand's account and, where allowed, search."""

from ingest.sources.mastodon.source import Mastodon

__all__ = ["Mastodon"]
