"""What mails need beside the page filters: {% load letter %}."""

from typing import Any

from django import template
from django.conf import settings

from dashboard.templatetags.earshot import link

register = template.Library()


@register.filter
def minus(number: float | None, other: float | None) -> float | None:
    """The difference; None where one of the two is not known."""
    return None if number is None or other is None else number - other


@register.simple_tag
def address(name: str, slug: str, *parts: Any, **changes: Any) -> str:
    """As `link`, from outside: with the address of this installation."""
    return settings.PUBLIC_URL + link(name, slug, *parts, **changes)
