"""The forms of a person: joining, the profile, and when digests come."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from dashboard.forms.quick_select import QuickSelect
from dashboard.zones import zones
from listening.models import Subscription, User

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class JoinForm(forms.Form):
    """Name and password of somebody who follows an invitation."""

    name = forms.CharField(label="Your name", max_length=120, required=False)
    password1 = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters; a sentence is easier to keep than a puzzle.",
    )
    password2 = forms.CharField(
        label="The same password again", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "The two passwords differ: type the same one twice.")
        elif first:
            self._judge(first, cleaned.get("name", ""))
        return cleaned

    def _judge(self, password: str, name: str) -> None:
        try:
            validate_password(password, User(email=self.email, name=name))
        except ValidationError as error:
            self.add_error("password1", error)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("name", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["time_zone"] = forms.ChoiceField(
            choices=[("", "The brand's own"), *zones()],
            required=False,
            label="Time zone of the times you see",
            widget=QuickSelect,
        )


class DigestForm(forms.ModelForm):  # type: ignore[type-arg]
    """When the weekly digest of one brand comes, in the brand's time zone."""

    weekday = forms.TypedChoiceField(choices=list(enumerate(WEEKDAYS)), coerce=int, label="On")
    hour = forms.TypedChoiceField(choices=HOURS, coerce=int, label="At")

    class Meta:
        model = Subscription
        fields = ("active", "weekday", "hour", "send_empty")
        labels = {"active": "Send me the weekly digest", "send_empty": "Also when there was nothing to say"}
