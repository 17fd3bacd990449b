"""Configuration as code: brands, queries, sources and members from one JSON document, and back into one."""

from ingest.configuration.applying import Change, apply
from ingest.configuration.exporting import export
from ingest.configuration.reading import read
from ingest.configuration.shape import Misconfigured, Spec

__all__ = ["Change", "Misconfigured", "Spec", "apply", "export", "read"]
