"""Every network's word for a language becomes one code."""

import pytest

from ingest.language_tags import primary


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"), ("EN", "en"), ("en-US", "en"), ("en_GB", "en"), ("zh-Hant-TW", "zh"), ("pt-br", "pt"),
        ("iw", "he"), ("in", "id"), ("eng", "en"), ("deu", "de"), ("nb", "no"), ("fil", "tl"), ("ckb", "ckb"),
        ("und", None), ("zxx", None), ("qme", None), ("qht", None), ("art", None), ("", None), (None, None),
        ("english", None), ("12", None), ("-", None),
    ],
)  # fmt: skip
def test_it_reads_the_primary_language(tag: str | None, code: str | None) -> None:
    assert primary(tag) == code
