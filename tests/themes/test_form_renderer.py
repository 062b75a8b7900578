"""Selects are drawn without templates, and look as Django's do."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from themes.form_renderer import FormRenderer


class Marked(forms.Select):
    """A select whose options carry attributes."""

    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        option["attrs"] |= {"data-letter": 'a"<b', "disabled": option["value"] == "de", "hidden": False}
        return option


CHOICES = [
    ("", "Choose…"),
    ("de", "Germany & <co>"),
    ("Europe", [("fr", 'La "France"'), (3, SafeString("<b>three</b>"))]),
    ("xx", None),
]


@pytest.mark.unit
@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple, Marked])
@pytest.mark.parametrize("value", [None, "", "de", ["de", "fr"], 3, True])
def test_select_is_drawn_as_by_django(kind, value):
    widget = kind(attrs={"class": "select", "required": True, "hidden": False})
    widget.choices = CHOICES

    ours, theirs = (
        widget.render("country", value, {"id": "id_country"}, renderer=renderer())
        for renderer in (FormRenderer, DjangoTemplates)
    )

    assert ours.splitlines() == [
        line for line in theirs.splitlines() if line
    ]  # theirs leave a line between two options
