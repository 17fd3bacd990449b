"""Asks: whether a post asks something or asks for something, or neither."""

from collections.abc import Sequence
from functools import cache
from typing import Literal

from ingest.enrich.phrases import HANDLE, LINK, Phrases

VERSION = "asks-1"
Asks = Literal["question", "request", ""]

_QUESTIONS = frozenset(
    [
        "who",
        "what",
        "when",
        "where",
        "why",
        "which",
        "how",
        "is",
        "are",
        "am",
        "do",
        "does",
        "did",
        "can",
        "could",
        "will",
        "would",
        "should",
        "has",
        "have",
        "any",
        "anyone",
        "anybody",
        "whats",
        "what's",
        "where's",
        "wheres",
        "who's",
        "how's",
        "when's",
        "isn't",
        "aren't",
        "don't",
        "doesn't",
        "didn't",
        "can't",
        "won't",
        "was",
        "were",
        "may",
    ]
)  # noqa: E501
_REQUESTS = """
(please|pls|plz|kindly) *; (can|could|will|would) (you|u|someone|somebody|anyone|anybody) *; help (me|us|please|pls|plz|needed)
(need|needs|want|demand|require|expect) (a|an|my|your|some|this|it|to|the|help|assistance) (refund|replacement|reply|response|answer|help|explanation|apology|credit|callback|call|compensation|new|be|speak|talk|cancel|return|change|exchange|know|get|resolved|fixed|sorted)
(need|needs|want) (help|assistance|answers|support); i (need|want) to (know|speak|talk|cancel|return|change|get|exchange|book|contact)
(fix|sort|resolve|solve|explain|refund|replace|cancel|answer|check|send|call|contact|dm|reply|respond|stop|return|give|tell|let) (me|my|us|it|this|your|that|the|to) *; get back to (me|us); give (me|us) (my|a|an|our|back); let (me|us) know; look into (this|it|my|that); (any|anyone) (update|updates|news|help|advice|idea|ideas|eta); sort it out; do something; asap; urgent~; call me; refund me; answer me; respond to (me|my|us)
"""  # noqa: E501


def asks(spelled: Sequence[str]) -> Asks:
    """ "request" where the author wants something done, else "question" where the author wants to know something.

    Wins by what the words say, not by the sign: "can you fix this?" is a request. A question needs a sign or a
    question word that opens the post.
    """
    if next(_requests().find(spelled), None):
        return "request"
    if "?" in spelled:
        return "question"
    opening = next((word for word in spelled if word not in (HANDLE, LINK)), "")
    return "question" if opening in _QUESTIONS and len(spelled) > 3 and "!" not in spelled else ""


@cache
def _requests() -> Phrases:
    patterns = (one.strip() for one in _REQUESTS.replace(";", "\n").splitlines())
    return Phrases(("request", pattern) for pattern in patterns if pattern)
