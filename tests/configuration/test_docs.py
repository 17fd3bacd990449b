"""The example in the docs works as it stands."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.configuration import apply, read
from ingest.configuration.reading import BRAND
from ingest.configuration.reading_cases import CASES, RULE
from ingest.configuration.reading_line import READERS as LINE
from ingest.configuration.reading_sources import MADE_ELSEWHERE, SOURCE
from ingest.configuration.reading_webhooks import WEBHOOK
from ingest.sources import CATALOGUE
from listening.webhooks.signing import new_secret

DOCS = (Path(__file__).resolve().parents[2] / "docs/configuring.md").read_text()


@pytest.mark.django_db
def test_the_example_can_be_applied() -> None:
    block = re.search(r"```json\n(.*?)```", DOCS, re.DOTALL)
    assert block
    spec = read(json.loads(block[1]), {"X_BEARER_TOKEN": "token", "DESK_WEBHOOK_SECRET": new_secret()})
    assert len(apply(spec, datetime.now(UTC))) > 5


def test_the_docs_name_every_key() -> None:
    keys = set(re.findall(r"^\| `([a-z_]+)` \|", DOCS, re.MULTILINE))
    assert keys == {*BRAND, *CASES, *RULE, "name", *LINE, *WEBHOOK, *SOURCE}
    assert all(f"`{kind}`" in DOCS for kind in CATALOGUE if kind not in MADE_ELSEWHERE)
