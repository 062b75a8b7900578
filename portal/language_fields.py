"""The language as a form field, for forms about somebody who will read mail and pages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from branding.queries import current_brand


def language_choices() -> list[tuple[str, str]]:
    """The languages that the organization offers, by their own names; English where it says nothing."""
    offered = current_brand().languages or ["en"]
    return [(code, name) for code, name in settings.LANGUAGES if code in offered] or [("en", "English")]


class LanguageForm(forms.Form):
    """A form about somebody who will read mail and pages; where one language is offered only, it asks for none."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=language_choices,
        initial=lambda: current_brand().language,
        help_text=_("Mail and pages come in it; they can change it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(language_choices()) == 1:
            del self.fields["language"]
