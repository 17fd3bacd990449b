"""NoticeForm: what people write on a brand's public page, and whether it is open."""

from django import forms

from listening.models import Notice


class NoticeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Notice
        fields = ("public", "purpose", "contact")
        labels = {"public": "Show this page to everybody", "purpose": "Why you listen", "contact": "Whom to write to"}
        help_texts = {
            "public": "Everything else on it comes out of the configuration, as it is at that moment.",
            "contact": "An address or a page where people reach you about this.",
        }
