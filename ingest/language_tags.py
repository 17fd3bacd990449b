"""Language tags: the many spellings of a language become one short code.

Networks send BCP 47 ("en-US", "zh-Hant-TW"), old codes ("iw", "in"), three letters ("eng") and words for "no idea"
("und", "zxx", X's "qme"). Out comes the primary subtag in ISO 639-1 where one exists.
"""

import re
from functools import lru_cache

RENAMED = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "nb": "no", "nn": "no", "sh": "sr", "fil": "tl"}
RENAMED |= {"cmn": "zh", "yue": "zh", "arb": "ar", "prs": "fa", "zsm": "ms", "pes": "fa", "ekk": "et", "lvs": "lv"}
NO_LANGUAGE = frozenset({"und", "zxx", "mul", "mis", "art", "unknown", "none"})
THREE_LETTERS = dict(
    pair.split(":")
    for pair in """
    afr:af alb:sq sqi:sq amh:am ara:ar arm:hy hye:hy aze:az baq:eu eus:eu bel:be ben:bn bos:bs bul:bg bur:my mya:my
    cat:ca chi:zh zho:zh hrv:hr cze:cs ces:cs dan:da dut:nl nld:nl eng:en epo:eo est:et fin:fi fra:fr fre:fr glg:gl
    geo:ka kat:ka ger:de deu:de gre:el ell:el guj:gu hau:ha heb:he hin:hi hun:hu ice:is isl:is ind:id gle:ga ita:it
    jpn:ja jav:jv kan:kn kaz:kk khm:km kor:ko kur:ku kir:ky lao:lo lat:la lav:lv lit:lt ltz:lb mac:mk mkd:mk mlg:mg
    may:ms msa:ms mal:ml mlt:mt mar:mr mon:mn nep:ne nor:no nob:no nno:no ori:or pan:pa per:fa fas:fa pol:pl por:pt
    pus:ps rum:ro ron:ro rus:ru sin:si slo:sk slk:sk slv:sl som:so spa:es swa:sw swe:sv tam:ta tel:te tgl:tl tha:th
    tib:bo bod:bo tur:tr uig:ug ukr:uk urd:ur uzb:uz vie:vi wel:cy cym:cy xho:xh yid:yi yor:yo zul:zu
    """.split()  # noqa: SIM905  a table reads better as text
)

_PRIVATE_USE = re.compile(r"q[a-t][a-z]")
_SUBTAG = re.compile(r"[a-z]{2,3}")


@lru_cache(maxsize=4096)
def primary(tag: str | None) -> str | None:
    """The language of a tag in two letters (three where ISO 639-1 has none); None where the tag names none.

    X marks posts of only handles, links or media with private-use codes (qme, qht, qam, qct, qst).
    """
    if not tag:
        return None
    subtag = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    if subtag in NO_LANGUAGE or _PRIVATE_USE.fullmatch(subtag) or not _SUBTAG.fullmatch(subtag):
        return None
    subtag = THREE_LETTERS.get(subtag, subtag)
    return RENAMED.get(subtag, subtag)
