"""A brand, a scripted network, folders of this test's own, and an ear on everything that goes through Valkey."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.people.everywhere import Ear
from tests.pipeline.conftest import brand, network, source

__all__ = ["brand", "ear", "folders", "network", "source"]


@pytest.fixture
def folders(settings: Any, tmp_path: Path) -> Path:
    """Uploads and mails of this test; mails are written to files."""
    settings.MEDIA_ROOT, settings.EMAIL_FILE_PATH = tmp_path / "uploads", tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return tmp_path


@pytest.fixture
def ear(valkey: "redis.Redis", caplog: pytest.LogCaptureFixture, folders: Path) -> Iterator[Ear]:
    caplog.set_level(0)
    ear = Ear(valkey, caplog, folders)
    yield ear
    ear.close()
