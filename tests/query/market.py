"""Market: hypothesis strategies for queries and for the texts that they are about."""

from hypothesis import strategies as st

WORDS = ["acme", "Fail", "BT", "café", "cafe", "straße", "don't", "service", "天幕", "ai", "ac_me", "x1"]
TEXT_PARTS = [
    *WORDS, "ACME", "acmefail", "#AcmeFail", "#acme_fail", "@acme", "@acme_help", "#BT", "STRASSE", "don’t", "training",
    "待って天幕の", "#天幕の", "😡", "AT&T", "C++", "failing", "Fails", "cafe\u0301", "services", "a", "b", "ｆａｉｌ",
    "ac\u00adme", "1,000", "3.5", "e-mail", "a@b.c", "https://acme.com/x?y=1", "bt", "#iPhone15", "👍🏽", "#Fail天",
]  # fmt: skip
SEPARATORS = [" ", " ", " ", "  ", ", ", ". ", "-", "\n", "", "'", "…", "#", "@", "\u200d"]

texts = st.lists(st.tuples(st.sampled_from(TEXT_PARTS), st.sampled_from(SEPARATORS)), max_size=14).map(
    lambda parts: "".join(word + separator for word, separator in parts)
)

_plain = st.sampled_from(WORDS)
_wild = st.sampled_from(["fail*", "fa?l", "ac*e", "serv*s", "caf??", "天幕*", "#acme*", "st*ss*"])
_quoted = st.lists(st.sampled_from([*WORDS, "fail*"]), min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
_case = st.sampled_from(["{BT}", "{Fail}", "{Acme}", "{Acme Fail}"])
_raw = st.sampled_from(['raw:"C++"', 'raw:"AT&T"', 'raw:"café"', 'raw:"#"', "raw:acme", 'raw:"天幕"', 'raw:"l e"'])
_signs = st.sampled_from(["#acme", "#AcmeFail", "@acme", "#天幕の", "@acme_help", "😡", "#fail", "#bt"])
terms = st.one_of(_plain, _plain, _wild, _quoted, _case, _raw, _signs)

_ors = st.lists(terms, min_size=2, max_size=3).map(lambda parts: f"({' OR '.join(parts)})")
_operands = st.one_of(terms, _ors)
_distances = st.integers(0, 6)
near = st.builds(
    lambda a, b, n, f: f"{a} NEAR/{n}{f} {b}", _operands, _operands, _distances, st.sampled_from(["", "f"])
)
_nested = st.builds(
    lambda a, b, n, f: f"({a}) NEAR/{n}{f} {b}", near, _operands, _distances, st.sampled_from(["", "f"])
)
_group = st.builds(lambda parts, n: f"({' '.join(parts)})~{n}", st.lists(_operands, min_size=2, max_size=4), _distances)
_fields = st.sampled_from(
    ["lang:en", "lang:(en OR de)", "is:reply", "has:question", "followers:[5 TO *]", "title:acme"]
)
_leaves = st.one_of(terms, terms, near, _nested, _group, _fields)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bracketed = inner.map(lambda text: f"({text})")
    sides = st.lists(st.tuples(st.sampled_from(["", "", "NOT "]), bracketed), min_size=1, max_size=3)
    return st.builds(
        lambda first, rest, join: f" {join} ".join([first, *(sign + side for sign, side in rest)]),
        bracketed,
        sides,
        st.sampled_from(["AND", "OR"]),
    )


queries = st.recursive(_leaves, _joined, max_leaves=6)
