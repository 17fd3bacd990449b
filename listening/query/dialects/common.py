"""Common: translations that several tools share."""

import re
from collections.abc import Mapping

from listening.query.dialects.reader import Piece
from listening.query.nodes import FLAGS

Translated = tuple[Piece, str]
_OURS_ONLY = re.compile(r"[{}\[\]~<>]")
_OPERATOR = re.compile(r"(AND|OR|NOT|NEAR(/\d*f?)?)")
_SUFFIX = re.compile(r"(?P<term>.*?)(?P<suffix>[~^][\d.]*)?", re.DOTALL)


def a_term(name: str, text: str) -> Translated:
    """A bare or quoted term; signs that mean something only in our language are put in raw:."""
    found = _SUFFIX.fullmatch(text)
    term, suffix = (found["term"], found["suffix"] or "") if found else (text, "")
    if suffix.startswith("^"):
        return safe(term), "there is no ranking of terms here."
    if suffix and " " not in term.strip('"“”'):
        return safe(term), "~ after a single word is left out; it needs two or more words."
    return safe(term) + suffix, ""


def safe(term: str) -> str:
    """The term so that our parser reads it as a term."""
    if term[:1] in '"“”':
        return '"' + term.strip('"“”') + '"'
    if _OURS_ONLY.search(term):
        return f'raw:"{term}"'
    return f'"{term}"' if _OPERATOR.fullmatch(term) or term[:1] in "-+!|&" else term


def renamed(name: str, value: str, names: Mapping[str, str], tool: str) -> Translated:
    """`name:value` under our name for it, or lost."""
    ours = names.get(name.lower())
    if ours is None:
        return None, f"{tool}'s {name}: has no counterpart here."
    if not value:
        return None, "the value is missing."
    if ours in FLAGS:
        return f"{ours}:{value.lower()}", ""
    return f"{ours}:{quoted(value)}", ""


def quoted(value: str) -> str:
    """A field's value, quoted unless it is a range or a plain word."""
    plain = value.strip('"“”')
    return value if value.startswith("[") else plain if re.fullmatch(r"[\w.@*-]+", plain) else f'"{plain}"'


def at_least(name: str, value: str) -> Translated:
    """>500, <100, 500, 500..1000 as a range."""
    found = re.fullmatch(r"(?P<sign>[<>]=?)?(?P<low>\d+)(\.\.(?P<high>\d+))?", value.replace(":", ""))
    if not found:
        return None, "this range cannot be read."
    low, high = int(found["low"]), found["high"] or "*"
    match found["sign"]:
        case ">":
            return f"{name}:[{low + 1} TO *]", ""
        case "<":
            return f"{name}:[* TO {low - 1}]" if low else None, "" if low else "no number is below 0."
        case "<=":
            return f"{name}:[* TO {low}]", ""
    return f"{name}:[{low} TO {high}]", ""
