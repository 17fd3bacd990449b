"""Measures as people read them: never a share without how many it is made of."""

from django import template

from dashboard.templatetags.earshot import NOTHING, signed
from listening.quality.intervals import Share

register = template.Library()

TOO_FEW = "too few to say"


@register.filter
def measured(share: Share) -> str:
    """ "71%"; "too few to say" below twenty; "–" where there is nothing."""
    if not share.n:
        return NOTHING
    return TOO_FEW if share.too_few else whole(share.value)


@register.filter
def between(share: Share) -> str:
    """The 95 % interval: "64–77%"."""
    if share.low is None or share.high is None:
        return ""
    return f"{share.low * 100:.0f}–{share.high * 100:.0f}%"


@register.filter
def whole(share: float | None) -> str:
    """0.714 -> "71%"; None -> "–"."""
    return NOTHING if share is None else f"{share * 100:.0f}%"


@register.filter
def two(number: float | None) -> str:
    """0.0456 -> "0.05"; None -> "–"."""
    return NOTHING if number is None else f"{number:.2f}"


@register.filter
def in_points(share: float) -> str:
    """0.034 -> "+3"; -0.01 -> "−1"."""
    return signed(share * 100)
