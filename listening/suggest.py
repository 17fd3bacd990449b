"""Suggest: a first query made from a brand's name."""

import re

SHORT = 3


def suggest(name: str) -> str:
    """ "Acme Motors" -> '"Acme Motors"'; "BT" -> "{BT}"; "C++" -> 'raw:"C++"'; "" -> "".

    Names of up to three letters only count in exactly this case, because in any case they are words or parts of jokes.
    """
    plain = " ".join(re.sub(r'["“”{}]', " ", name).split())
    if not plain:
        return ""
    if re.search(r"[^\w\s'’.-]", plain) or not re.search(r"\w", plain):
        return f'raw:"{plain}"'
    if len(plain) <= SHORT and plain.isascii():
        return "{" + plain + "}"
    return f'"{plain}"'
