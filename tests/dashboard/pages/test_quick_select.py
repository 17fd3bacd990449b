"""QuickSelect: the same options as Django's select, whatever they hold."""

import pytest
from django import forms

from dashboard.forms.quick_select import QuickSelect

CHOICES = [
    ("", "None"),
    ("a", "<b>A</b>"),
    ('"x', "X & Y"),
    ("Europe <", [("Europe/Berlin", "Berlin"), ("Europe/Rome", "Rome")]),
]


@pytest.mark.parametrize("value", [None, "", "a", '"x', "Europe/Berlin", "elsewhere"])
@pytest.mark.parametrize("required", [True, False])
def test_it_reads_like_djangos_select(value: str | None, required: bool) -> None:
    def html(widget: type[forms.Select]) -> str:
        form = forms.Form(initial={"zone": value})
        form.fields["zone"] = forms.ChoiceField(choices=CHOICES, widget=widget, required=required, help_text="Why")
        return str(form["zone"])

    assert _parts(html(QuickSelect)) == _parts(html(forms.Select))


def _parts(html: str) -> list[str]:
    """Tags with their attributes in order of the alphabet, and texts."""
    pieces = html.replace(">", ">\n").replace("</", "\n</").split("\n")
    return [" ".join(sorted(piece.strip(" <>").split(" "))) for piece in pieces if piece.strip()]
