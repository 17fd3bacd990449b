"""Which encoding a file is in, said aloud where it had to be guessed."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TextIO

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "cp1252"
NOT_UTF8 = (
    "The file is not UTF-8, so it is read as Windows-1252 (Western European). If letters look wrong, save it as UTF-8 "
    "and import it again."
)


def detect(head: bytes) -> tuple[str, str | None]:
    """The encoding of a file that starts with `head`, and a sentence where it is a guess."""
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding, None
    if wide := _utf16_without_bom(head):
        return wide, "The file looks like UTF-16 without its usual mark and is read as such."
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a character may be cut at the end of the head
    except UnicodeDecodeError:
        return FALLBACK, NOT_UTF8
    return "utf-8", None


@contextmanager
def as_text(stream: BinaryIO, encoding: str, newline: str) -> Iterator[TextIO]:
    """The stream as text; it stays open. Bytes that do not fit are kept for `repaired` where that is possible."""
    lenient = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    text = io.TextIOWrapper(stream, encoding=encoding, errors=lenient, newline=newline)
    try:
        yield text
    finally:
        text.detach()


def repaired(text: str) -> str:
    """Text whose bytes were not UTF-8 after all, row by row: many exports mix encodings."""
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode(FALLBACK, "replace") if _escaped(text) else text


def _escaped(text: str) -> bool:
    """Whether all lone surrogates are escaped bytes; JSON brings others, which cleaning removes."""
    return all(not 0xD800 <= ord(one) <= 0xDFFF or 0xDC80 <= ord(one) <= 0xDCFF for one in text)


def _utf16_without_bom(head: bytes) -> str | None:
    """Latin text in UTF-16 has a NUL in every other byte."""
    sample = head[:4096]
    half = len(sample) // 2
    if half < 2:
        return None
    if sample[1::2].count(0) > half * 0.4 and sample[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.4 and sample[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None
