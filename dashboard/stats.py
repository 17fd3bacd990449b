"""Stat: one figure as people read it, with its change against the period before and the way to its mentions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from dashboard.reports.narrow import YES, Narrow
from dashboard.reports.overview import Overview
from dashboard.reports.volume import Totals
from dashboard.templatetags.earshot import exact, link, people, percent, points, signed

SAME, UP, DOWN = "same", "up", "down"


@dataclass(frozen=True, slots=True)
class Change:
    """Against the period before: `direction` up, down or same; `tone` good, bad or plain."""

    text: str
    direction: str
    tone: str = "plain"
    before: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """`value` is rounded for people, `title` exact; `url` opens the mentions that it counts."""

    name: str
    label: str
    value: str
    title: str
    url: str
    note: str = ""
    change: Change | None = None
    why_not: str = ""


def stats(view: Overview, narrow: Narrow) -> list[Stat]:
    """The figures on top of the overview."""
    now, why_not = view.totals.now, view.totals.why_not
    slug, period = view.brand.slug, view.period

    def opened(**changes: Any) -> str:
        return link("mentions", slug, period, narrow, **changes)

    complained, addressed = people(now.complaints), people(now.addressed)
    shown = [
        Stat("mentions", "Mentions", people(now.mentions), exact(now.mentions), opened()),
        Stat("net", "Net sentiment", points(now.net), _net_title(now), opened(**_scored(narrow)), _scored_note(now)),
        Stat("complaints", "Complaints", complained, exact(now.complaints), opened(complaint=YES)),
        Stat(
            "addressed", "Addressed to you", percent(now.addressed_share), exact(now.addressed), opened(addressed=YES)
        ),
    ]
    notes = {"complaints": f"{percent(now.complaint_share)} of mentions", "addressed": f"{addressed} mentions"}
    if view.voices:
        shown.append(Stat("voice", "Share of voice", percent(view.voices[0].share), "", opened()))
        notes["voice"] = f"among {len(view.voices)} brands"
    changes = _changes(view)
    return [
        replace(stat, note=stat.note or notes.get(stat.name, ""), change=changes.get(stat.name), why_not=why_not)
        for stat in shown
    ]


def _changes(view: Overview) -> dict[str, Change | None]:
    """The change of each figure, none where the period before can't be compared."""
    now, before = view.totals.now, view.totals.before
    if before is None:
        return {}
    return {
        "mentions": relative(now.mentions, before.mentions),
        "net": _points(now.net, before.net, "good", points),
        "complaints": relative(now.complaints, before.complaints, when_up="bad"),
        "addressed": _points(now.addressed_share, before.addressed_share),
        "voice": _points(view.voices[0].share, view.voices[0].before, "good") if view.voices else None,
    }


def _scored(narrow: Narrow) -> dict[str, list[str]]:
    return {"sentiment": list(dict.fromkeys([*narrow.sentiment, "-unscored"]))}


def _scored_note(now: Totals) -> str:
    return f"{people(now.unscored)} could not be scored" if now.unscored else f"{people(now.scored)} scored"


def _net_title(now: Totals) -> str:
    return (
        f"{exact(now.positive)} positive, {exact(now.neutral)} neutral and {exact(now.negative)} negative mentions; "
        f"{exact(now.unscored)} not scored are left out"
    )


def relative(now: int, before: int, when_up: str = "plain") -> Change:
    """The change of a count in per cent of what it was."""
    if now == before:
        return Change("no change", SAME, before=exact(before))
    direction = UP if now > before else DOWN
    text = f"{signed((now - before) / before * 100)}%" if before else f"+{people(now)}"
    return Change(text, direction, _tone(direction, when_up), exact(before))


def _points(
    now: float | None, before: float | None, when_up: str = "plain", shown: Callable[[float | None], str] = percent
) -> Change | None:
    """The change of a share in points out of a hundred."""
    if now is None or before is None:
        return None
    difference = round((now - before) * 100, 1)
    if not difference:
        return Change("no change", SAME, before=shown(before))
    direction = UP if difference > 0 else DOWN
    return Change(f"{signed(difference, 1)} pts", direction, _tone(direction, when_up), shown(before))


def _tone(direction: str, when_up: str) -> str:
    opposite = {"good": "bad", "bad": "good", "plain": "plain"}
    return when_up if direction == UP else opposite[when_up]
