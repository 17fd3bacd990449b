"""The frame around every page: whose page it is, which brands the person sees, and what the sidebar offers."""

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from dashboard.access import ADMIN, role_of
from listening.interest import NOT_YET
from listening.models import Brand, Interest, User

THEMES = ("light", "dark")
KEYS, OFF = "keys", "off"
PAGES = (
    ("overview", "Overview", "pulse"),
    ("inbox", "Inbox", "inbox"),
    ("mentions", "Mentions", "chat"),
    ("themes", "Themes", "themes"),
    ("complaints", "Complaints", "flag"),
    ("spikes", "Spikes", "spike"),
    ("improvements", "Improvements", "improve"),
    ("line", "The line", "line"),
    ("quality", "Quality", "gauge"),
)
SETTINGS = (
    ("brand_settings", "Brand", "tag"),
    ("queries", "Queries", "search"),
    ("sources", "Sources", "plug"),
    ("engine", "Engine", "gear"),
    ("complaint_settings", "Complaints", "flag"),
    ("case_settings", "Cases", "check"),
    ("saved_replies", "Saved replies", "note"),
    ("members", "Members", "people"),
    ("uploads", "Import", "upload"),
    ("interest", "Legitimate interest", "note"),
    ("notice_settings", "Public page", "globe"),
    ("webhooks", "Webhooks", "webhook"),
    ("audit", "Audit log", "list"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the sidebar; `current` where the open page is this one or lies below it."""

    url: str
    label: str
    icon: str
    current: bool


class Frame:
    """What base.html shows; every part is computed when a template first asks for it.

    `brand` is the brand that the address names, when the person may see it; `role` the person's role for it.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def user(self) -> User | None:
        user = getattr(self._request, "user", None)
        return user if isinstance(user, User) else None

    @cached_property
    def brands(self) -> list[Brand]:
        """The brands that the person may see, their own kind first."""
        if self.user is None:
            return []
        return sorted(Brand.objects.visible_to(self.user), key=lambda b: (b.kind != Brand.Kind.OWN, b.name.lower()))

    @cached_property
    def brand(self) -> Brand | None:
        match = getattr(self._request, "resolver_match", None)
        slug = match.kwargs.get("slug") if match else None
        return next((brand for brand in self.brands if brand.slug == slug), None)

    @cached_property
    def role(self) -> str | None:
        return role_of(self.user, self.brand) if self.user and self.brand else None

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN

    @property
    def is_sample(self) -> bool:
        return bool(self.brand and self.brand.is_sample)

    @cached_property
    def not_collected(self) -> str:
        """Why nothing is collected for the brand for want of a record; "" where there is one."""
        return NOT_YET.format(brand=self.brand.name) if self.brand and self._interest is None else ""

    @cached_property
    def interest_url(self) -> str:
        """Where an admin adopts the brand's record: while there is none, or none that anybody has read."""
        if self.brand is None or not self.is_admin or (self._interest and self._interest.adopted):
            return ""
        return reverse("interest", args=[self.brand.slug])

    @cached_property
    def _interest(self) -> Interest | None:
        return Interest.objects.only("adopted").of(self.brand) if self.brand else None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The viewer's time zone: their own, else the brand's, else UTC."""
        return ZoneInfo((self.user and self.user.time_zone) or (self.brand and self.brand.time_zone) or "UTC")

    @property
    def theme(self) -> str:
        """The theme that the person chose, "" to follow the device."""
        theme = self._request.COOKIES.get("theme", "")
        return theme if theme in THEMES else ""

    @property
    def keys(self) -> bool:
        """Whether single keys act, as the person chose on their account page; they do unless told."""
        return self._request.COOKIES.get(KEYS, "") != OFF

    @property
    def mail_is_file(self) -> bool:
        return not settings.EMAIL_HOST

    @property
    def account_url(self) -> str:
        return reverse("account")

    @property
    def new_brand_url(self) -> str:
        return reverse("brand_new") if self.user and self.user.is_superuser else ""

    @property
    def opt_outs_url(self) -> str:
        return reverse("opt_outs") if self.user and self.user.is_superuser else ""

    @property
    def rights_url(self) -> str:
        return reverse("rights_requests") if self.user and self.user.is_superuser else ""

    @property
    def remove_sample_url(self) -> str:
        return reverse("sample_remove") if self.user and self.user.is_superuser else ""

    @cached_property
    def pages(self) -> list[Link]:
        return self._links(PAGES)

    @cached_property
    def settings_pages(self) -> list[Link]:
        return self._links(SETTINGS) if self.is_admin else []

    def _links(self, entries: tuple[tuple[str, str, str], ...]) -> list[Link]:
        if self.brand is None:
            return []
        found = [(reverse(name, args=[self.brand.slug]), label, icon) for name, label, icon in entries]
        return [Link(url, label, icon, url == self._here) for url, label, icon in found]

    @cached_property
    def _here(self) -> str:
        """The address among all entries that the open page is, or lies below most closely."""
        addresses = [reverse(name, args=[self.brand.slug]) for name, _, _ in (*PAGES, *SETTINGS)] if self.brand else []
        return max((url for url in addresses if self._request.path.startswith(url)), key=len, default="")


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: `frame` in every template."""
    return {"frame": Frame(request)}
