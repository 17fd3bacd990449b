"""LabelForm: one answer of a sitting."""

from django import forms

from listening.models import Answer, Sentiment

SENTIMENTS = [choice for choice in Sentiment.choices if choice[0] != Sentiment.UNSCORED]


class LabelForm(forms.Form):
    mention = forms.IntegerField(min_value=1)
    sentiment = forms.ChoiceField(
        choices=SENTIMENTS, error_messages={"required": "Choose negative, neutral or positive first, or skip it."}
    )
    complaint = forms.ChoiceField(choices=Answer.choices)


class WhichForm(forms.Form):
    """Which mention is skipped."""

    mention = forms.IntegerField(min_value=1)
