"""Effect words: what a comparison found, as sentences for people; pages, mails and the public page say the same."""

from datetime import tzinfo

from dashboard.reports.before_after import Comparison
from dashboard.reports.effects import Effect, Window

MANY = 3.0  # from so many times as often, "times" reads better than per cent
CAUTION = (
    "This compares, it does not prove: other things happen in the same days, and a theme that was taken up at its "
    "worst often calms down by itself."
)


def in_a_sentence(window: Window, zone: tzinfo) -> str:
    """ "Complaints about it fell by 34% (19 to 47%).", or why there is nothing to say yet."""
    if window.early:
        day = window.known.astimezone(zone)
        return f"Too early: {window.passed} of {window.days} days. It will be known on {day:%-d %B %Y}."
    return told(window.effect) if window.effect else window.why_not


def told(effect: Effect) -> str:
    """The theme's complaints, or its mentions where nobody complained before."""
    if effect.complaints:
        return f"{changed('Complaints about it', effect.complaints)}."
    if effect.mentions:
        return f"Nobody complained about it before. {changed('Mentions of it', effect.mentions)}."
    return "Nobody spoke of it before, so there is nothing to compare with."


def mentions_told(effect: Effect) -> str:
    """All mentions of the theme beside its complaints; "" where they are what was compared."""
    return f"{changed('Mentions of it', effect.mentions)}." if effect.complaints and effect.mentions else ""


def others_told(effect: Effect) -> str:
    """The control: what all other complaints did in the same time; "" where there were none."""
    if effect.others is None:
        return ""
    said = f"{changed('All other complaints', effect.others)} in the same time."
    if effect.complaints and _no_more_than(effect.complaints, effect.others):
        said += " Something that moved all complaints may have moved these too."
    return said


def changed(what: str, found: Comparison) -> str:
    """ "What fell by 34% (19 to 47%)" or "No measurable change in what (between 12% fewer and 9% more)"."""
    if found.verdict == "fell":
        by = f"by {_fewer(found.ratio)} ({_fewer(found.high).rstrip('%')} to {_fewer(found.low)})"
        return f"{what} fell {by}" if found.after else f"{what} fell to none (by at least {_fewer(found.high)})"
    if found.verdict == "rose":
        return f"{what} rose {_rise(found)}"
    what = what[0].lower() + what[1:]
    return f"No measurable change in {what} (between {_either(found.low)} and {_either(found.high)})"


def _rise(found: Comparison) -> str:
    if found.high < MANY:
        return f"by {_more(found.ratio)} ({_more(found.low).rstrip('%')} to {_more(found.high)})"
    return f"to {_times(found.ratio)} times as many ({_times(found.low)} to {_times(found.high)} times)"


def _no_more_than(one: Comparison, others: Comparison) -> bool:
    """Whether both went the same way and their intervals overlap."""
    return one.verdict == others.verdict != "same" and one.low <= others.high and others.low <= one.high


def _either(ratio: float) -> str:
    if ratio >= MANY:
        return f"{_times(ratio)} times as many"
    return f"{_more(ratio)} more" if ratio >= 1 else f"{_fewer(ratio)} fewer"


def _fewer(ratio: float) -> str:
    return f"{_whole((1 - ratio) * 100)}%"


def _more(ratio: float) -> str:
    return f"{_whole((ratio - 1) * 100)}%"


def _times(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:,.0f}"


def _whole(value: float) -> str:
    """Whole per cents; what is not quite all or nothing does not read as such."""
    if 0 < value < 0.5:
        return "less than 1"
    return f"{min(99.0, value) if value < 100 else value:.0f}"
