"""Postgres: a condition on the column `folded` (`fold(title + newline + text)`) under a trigram index.

Every literal is a piece of the folded text: words of a phrase are asked for one by one, because signs, line breaks or
a hashtag may join them.
"""

from listening.query.coarse.tree import ALL, Coarser, Every, Everything, Has, Nothing, Some, every, weaken
from listening.query.fold import fold
from listening.query.grammar import Query
from listening.query.nodes import Node, Term
from listening.query.pattern import Unit, compiled


def coarse(query: Query) -> Coarser:
    """The tree of literals that `folded` of every matching mention holds."""
    return weaken(query.root, _leaf)


def _leaf(node: Node) -> Coarser:
    return _term(node) if isinstance(node, Term) else ALL


def _term(term: Term) -> Coarser:
    pattern = compiled(term)
    if pattern.raw:
        text = fold(pattern.raw)
        return Has(text) if text else ALL
    return every(Has(piece) for piece in _pieces(pattern.units))


def _pieces(units: tuple[Unit, ...]) -> list[str]:
    """The literals of a term; what has to touch is one piece, so that a script without spaces gets long ones."""
    pieces = [""]
    for unit in units:
        if unit.glue != "" or unit.single:
            pieces.append("")
        if unit.single:
            continue
        pieces[-1] += unit.prefix
        if unit.wild:
            pieces += [*(part for part in _literal_parts(unit.form)[1:] if part), ""]
    return [piece for piece in pieces if piece]


def _literal_parts(form: str) -> list[str]:
    return form.replace("*", "?").split("?")


def to_sql(tree: Coarser, column: str = "folded") -> tuple[str, list[str]]:
    """The tree as an SQL condition with %s parameters. `column` is trusted SQL, never a person's word.

    No condition is "TRUE", an impossible one "FALSE".
    """
    match tree:
        case Has(text):
            return f"{column} LIKE %s", [f"%{_escaped(text)}%"]
        case Every(parts) | Some(parts):
            sides = [to_sql(part, column) for part in parts]
            word = " AND " if isinstance(tree, Every) else " OR "
            return f"({word.join(sql for sql, _ in sides)})", [value for _, values in sides for value in values]
        case Nothing():
            return "FALSE", []
        case Everything():
            return "TRUE", []


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
