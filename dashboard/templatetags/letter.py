"""What mails need beside the page filters: {% load letter %}."""

from django import template

register = template.Library()


@register.filter
def minus(number: float | None, other: float | None) -> float | None:
    """The difference; None where one of the two is not known."""
    return None if number is None or other is None else number - other
