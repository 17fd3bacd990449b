"""Configuration as code: brands with what belongs to them, and sources, from one JSON document and back."""

from ingest.configuration.applying import apply
from ingest.configuration.change import Change
from ingest.configuration.exporting import export
from ingest.configuration.reading import read
from ingest.configuration.shape import Misconfigured, Spec

__all__ = ["Change", "Misconfigured", "Spec", "apply", "export", "read"]
