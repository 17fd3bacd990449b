"""HTML to text: what a reader would have seen, as plain lines.

nh3 (html5ever) repairs the markup first; what it answers is well-formed and holds only the few tags named here, so one
regular expression reads it.
"""

import html
import re
from collections.abc import Iterator

import nh3

LINE_TAGS = frozenset(
    """
    address article blockquote dd div dl dt figure figcaption footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre
    section table tr ul
    """.split()  # noqa: SIM905  a table reads better as text
)
PARAGRAPH_TAGS = frozenset(("p", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6"))
DROPPED = {"script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg", "math", "select"}
MOST_TAGS = 8_000
EMOJI_CLASSES = frozenset(("emoji", "emojione", "custom-emoji"))
HIDDEN_CLASSES = frozenset(("invisible", "quote-inline"))

_TAGS = LINE_TAGS | {"br", "span", "a", "img", "td", "th"}
_ATTRIBUTES = {"*": {"class"}, "img": {"alt"}}
_TAG = re.compile(r'<(/?)([a-z0-9]+)((?:\s+[a-z-]+="[^"]*")*)\s*/?>')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_SPACES = re.compile(r"\s+")
_VOID = frozenset(("br", "img", "hr"))


def to_text(markup: str) -> str:
    """Plain text with newlines for paragraphs and breaks, entities unescaped exactly once.

    Links keep their text. Mastodon shortens long addresses with `invisible` and `ellipsis` spans: inside a link the
    whole address is kept; elsewhere `invisible` hides text from readers, so it is dropped (nobody may be found by
    words that nobody sees). Custom emoji keep their `:name:`.
    """
    markup, rest = _first_tags(markup)
    tidy = nh3.clean(markup, tags=set(_TAGS), attributes=_ATTRIBUTES, clean_content_tags=DROPPED, link_rel=None)
    return "".join(_pieces(tidy)) + rest


def _first_tags(markup: str) -> tuple[str, str]:
    """The markup up to its 8,000th tag, and a mark if more was there: html5ever needs quadratic time for deep nests."""
    if markup.count("<") <= MOST_TAGS:
        return markup, ""
    return "<".join(markup.split("<", MOST_TAGS)[:-1]), " […]"


def _pieces(tidy: str) -> Iterator[str]:
    position, preformatted, hidden, links = 0, 0, 0, 0
    for tag in _TAG.finditer(tidy):
        if not hidden:
            yield _text(tidy[position : tag.start()], preformatted > 0)
        position = tag.end()
        closing, name = bool(tag[1]), tag[2]
        attributes = {} if closing else dict(_ATTRIBUTE.findall(tag[3]))
        if hidden:
            hidden += 0 if name in _VOID else (-1 if closing else 1)
            continue
        if not closing and not links and not HIDDEN_CLASSES.isdisjoint(attributes.get("class", "").split()):
            hidden = 1
            continue
        links += (name == "a") * (-1 if closing else 1)
        preformatted += (name == "pre") * (-1 if closing else 1)
        yield _sign(name, closing, attributes)
    if not hidden:
        yield _text(tidy[position:], False)


def _text(piece: str, preformatted: bool) -> str:
    return html.unescape(piece if preformatted else _SPACES.sub(" ", piece))


def _sign(name: str, closing: bool, attributes: dict[str, str]) -> str:
    """What a tag leaves behind in the text."""
    if name == "br":
        return "\n"
    if name == "img":
        return html.unescape(attributes.get("alt", "")) if _is_emoji(attributes) else ""
    if name == "li":
        return "" if closing else "\n- "
    if name in ("td", "th"):
        return " "
    if name in PARAGRAPH_TAGS:
        return "\n\n"
    return "\n" if name in LINE_TAGS else ""


def _is_emoji(attributes: dict[str, str]) -> bool:
    return not EMOJI_CLASSES.isdisjoint(attributes.get("class", "").split())
