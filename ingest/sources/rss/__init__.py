"""Feeds: RSS, Atom, RDF and JSON feeds, Google Alerts among them."""

from ingest.sources.rss.source import Rss

__all__ = ["Rss"]
