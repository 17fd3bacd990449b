"""Leave a digest: a page that asks (mail scanners open links), and a POST that acts without a login (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from listening.models import Subscription


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The token is unguessable and good for one subscription; leaving twice is the same as leaving once."""
    subscription = get_object_or_404(Subscription.objects.select_related("brand"), token=token)
    if request.method == "POST" and "again" in request.POST:
        Subscription.objects.filter(pk=subscription.pk).update(active=True, unsubscribed_at=None)
    elif request.method == "POST":
        left = Subscription.objects.filter(pk=subscription.pk, active=True)
        left.update(active=False, unsubscribed_at=timezone.now())
    subscription.refresh_from_db()
    return render(request, "pages/unsubscribe.html", {"subscription": subscription})
