"""The event stream of a brand's pages."""

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse

from dashboard.access import brand_for
from dashboard.live import events


@login_required
async def live(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Server-sent events, open until the page is hidden or closed."""
    brand_id = await sync_to_async(_allowed)(request, slug)
    response = StreamingHttpResponse(events(brand_id), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _allowed(request: HttpRequest, slug: str) -> int:
    """The brand's id; gives the database connection back, for the stream stays open for minutes."""
    brand_id = brand_for(request, slug).pk
    if not connection.in_atomic_block:
        connection.close()
    return brand_id
