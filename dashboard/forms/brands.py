"""The forms of a brand: what it is, its own accounts, and good-bye."""

from typing import Any

from django import forms
from django.db import transaction

from dashboard.forms.handles import Accounts, accounts_of, handle_fields, keep_accounts
from dashboard.forms.quick_select import QuickSelect
from dashboard.kinds import MADE_ELSEWHERE
from dashboard.templatetags.earshot import network as network_name
from dashboard.zones import zones
from ingest.sources import CATALOGUE, load
from listening.handles import NETWORKS
from listening.models import Brand, User
from listening.models.retention import LONGEST
from listening.retention import KEPT


def keep_fields(brand: Brand) -> dict[str, forms.IntegerField]:
    """One field for each network that is read or comes by file: {"keep_bluesky": field, ...}."""
    told = dict(brand.retentions.values_list("network", "days")) if brand.pk else {}
    labels = {source.network: source.label for source in map(load, CATALOGUE) if source.kind not in MADE_ELSEWHERE}
    return {
        f"keep_{network}": forms.IntegerField(
            label=labels.get(network) or network_name(network),
            required=False,
            min_value=1,
            max_value=LONGEST,
            initial=told.get(network),
            help_text=f"At most {KEPT[network].in_words} after it was read: its terms." if network in KEPT else "",
            widget=forms.NumberInput(attrs={"placeholder": "as above"}),
        )
        for network in sorted({*labels, *told, *KEPT})
    }


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    """A brand with its accounts and rivals, as its admins see it."""

    class Meta:
        model = Brand
        fields = ("name", "kind", "colour", "time_zone", "retention_days", "rivals")
        widgets = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "rivals": forms.CheckboxSelectMultiple,
            "retention_days": forms.NumberInput(attrs={"min": 1, "max": 3650}),
        }
        labels = {"retention_days": "Keep texts for (days)", "rivals": "Measure share of voice against"}
        help_texts = {
            "time_zone": "Days and weeks of figures and digests begin at midnight here.",
            "retention_days": "After that the text goes and the counts stay. A network's terms may ask for less.",
            "colour": "In charts and lists.",
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            choices=zones(),
            label="Time zone",
            help_text=self.fields["time_zone"].help_text,
            initial="UTC",
            widget=QuickSelect,
        )
        self.fields.update(handle_fields())
        self.fields.update(keep_fields(self.instance))
        for network, handles in accounts_of(self.instance).items():
            self.initial[f"handles_{network}"] = ", ".join(handles)
        rivals = Brand.objects.visible_to(user).exclude(pk=self.instance.pk)
        if rivals.exists():
            self.fields["rivals"].queryset = rivals  # type: ignore[attr-defined]
        else:
            del self.fields["rivals"]

    def clean_retention_days(self) -> int:
        days: int = self.cleaned_data["retention_days"]
        if not 1 <= days <= 3650:
            raise forms.ValidationError("Write a number of days between 1 and 3,650 (ten years).")
        return days

    @property
    def handle_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("handles_")]

    @property
    def keep_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("keep_")]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith(("handles_", "keep_"))]

    @property
    def accounts(self) -> Accounts:
        """The handles that were written, by network; only after a successful is_valid()."""
        return {network: self.cleaned_data[f"handles_{network}"] for network in NETWORKS}

    @property
    def accounts_shown(self) -> Accounts:
        """The handles that the page showed; those of now where it does not say."""
        told = accounts_of(self.instance)
        for network in NETWORKS:
            sent = self.data.get(self.add_initial_prefix(f"handles_{network}"))
            told[network] = sent.replace(",", " ").split() if sent is not None else told[network]
        return told

    @transaction.atomic
    def save(self, commit: bool = True) -> Brand:
        # Rivals that this person may not see are none of this form's business and stay.
        hidden = list(self.instance.rivals.exclude(pk__in=self._rivals_shown())) if self.instance.pk else []
        shown = self.accounts_shown
        brand: Brand = super().save(commit)
        brand.rivals.add(*hidden)
        keep_accounts(brand, shown, self.accounts)
        self._keep_times(brand)
        return brand

    def _keep_times(self, brand: Brand) -> None:
        """One row for each network that was given a time of its own; left empty, the brand's holds."""
        for name in self.fields:
            network = name.removeprefix("keep_")
            if network == name:
                continue
            if days := self.cleaned_data[name]:
                brand.retentions.update_or_create(network=network, defaults={"days": days})
            else:
                brand.retentions.filter(network=network).delete()

    def _rivals_shown(self) -> list[int]:
        field = self.fields.get("rivals")
        return list(field.queryset.values_list("pk", flat=True)) if field else []  # type: ignore[attr-defined]


class DeleteBrandForm(forms.Form):
    """The brand's name, typed once more."""

    name = forms.CharField(label="Type the brand's name to confirm", max_length=120)

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "placeholder": brand.name}

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"].strip()
        if typed != self.brand.name:
            raise forms.ValidationError(f"That is not its name. Nothing was deleted. Type “{self.brand.name}”.")
        return typed
