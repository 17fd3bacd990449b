"""The figures about answering as people read them, each with the way to its cases."""

from datetime import timedelta

from dashboard.reports.answering import Figures, Span
from dashboard.reports.period import Period
from dashboard.stats import Stat
from dashboard.templatetags.earshot import NOTHING, exact, link, percent
from listening.models import Brand
from listening.quality.intervals import Share

LABELS = {
    "opened": "Cases opened",
    "answered": "Answered",
    "left_alone": "Left alone on purpose",
    "promised": "With a due time that has come",
    "in_time": "Answered in time",
    "closed": "Done",
    "answered_complaints": "Answered complaints",
    "recovered": "Recovered",
    "better": "Wrote again, better",
    "same": "Wrote again, the same",
    "worse": "Wrote again, worse",
    "silent": "Silent",
    "unclear": "Can't be told",
}


def stats(brand: Brand, period: Period, view: Figures) -> list[Stat]:
    def opened(name: str) -> str:
        return link("case_figures", brand.slug, period, show=name) + "#cases"

    def of_cases(name: str, share: Share, of: str) -> Stat:
        note = f"{exact(share.hits)} of {exact(share.n)} {of}" if share.n else "none yet"
        return Stat(name, LABELS[name], percent(share.value), "", opened(name), note)

    return [
        Stat("opened", LABELS["opened"], exact(view.opened), "", opened("opened")),
        of_cases("answered", view.answered, "cases"),
        of_cases("left_alone", view.left_alone, "cases"),
        Stat("reply", "First reply, median", hours(view.reply.median), "", opened("answered"), _reply_note(view)),
        of_cases("in_time", view.in_time, "that were due"),
        Stat(
            "to_close", "Time to close, median", hours(view.to_close.median), "", opened("closed"), _note(view.to_close)
        ),
    ]


def hours(length: timedelta | None) -> str:
    """ "3.2 h"; "27 h"; below an hour in minutes; None -> a dash."""
    if length is None:
        return NOTHING
    minutes = length.total_seconds() / 60
    if minutes < 60:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.1f} h" if minutes < 600 else f"{minutes / 60:,.0f} h"


def _note(span: Span) -> str:
    return f"nine of ten within {hours(span.p90)}; {exact(span.n)} cases" if span.n else "none yet"


def _reply_note(view: Figures) -> str:
    business = view.reply_business
    if not view.reply.n or business is None:
        return _note(view.reply)
    return f"{_note(view.reply)}. In business hours {hours(business.median)}, nine of ten {hours(business.p90)}"
