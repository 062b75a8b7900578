"""What a visitor types, and the questions of the organization."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.booking.models import BookingSettings, IntakeQuestion
from core.people.models import Client

TRAP = "website"  # a field that people do not see


class QuestionsMixin(forms.Form):
    """A field for each question; `answers()` gives back question and answer in words."""

    questions: Sequence[IntakeQuestion] = ()

    def add_questions(self, questions: Sequence[IntakeQuestion]) -> None:
        self.questions = questions
        for question in questions:
            self.fields[f"question_{question.pk}"] = _field_for(question)

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[f"question_{question.pk}"] for question in self.questions]

    def answers(self) -> list[list[str]]:
        """For a valid form; without those that stayed empty."""
        given = ((question, self.cleaned_data.get(f"question_{question.pk}", "")) for question in self.questions)
        words = {"yes": _("Yes"), "no": _("No")}
        return [
            [question.question, words.get(text, text) if question.kind == IntakeQuestion.Kind.YES_NO else text]
            for question, text in given
            if text
        ]


class VisitorForm(QuestionsMixin):
    """Somebody who has not signed in."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=80, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("We send a code there now, and later the confirmation with a calendar file."),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

    def __init__(
        self, *posted: Any, settings: BookingSettings, questions: Sequence[IntakeQuestion], **kwargs: Any
    ) -> None:
        super().__init__(*posted, **kwargs)
        if settings.phone == BookingSettings.Phone.NO:
            del self.fields["phone"]
        else:
            self.fields["phone"].required = settings.phone == BookingSettings.Phone.REQUIRED
        self.add_questions(questions)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty: it is there to catch programs."))
        return ""

    def details(self) -> dict[str, Any]:
        """What is kept with the hold until it is booked."""
        names = ("first_name", "last_name", "email", "phone")
        return {
            **{name: self.cleaned_data.get(name, "") for name in names},
            "answers": self.answers(),
            "raw": self.raw(),
        }

    def raw(self) -> dict[str, str]:
        """The answers by field, to show them in the form again."""
        return {name: text for name, text in self.cleaned_data.items() if name.startswith("question_")}


class CodeForm(forms.Form):
    """The six digits of the mail."""

    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class ClientForm(QuestionsMixin):
    """Somebody who has signed in: for whom, and the questions."""

    client = forms.ChoiceField(label=gettext_lazy("For whom?"))

    def __init__(
        self, *posted: Any, clients: Sequence[Client], questions: Sequence[IntakeQuestion], **kwargs: Any
    ) -> None:
        super().__init__(*posted, **kwargs)
        self.clients = {str(client.pk): client for client in clients}
        self.fields["client"].choices = [(key, client.name) for key, client in self.clients.items()]  # type: ignore[attr-defined]
        if len(self.clients) == 1:
            self.fields["client"].initial = next(iter(self.clients))
            self.fields["client"].widget = forms.HiddenInput()
        self.add_questions(questions)

    @property
    def chosen(self) -> Client:
        """For a valid form."""
        return self.clients[self.cleaned_data["client"]]


def _field_for(question: IntakeQuestion) -> forms.Field:
    kinds, shared = IntakeQuestion.Kind, {"label": question.question, "required": question.is_required}
    if question.kind == kinds.CHOICE:
        return forms.ChoiceField(choices=[("", "—"), *((each, each) for each in question.choices)], **shared)
    if question.kind == kinds.YES_NO:
        choices = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shared)
    if question.kind == kinds.LONG_TEXT:
        return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **shared)
    return forms.CharField(max_length=200, **shared)
