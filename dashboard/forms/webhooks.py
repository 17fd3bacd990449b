"""The form of a webhook: its name, where it leads, and what it wants to hear of."""

from typing import Any

from django import forms

from dashboard.webhooks import taken
from listening.addresses import ForbiddenAddress
from listening.models import Brand, Webhook
from listening.webhooks.address import check_address
from listening.webhooks.events import EVENTS

MOST = 20
FIELDS = ("name", "url", "events")


class WebhookForm(forms.Form):
    """`cleaned_data` holds a Webhook's columns; `webhook` is the row that is changed, None for a new one."""

    name = forms.CharField(label="Name", max_length=80, help_text="For you, for example: Help desk.")
    url = forms.CharField(
        label="Address",
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "placeholder": "https://"}),
        help_text="Where messages are posted to. No password in it: each message is signed.",
    )
    events = forms.MultipleChoiceField(
        label="Tell it when",
        choices=[(one.type, one.label) for one in EVENTS.values()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one, else it would never hear of anything."},
    )

    def __init__(self, data: Any = None, *, brand: Brand, webhook: Webhook | None = None) -> None:
        super().__init__(data, initial={name: getattr(webhook, name) for name in FIELDS} if webhook else None)
        self.brand, self.webhook = brand, webhook

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.brand.webhooks.exclude(pk=self.webhook.pk if self.webhook else 0)
        if any(name.casefold() == other.casefold() for other in others.values_list("name", flat=True)):
            raise forms.ValidationError(taken(self.brand, name))
        if not self.webhook and others.count() >= MOST:
            raise forms.ValidationError(f"There are {MOST} webhooks already. Delete one first.")
        return name

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            check_address(url)
        except ForbiddenAddress as error:
            raise forms.ValidationError(error.sentence) from error
        return url
