"""Reddit: search for submissions, comments of named subreddits, and what is said to the brand's account."""

from ingest.sources.reddit.source import Reddit

__all__ = ["Reddit"]
