"""Forms about notes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.errors import DomainError
from core.records.actions.checks import checked_text
from core.records.models import LONGEST, TITLE, NoteTemplate
from core.scheduling.models import Appointment
from portal.rich_text_fields import RichTextInput
from themes.formats import moment

LONGEST_SENT = LONGEST + 10_000  # because an editor writes elements that are cleaned away


class NewNoteForm(forms.Form):
    """Of which appointment it is, and with which words it begins."""

    appointment = forms.ChoiceField(required=False)
    template = forms.ChoiceField(label=gettext_lazy("Begin with"), required=False)

    def __init__(
        self,
        *posted: Any,
        appointments: Sequence[Appointment],
        templates: Sequence[NoteTemplate],
        zone: Any,
        **more: Any,
    ) -> None:
        super().__init__(*posted, **more)
        self.appointments = {str(each.pk): each for each in appointments}
        self.templates = {str(each.pk): each for each in templates}
        choices = [
            (key, f"{moment(each.starts_at.astimezone(zone))} · {each.what}") for key, each in self.appointments.items()
        ]
        self.fields["appointment"].label = _("About which %(appointment)s")
        self.fields["appointment"].choices = [("", _("None: a note of its own")), *choices]  # type: ignore[attr-defined]
        self.fields["template"].choices = [  # type: ignore[attr-defined]
            ("", _("An empty page")),
            *((key, each.name) for key, each in self.templates.items()),
        ]
        if not templates:
            del self.fields["template"]

    def chosen_appointment(self) -> Appointment | None:
        return self.appointments.get(self.cleaned_data["appointment"])

    def chosen_template(self) -> NoteTemplate | None:
        return self.templates.get(self.cleaned_data.get("template", ""))


class TextForm(forms.Form):
    """The words of a note."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE, required=False)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_SENT, required=False, widget=RichTextInput(attrs={"rows": 18})
    )


class AdditionForm(forms.Form):
    """What is added to a note that is signed."""

    body = forms.CharField(
        label=gettext_lazy("What is to be added"), max_length=LONGEST_SENT, widget=RichTextInput(attrs={"rows": 8})
    )


class TemplateForm(forms.Form):
    """What new notes can begin with."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=TITLE)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=LONGEST_SENT, required=False, widget=RichTextInput(attrs={"rows": 14})
    )

    def clean_body(self) -> str:
        """As it is kept, so that it compares with what stands there."""
        return _cleaned(self.cleaned_data["body"])


class NothingForm(forms.Form):
    """A button alone."""


def _cleaned(body: str) -> str:
    try:
        return checked_text("", body).body
    except DomainError as refusal:
        raise forms.ValidationError(refusal.message) from refusal
