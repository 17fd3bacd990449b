"""Write: a tree as query text; reading it again gives the same tree."""

from listening.query.nodes import And, Field, Flag, Near, Node, Not, Or, Range, Term, Title, Within


def write(node: Node) -> str:
    """The text of a tree, with brackets wherever a reader could doubt."""
    match node:
        case And(children):
            return " AND ".join(map(_operand, children))
        case Or(children):
            return " OR ".join(map(_operand, children))
        case Not(child):
            return f"NOT {_operand(child)}"
        case Near(left, right, distance, ordered):
            return f"{_operand(left)} NEAR/{distance}{'f' if ordered else ''} {_operand(right)}"
        case Within(items, distance):
            return f"({' AND '.join(map(_operand, items))})~{distance}"
        case Title(child):
            return f"title:{_operand(child)}"
    return _leaf(node)


def _operand(node: Node) -> str:
    text = write(node)
    return f"({text})" if isinstance(node, And | Or | Near | Not) else text


def _leaf(node: Node) -> str:
    match node:
        case Term():
            return _term(node)
        case Field(name, values):
            quoted = [f'"{value}"' for value in values]
            return f"{name}:{quoted[0]}" if len(quoted) == 1 else f"{name}:({' OR '.join(quoted)})"
        case Range(name, low, high):
            return f"{name}:[{_bound(low)} TO {_bound(high)}]"
        case Flag(group, name):
            return f"{group}:{name}"
    raise TypeError(f"{type(node).__name__} cannot be written")


def _term(term: Term) -> str:
    match term.kind:
        case "case":
            return f"{{{term.text}}}"
        case "raw":
            return f'raw:"{term.text}"' if '"' not in term.text else f"raw:{term.text}"
        case "hashtag":
            return f"#{term.text}"
        case "handle":
            return f"@{term.text}"
        case "phrase":
            return f'"{term.text}"'
    return term.text


def _bound(bound: float | None) -> str:
    return "*" if bound is None else f"{bound:f}".rstrip("0").rstrip(".")
