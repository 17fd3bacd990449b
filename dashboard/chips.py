"""Chips: what a page is filtered by, each a link that takes it away; and the choices of the filter menu."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from dashboard.reports.narrow import DIMENSIONS, UNGROUPED, YES, Narrow
from dashboard.reports.period import Period
from dashboard.templatetags.earshot import language, link, mood_name, network
from listening.models import Brand, KindPhrase, Sentiment, Theme
from listening.models.complaint_rules import KINDS

SAME = "Posts that say the same"
NAMES: dict[str, Callable[[str], str]] = {"network": network, "language": language, "sentiment": mood_name}
EITHER = {
    "complaint": ("Complaints", "Not a complaint"),
    "addressed": ("Addressed to you", "Overheard"),
    "unsure": ("Unsure", "Not unsure"),
}
Choice = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Chip:
    """`kind` "on" is a filter that somebody set, "default" one that is there by itself."""

    text: str
    url: str
    kind: str = "on"
    title: str = "Take this filter away"


def chips(page: str, brand: Brand, period: Period, narrow: Narrow, **extra: str) -> list[Chip]:
    """The filters that are on; `extra` stays in every link (the tab of a page)."""

    def to(changed: Narrow) -> str:
        return link(page, brand.slug, period, changed, **extra)

    found = [Chip(text, to(changed)) for text, changed in _filters(narrow)]
    return [Chip(_theme(brand, narrow), to(narrow.without("theme"))), *found] if narrow.theme else found


def _theme(brand: Brand, narrow: Narrow) -> str:
    if narrow.theme == UNGROUPED:
        return "Ungrouped"
    theme = Theme.objects.filter(brand=brand, pk=int(narrow.theme)).first()
    return f"Theme: {theme.title}" if theme else "A theme that is gone"


def own_chip(page: str, brand: Brand, period: Period, narrow: Narrow) -> Chip:
    """The brand's own posts are left out unless somebody asks for them, and the page says so."""
    if narrow.own:
        return Chip(
            "With your own posts", link(page, brand.slug, period, narrow.but(own=False)), title="Leave them out"
        )
    url = link(page, brand.slug, period, narrow, own=YES)
    return Chip("Your own posts are left out", url, "default", "Show them too")


def _filters(narrow: Narrow) -> Iterator[tuple[str, Narrow]]:
    if narrow.text:
        yield f"Search: {narrow.text}", narrow.but(text="")
    for name in DIMENSIONS:
        for value in getattr(narrow, name):
            label = NAMES[name](value.removeprefix("-"))
            yield f"not {label}" if value.startswith("-") else label, narrow.without(name, value)
    for value in narrow.kind:
        label = f"About {value.removeprefix('-')}"
        yield f"not {label.lower()}" if value.startswith("-") else label, narrow.without("kind", value)
    if narrow.group is not None:
        yield SAME, narrow.without("group")
    for name, (yes, no) in EITHER.items():
        if (value := getattr(narrow, name)) is not None:
            yield yes if value else no, narrow.without(name)


def choices(narrow: Narrow, networks: Iterable[str], languages: Iterable[str]) -> dict[str, list[Choice]]:
    """(value, label, chosen) of each dimension; values that are chosen are offered even where there are none."""
    offered = {"network": networks, "language": languages, "sentiment": Sentiment.values}
    return {
        name: [
            (value, NAMES[name](value), value in getattr(narrow, name))
            for value in _with_chosen(values, getattr(narrow, name))
        ]
        for name, values in offered.items()
    }


def kind_choices(brand: Brand, narrow: Narrow) -> list[Choice]:
    """The shipped kinds of complaints, then the brand's own, as `choices` gives them."""
    own = KindPhrase.objects.filter(brand=brand).order_by("kind").values_list("kind", flat=True).distinct()
    labels = dict(KINDS)
    values = _with_chosen([*labels, *own], narrow.kind)
    return [(value, labels.get(value, value), value in narrow.kind) for value in values]


def _with_chosen(values: Iterable[str], chosen: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*values, *(value for value in chosen if not value.startswith("-"))]))
