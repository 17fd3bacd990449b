"""YouTube: comments on the brand's channels and on videos that were found or named."""

from ingest.sources.youtube.source import YouTube

__all__ = ["YouTube"]
