"""X: recent search and the mentions of a brand's own accounts."""

from ingest.sources.x.source import X

__all__ = ["X"]
