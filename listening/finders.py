"""Serve the scripts that installed packages bring (plotly.js), never a copy and never a CDN."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import plotly
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

PLOTLY = Path(plotly.__file__).parent / "package_data"
SCRIPTS = {"plotly/plotly.min.js": PLOTLY / "plotly.min.js"}


class PackagedStorage(FileSystemStorage):
    """Maps the name under /static/ to the file inside the package."""

    def path(self, name: str) -> str:
        return str(SCRIPTS[name])


class PackagedScripts(BaseFinder):
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(SCRIPTS[path])] if path in SCRIPTS else []
        return found if find_all else (found[0] if found else None)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        storage: Storage = PackagedStorage(location=str(PLOTLY))
        return ((name, storage) for name in SCRIPTS)

    def check(self, **kwargs: Any) -> Any:
        return []
