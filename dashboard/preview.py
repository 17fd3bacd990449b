"""Preview: everything that the editor says about a query text before it is saved."""

from dataclasses import dataclass, field

from django.utils import timezone

from dashboard import connect
from dashboard.forms.queries import QueryForm
from dashboard.forms.start import StartForm
from dashboard.kinds import MADE_ELSEWHERE
from dashboard.reports import trial
from ingest.sources import CATALOGUE
from ingest.sources.base import Source as Connection
from listening.models import Brand, Source, User
from listening.query import Advice, Explained, Query as Parsed, explain, lint
from listening.secrets import Unreadable

FRESH_POSTS = 30


@dataclass(frozen=True, slots=True)
class Preview:
    """`fresh` is empty where nothing was fetched; `stored` is None where the text can't be read."""

    warnings: list[Advice] = field(default_factory=list)
    explained: Explained | None = None
    stored: trial.Stored | None = None
    fresh: list[trial.Fresh] = field(default_factory=list)


def preview(form: QueryForm, user: User, fetch: bool) -> Preview:
    """Judge the form's text on stored posts and, with `fetch`, on posts fetched from the networks just now."""
    form.is_valid()
    query = form.parsed
    if query is None:
        return Preview()
    live = str(form.query.pk) if form.query else None
    return Preview(
        warnings=lint(query),
        explained=explain(query),
        stored=trial.stored(query, form.brand, live, user, timezone.now()),
        fresh=[_ask(one, query) for one in _connections(form.brand)] if fetch else [],
    )


def preview_start(form: StartForm, fetch: bool) -> Preview:
    """The same for a brand that doesn't exist yet: nothing is stored for it, so only the networks can be asked."""
    form.is_valid()
    query = form.parsed
    if query is None:
        return Preview()
    chosen = [connect.connection(one.kind, one.settings, {}) for one in form.chosen] if fetch else []
    return Preview(
        warnings=lint(query),
        explained=explain(query),
        fresh=[_ask(one, query) for one in chosen],
    )


def _ask(one: Connection, query: Parsed) -> trial.Fresh:
    """What one network answers; one that takes money for each post says only what following the query would cost."""
    if one.budget_unit:
        return trial.Fresh(one.label, 0, 0, [], connect.forecast(one, query.text))
    posts, sentence = connect.fresh(one, query.text, FRESH_POSTS)
    return trial.fresh(query, one.label, posts, sentence)


def _connections(brand: Brand) -> list[Connection]:
    """The brand's own sources that are on."""
    rows = brand.sources.filter(kind__in=CATALOGUE, state=Source.State.ON).exclude(kind__in=MADE_ELSEWHERE)
    return [one for row in rows if (one := _opened(row))]


def _opened(row: Source) -> Connection | None:
    try:
        return connect.of_row(row)
    except Unreadable:
        return None
