"""Hacker News: stories and comments that a query names, without an account."""

from ingest.sources.hackernews.source import HackerNews

__all__ = ["HackerNews"]
