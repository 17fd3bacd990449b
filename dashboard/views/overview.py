"""A brand's period at a glance."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard import charts
from dashboard.access import brand_for
from dashboard.chips import chips, choices
from dashboard.forms.filters import Filters
from dashboard.reports.complaints import latest
from dashboard.reports.narrow import Narrow
from dashboard.reports.overview import Overview, overview as report
from dashboard.reports.spikes import within
from dashboard.reports.spread import spread
from dashboard.reports.talk import talk
from dashboard.stats import stats
from dashboard.templatetags.earshot import link
from dashboard.views.row_context import of_row
from listening.models import Brand, Tally

FRAGMENTS = {"stats": "pages/overview_stats.html", "all": "pages/overview_figures.html"}


@login_required
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """The page, or one of its live parts when htmx asks for it."""
    brand = brand_for(request, slug)
    filters = Filters.of(request, brand)
    narrow = filters.narrow.but(text="", own=False)
    rivals = list(brand.rivals.filter(pk__in=Brand.objects.visible_to(request.user)))
    rivals = [] if narrow.theme else rivals  # another brand has no such theme, so there is no voice to share
    view = report(brand, filters.period, rivals, narrow)
    urls = bucket_urls(view, narrow)
    found = spread(brand, filters.period)
    context = of_row(brand) | {
        "filters": filters,
        "period": filters.period,
        "narrow": narrow,
        "view": view,
        "stats": stats(view, narrow),
        "figure": {
            "figure": charts.trend(view.trend, within(brand, filters.period)),
            "urls": urls,
        },
        "table": charts.table(view.trend, urls),
        "latest": latest(brand, filters.period, narrow, 3),
        "talk": talk(brand, filters.period, view.totals.now.mentions, narrow),
        "chips": chips("overview", brand, filters.period, narrow),
        "choices": choices(narrow, found.networks, found.languages),
        "nothing_yet": nothing_yet(view),
    }
    part = request.GET.get("part", "") if getattr(request, "htmx", False) else ""
    return render(request, FRAGMENTS.get(part, "pages/overview.html"), context)


def nothing_yet(view: Overview) -> bool:
    """Whether the brand never had a mention, so that figures would only be zeros."""
    return not view.totals.now.mentions and not Tally.objects.filter(brand=view.brand).exists()


def bucket_urls(view: Overview, narrow: Narrow) -> list[str]:
    """For each bucket of the trend the address of its mentions."""
    all_of_them = link("mentions", view.brand.slug, narrow)
    joint = "&" if "?" in all_of_them else "?"
    return [f"{all_of_them}{joint}{point.bucket.query}" for point in view.trend]
