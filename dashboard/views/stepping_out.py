"""The public way out, without a login: say who and what, prove it with a code, see the receipt.

Whatever is asked, the answer is the same for people whom Earshot knows and for those whom it doesn't.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard import bells
from dashboard.forms.stepping_out import StepOutForm
from dashboard.limits import within
from dashboard.opting_out import profile_of, request_of
from listening.models import OptOutRequest

MOST_REQUESTS, MOST_CHECKS = 10, 60  # an hour and an address
TOO_MANY = "Too many requests came from your address. Try again in an hour."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step_out(request: HttpRequest) -> HttpResponse:
    form = StepOutForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if within(request, "step-out", MOST_REQUESTS):
            asked = request_of(**form.cleaned_data)
            return redirect("step_out_request", asked.token)
        form.add_error(None, TOO_MANY)
        return render(request, "pages/step_out.html", {"form": form}, status=429)
    return render(request, "pages/step_out.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD"])
def step_out_request(request: HttpRequest, token: str) -> HttpResponse:
    """Where a request stands; the address is known to nobody but who asked."""
    asked = get_object_or_404(OptOutRequest, token=token)
    context = {"asked": asked, "checking": "checking" in request.GET, "profile": profile_of(asked)}
    return render(request, "pages/step_out_request.html", context)


@never_cache
@require_POST
def step_out_check(request: HttpRequest, token: str) -> HttpResponse:
    """Have the code looked for."""
    asked = get_object_or_404(OptOutRequest, token=token)
    if not within(request, "check", MOST_CHECKS):
        context = {"asked": asked, "trouble": TOO_MANY, "profile": profile_of(asked)}
        return render(request, "pages/step_out_request.html", context, status=429)
    OptOutRequest.objects.filter(pk=asked.pk, state=OptOutRequest.State.OPEN).update(sentence="")
    bells.check_opt_out(asked.pk)
    return redirect(f"{request.path.removesuffix('check/')}?checking=1")
