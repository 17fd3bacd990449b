"""Markup that a list repeats in every row: made here, for a template takes longer. A builtin library, too."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from html import escape

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from dashboard.chart_parts import TableRow
from dashboard.templatetags.earshot import ago, intime, mood_icon
from listening.models import Sentiment

register = template.Library()

UNKNOWN = '<td class="number not-collected" colspan="6">not collected</td>'


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """An icon of the sprite static/icons.svg, for people who see; what it means stands beside it in words."""
    sprite = static("icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.simple_tag
@lru_cache(maxsize=8)
def mood_buttons(mood: str) -> SafeString:
    """A button for each sentiment, the present one pressed; the same for every mention, and so made once."""
    return format_html_join(
        "\n",
        '<button name="sentiment" value="{}"{}>{}{}</button>',
        (
            (value, mark_safe(' aria-pressed="true"') if value == mood else "", icon(mood_icon(value)), label)  # noqa: S308
            for value, label in Sentiment.choices
        ),
    )


@register.simple_tag
@lru_cache(maxsize=512)
def options(choices: tuple[tuple[object, str], ...], chosen: object) -> SafeString:
    """The options of a select; most rows of a list have the same, so they are made once."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, mark_safe(" selected") if value == chosen else "", label) for value, label in choices),  # noqa: S308
    )


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> SafeString:
    """A <time>: how long ago, with the exact time in the viewer's zone as its title."""
    if moment is None:
        return format_html("<span>{}</span>", "never")
    zone = context["frame"].zone if "frame" in context else None
    told = f'<time datetime="{moment.isoformat()}" title="{intime(moment, zone)}">{ago(moment)}</time>'
    return mark_safe(told)  # noqa: S308 (digits and names of months and zones; escaping them costs a third of it)


@register.filter
def bucket_rows(table: Iterable[TableRow]) -> SafeString:
    """The rows of a chart's table; a week has 168 of them, and a template would take longer than all the rest."""
    rows = (f'<tr><th scope="row">{escape(row.name)}</th>{_numbers(row)}</tr>' for row in table)
    return mark_safe("\n".join(rows))  # noqa: S308 (all that is not ours is escaped)


def _numbers(row: TableRow) -> str:
    if not row.numbers:
        return UNKNOWN
    mentions, *others = map(escape, row.numbers)
    cells = "".join(f'<td class="number">{number}</td>' for number in others)
    return f'<td class="number"><a href="{escape(row.url)}">{mentions}</a></td>{cells}'
