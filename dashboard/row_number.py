"""Row number: the row that an address or a form names."""


def number_in(text: str) -> int:
    """The number; 0, which no row has, where the text is none that a table could hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
