"""Markdown: words that a person wrote, so that Reddit shows them as they were written."""

import re

_LINE_SIGNS = re.compile(r"^(\s*)([#>+-]|\d+(?=[.)]\s))", re.M)
_SIGNS = re.compile(r"[\\`*_~^|\[\]]")
_KEPT = re.compile(r"(https?://\S+|(?<![\w/])/?[ur]/[\w-]+)")
"""Links, people and subreddits, which Reddit finds by itself."""


def as_markdown(text: str) -> str:
    """With a backslash before what would be markup, and a line's end where one was."""
    parts = _KEPT.split(text.replace("\r\n", "\n").strip())
    plain = "".join(part if number % 2 else _SIGNS.sub(r"\\\g<0>", part) for number, part in enumerate(parts))
    escaped = _LINE_SIGNS.sub(_quoted, plain)
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", escaped)


def _quoted(found: "re.Match[str]") -> str:
    """A number is kept and its dot is quoted; any other sign gets the backslash before it."""
    return f"{found[1]}{found[2]}\\" if found[2].isdigit() else f"{found[1]}\\{found[2]}"
