"""Forms of the answer to a dispute."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.actions.evidence import KINDS, MOST_TEXT, Answer
from billing.models import Dispute, DisputeFile
from billing.permissions import DISPUTE_FILE
from portal.files.fields import FilesField


class AnswerForm(forms.Form):
    """What is said to the bank."""

    explanation = forms.CharField(
        max_length=MOST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 8}), label=_("What happened"),
        help_text=_("Write to somebody who knows nothing of it: what was agreed, that it took place, what was written since."),
    )  # fmt: skip
    what_was_sold = forms.CharField(
        max_length=MOST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4}), label=_("What was paid for"),
        help_text=_("Name nothing about health or care that the bank need not know."),
    )  # fmt: skip
    when_it_was = forms.CharField(max_length=200, required=False, label=_("When it took place"))

    def __init__(self, *args: Any, dispute: Dispute, suggested: tuple[str, str], **options: Any) -> None:
        sold, when = suggested
        initial = {
            "explanation": dispute.explanation,
            "what_was_sold": dispute.what_was_sold or sold,
            "when_it_was": dispute.when_it_was or when,
        }
        super().__init__(*args, initial=initial, **options)

    def answer(self) -> Answer:
        """What was typed."""
        return Answer(**self.cleaned_data)


class DisputeFileForm(forms.Form):
    """A file for the bank, and what it shows."""

    kind = forms.ChoiceField(label=_("What it shows"), choices=DisputeFile.Kind.choices)
    files = FilesField(
        DISPUTE_FILE, most=1, kinds=KINDS, label=_("File"),
        help_text=_("A PDF, or a picture as JPEG or PNG. All files of an answer together may have 4.5 MB."),
    )  # fmt: skip

    def __init__(self, *args: Any, taken: set[str], **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [(code, label) for code, label in DisputeFile.Kind.choices if code not in taken]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
