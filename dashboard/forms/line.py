"""LineForm: where an admin draws the line, as plain fields."""

from typing import Any

from django import forms

from listening.line import PRESETS, Hours, Policy, Topic, Unfit, terms_of
from listening.line.decide import DAYS, KIND_NAMES
from listening.line.policy import MOST_DAYS, check_topic
from listening.line.terms import TERMS

NETWORKS = {"x": "X", "bluesky": "Bluesky", "mastodon": "Mastodon", "reddit": "Reddit", "youtube": "YouTube"}
NAMES = {preset.who: preset.name for preset in PRESETS}
SECOND = [
    ("overheard", "When the person did not speak to you"),
    ("always", "Always"),
    ("never", "Never"),
]
HOURS = [(str(hour), f"{hour:02}:00") for hour in range(25)]
CLOCK_HELP = "In the brand's time zone. Outside of these hours a second person must agree. Empty: at any time."


def _checks(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget, help_text=help_text)


class LineForm(forms.Form):
    """`policy` is what the fields say; `version` the version that the author saw."""

    who = forms.ChoiceField(
        label="Who may be answered", choices=[(one.who, one.name) for one in PRESETS], widget=forms.RadioSelect
    )
    second_person = forms.ChoiceField(
        label="A second person approves", choices=SECOND, help_text="Before an answer is sent."
    )
    repeat_days = forms.IntegerField(
        label="The same person once in so many days",
        min_value=0,
        max_value=MOST_DAYS,
        help_text="Unless they write to you again. 0: as often as you like.",
    )
    networks = _checks(
        "Networks", [(one, NETWORKS[one]) for one in TERMS if terms_of(one).reply_to], "None chosen: all of them."
    )
    kinds = _checks(
        "Kinds",
        [(one, name.capitalize()) for one, name in KIND_NAMES.items()],
        "None chosen: all. Praise and other mentions take in the questions among them.",
    )
    languages = forms.CharField(
        label="Languages", required=False, max_length=200, help_text="Codes such as en, de, fr. Empty: all."
    )
    topics = forms.CharField(
        label="Quiet topics",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code", "spellcheck": "false"}),
        help_text="One a line: a name, a colon, and a query. Who spoke to you about one is answered with a second "
        "person; nobody else is.",
    )
    hours_start = forms.ChoiceField(label="You answer from", choices=[("", "any time"), *HOURS[:24]], required=False)
    hours_end = forms.ChoiceField(label="until", choices=[("", "any time"), *HOURS[1:]], required=False)
    hours_days = _checks("on", [(str(number), day) for number, day in enumerate(DAYS)], CLOCK_HELP)
    account_days = forms.IntegerField(
        label="Age of the account in days",
        min_value=0,
        max_value=MOST_DAYS,
        help_text="Younger accounts are left alone; where the network does not tell, a second person looks. 0: any.",
    )
    disclose = forms.BooleanField(label="Each answer says for whom it speaks", required=False)
    disclosure = forms.CharField(
        label="With these words", required=False, max_length=120, help_text="Empty: the brand's name."
    )
    no_private_data = forms.BooleanField(label="Never ask for private data in public", required=False)
    name = forms.CharField(
        label="Name of this line", max_length=80, required=False, help_text="Empty: the name of the choice above."
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_languages(self) -> tuple[str, ...]:
        codes = [code.strip().lower() for code in self.cleaned_data["languages"].replace(";", ",").split(",")]
        if wrong := [code for code in codes if code and not (code.isalpha() and len(code) in (2, 3))]:
            raise forms.ValidationError(f"“{wrong[0]}” is no code of a language: write two letters, such as en.")
        return tuple(dict.fromkeys(code for code in codes if code))

    def clean_topics(self) -> tuple[Topic, ...]:
        lines = [line.strip() for line in self.cleaned_data["topics"].splitlines() if line.strip()]
        return tuple(_topic(line) for line in lines)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.policy = _policy(cleaned)
                cleaned["name"] = cleaned["name"].strip() or NAMES[self.policy.who]
            except Unfit as error:
                raise forms.ValidationError(str(error)) from error
        return cleaned

    policy: Policy | None = None


def _topic(line: str) -> Topic:
    name, colon, query = (part.strip() for part in line.partition(":"))
    if not colon or not name:
        raise forms.ValidationError(f"“{line[:40]}” has no name: write it like  Death: funeral OR grief.")
    topic = Topic(name, query)
    try:
        check_topic(topic)
    except Unfit as error:
        raise forms.ValidationError(str(error)) from error
    return topic


def _policy(cleaned: dict[str, Any]) -> Policy:
    names = ("who", "second_person", "repeat_days", "account_days", "disclose", "disclosure", "no_private_data")
    more: dict[str, Any] = {name: tuple(cleaned[name]) for name in ("networks", "kinds", "languages", "topics")}
    return Policy.read(Policy(**{name: cleaned[name] for name in names}, **more, hours=_hours(cleaned)).as_json())


def _hours(cleaned: dict[str, Any]) -> Hours | None:
    start, end = cleaned["hours_start"], cleaned["hours_end"]
    if not start and not end:
        return None
    days = tuple(int(day) for day in cleaned["hours_days"]) or (0, 1, 2, 3, 4)
    return Hours(int(start or 0), int(end or 24), days)


def initial(policy: Policy, name: str) -> dict[str, Any]:
    """What the fields show for a policy."""
    hours = policy.hours
    return {
        **{field: list(getattr(policy, field)) for field in ("networks", "kinds")},
        **{field: getattr(policy, field) for field in ("who", "second_person", "repeat_days", "account_days")},
        **{field: getattr(policy, field) for field in ("disclose", "disclosure", "no_private_data", "version")},
        "languages": ", ".join(policy.languages),
        "topics": "\n".join(f"{topic.name}: {topic.query}" for topic in policy.topics),
        "hours_start": str(hours.start) if hours else "",
        "hours_end": str(hours.end) if hours else "",
        "hours_days": [str(day) for day in hours.days] if hours else [],
        "name": "" if name == NAMES[policy.who] else name,
    }
