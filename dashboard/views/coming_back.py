"""Coming back: where a form without a script returns to."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from listening.models import Brand


def back(request: HttpRequest, brand: Brand, page: str = "mentions", field: str = "next") -> HttpResponseRedirect:
    """To the page that the form named in this field, when it is one of ours, else to a page of the brand."""
    wanted = request.POST.get(field, "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(wanted)
    return redirect(page, brand.slug)
