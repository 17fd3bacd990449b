"""Answering a case: a page with the mention and the panel, and one address for all that people do with an answer."""

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dashboard.access import ANYBODY, WORKERS, brand_for, person
from dashboard.cases import replying
from dashboard.cases.panel import Panel, look_at, reply_panel
from dashboard.cases.seen import NotNow, Seen, Stale
from dashboard.cases.working import open_case
from dashboard.cases.writing import fill, name_for, values_of, way_of
from dashboard.reports import mentions as lists
from dashboard.reports.cases import UNREAD
from dashboard.views.coming_back import back
from listening.asking import Stands
from listening.models import Brand, Case, Line, Mention, Reply, User

State = Reply.State
PAGE, PANEL = "pages/case_reply.html", "components/case_reply.html"
NEED_WORDS = ("save", "send", "override")
ON_ITS_WAY = (State.APPROVED, State.SENDING, State.SENT)
LEADS_TO: Mapping[str, tuple[State, ...]] = {
    "save": (State.DRAFT,),
    "send": (State.ASKED, *ON_ITS_WAY),
    "override": ON_ITS_WAY,
    "approve": ON_ITS_WAY,
    "withdraw": (State.DRAFT,),
    "drop": (State.DROPPED,),
    "retry": ON_ITS_WAY,
    "there": (State.SENT,),
}
"""Where a reply stands after each button of the panel."""


class WordsForm(forms.Form):
    """What the buttons of the panel send. `seen` says which reply the person saw."""

    text = forms.CharField(required=False, max_length=10_000, strip=True)
    seen = forms.CharField(required=False, max_length=30)
    reason = forms.CharField(required=False, max_length=1000)
    saved = forms.IntegerField(required=False, min_value=1, max_value=2**31)

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\x00", "")


@login_required
@require_POST
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """From a mention to its answer: the case is opened if there is none."""
    brand = brand_for(request, slug, WORKERS)
    mentions = Mention.objects.filter(brand=brand, own=False, hidden="").defer(*lists.DEFERRED)
    case = open_case(get_object_or_404(mentions, pk=pk), person(request))
    return redirect("case_reply", slug, case.pk)


@login_required
def case_reply(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    brand = brand_for(request, slug, WORKERS if request.method == "POST" else ANYBODY)
    case = _case(brand, pk)
    if request.method == "POST":
        return _act(request, brand, case)
    return _page(request, brand, reply_panel(case, person(request), timezone.now()))


@login_required
def case_reply_panel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The panel alone, for refreshing while an answer is on its way."""
    brand = brand_for(request, slug)
    panel = reply_panel(_case(brand, pk), person(request), timezone.now())
    return render(request, PANEL, {"panel": panel, "brand": brand})


@login_required
@require_POST
def case_reply_look(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Verdict and length of what stands in the box, while somebody writes. Nothing is kept."""
    brand = brand_for(request, slug, WORKERS)
    case, form = _case(brand, pk), WordsForm(request.POST)
    words = form.cleaned_data["text"] if form.is_valid() else ""
    look = look_at(case, Line.objects.of(brand).read(), words, timezone.now(), way_of(case).longest)
    return render(request, "components/reply_look.html", {"look": look, "brand": brand})


def _act(request: HttpRequest, brand: Brand, case: Case) -> HttpResponse:
    """Do what the button says; what goes wrong is said beside the words, which stay in the box."""
    user, now, form = person(request), timezone.now(), WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, brand, reply_panel(case, user, now, trouble="An answer has at most 10,000 signs."), 422)
    words, seen = form.cleaned_data["text"], Seen.read(form.cleaned_data["seen"])
    does = request.POST.get("do", "")
    if does == "insert":
        panel = reply_panel(case, user, now, _inserted(brand, case, words, form.cleaned_data["saved"], user))
        return _page(request, brand, panel)
    if does in NEED_WORDS and not words:
        return _page(request, brand, reply_panel(case, user, now, words, "Write something first."), 422)
    deed = _deeds(case, seen, words, form.cleaned_data["reason"]).get(does)
    if deed is None:
        return _page(request, brand, reply_panel(case, user, now, words, "There is no such button."), 422)
    try:
        reply = deed(user, now)
    except Stale as error:
        if _is_the_same(error.reply, seen, words, does):
            return _done(request, brand, case)  # the second half of a double click
        return _page(request, brand, reply_panel(case, user, now, words or None, str(error)), 409)
    except (NotNow, Stands) as error:
        return _page(request, brand, reply_panel(case, user, now, words or None, str(error)), 409)
    if reply.state != State.DRAFT or does == "save":
        messages.success(request, _said(reply))
    return _done(request, brand, case)


def _done(request: HttpRequest, brand: Brand, case: Case) -> HttpResponse:
    """Back to the page of the case, where the panel stood on it."""
    return back(request, brand, "inbox") if "next" in request.POST else redirect("case_reply", brand.slug, case.pk)


def _deeds(case: Case, seen: Seen, words: str, reason: str) -> dict[str, Callable[..., Reply]]:
    return {
        "save": lambda user, now: replying.save(case, seen, words, user, now),
        "send": lambda user, now: replying.press(case, seen, words, user, now),
        "override": lambda user, now: replying.overrule(case, seen, words, user, reason, now),
        "approve": lambda user, now: replying.approve(case, seen, user, reason, now),
        "withdraw": lambda user, now: replying.withdraw(case, seen, user, now),
        "drop": lambda user, now: replying.drop(case, seen, user, now),
        "retry": lambda user, now: replying.retry(case, seen, user, now),
        "there": lambda user, now: replying.answered_there(case, seen, words, user, now),
    }


def _is_the_same(reply: Reply | None, seen: Seen, words: str, does: str) -> bool:
    """Whether what is there now is what this very button did a moment ago."""
    same_words = does not in NEED_WORDS or (reply is not None and reply.text == words)
    return reply is not None and reply.pk >= seen.pk and same_words and reply.state in LEADS_TO[does]


def _inserted(brand: Brand, case: Case, words: str, saved_id: int | None, user: User) -> str:
    """What stands in the box, with the chosen saved reply after it."""
    saved = get_object_or_404(brand.saved_replies, pk=saved_id or 0)
    name = name_for(case, user, timezone.now()) if "{name}" in saved.text else ""
    told = fill(saved.text, values_of(brand, name, Line.objects.of(brand).read().disclosure))
    return f"{words}\n{told}" if words else told


def _said(reply: Reply) -> str:
    return {
        "draft": "Saved.",
        "asked": "Somebody else of the team has to look at it now.",
        "approved": "Approved. Answer at the network with these words." if reply.by_hand else "It goes out.",
        "sent": "Noted. The line knows that this person was answered.",
        "dropped": "Dropped.",
    }.get(reply.state, "Done.")


def _case(brand: Brand, pk: int) -> Case:
    cases = Case.objects.filter(brand=brand, mention__hidden="").select_related("mention__author").defer(*UNREAD)
    case = get_object_or_404(cases, pk=pk)
    case.mention.brand = case.brand = brand
    return case


def _page(request: HttpRequest, brand: Brand, panel: Panel, status: int = 200) -> HttpResponse:
    context = {"brand": brand, "panel": panel, "row": lists.rows(brand, [panel.case.mention])[0], "can_work": False}
    return render(request, PAGE, context, status=status)
