"""Forms about forms: their words, one part of them, to whom they are sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.unseen import one_line
from core.people.models import User
from core.records.questionnaires.models import MESSAGE, Questionnaire
from core.records.questionnaires.rules.questionnaires import (
    CAN_DECIDE,
    CHOICE,
    CHOSEN,
    HINT,
    QUESTION,
    TITLE,
    WORDS,
    Choice,
    Condition,
    Definition,
    Item,
    Kind,
    values_of,
)

_LONG = (Kind.WORDS, Kind.STATEMENT, Kind.SIGNATURE)
_SEPARATOR = " = "  # between an answer and what it counts


class WordsForm(forms.Form):
    """What stands above the questions."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE)
    intro = forms.CharField(
        label=gettext_lazy("Introduction"), max_length=WORDS, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    is_scored = forms.BooleanField(
        label=gettext_lazy("Count points"),
        required=False,
        help_text=gettext_lazy(
            "Answers then have points. The sum is shown to those who keep the record, and to nobody else."
        ),
    )


class NewFormForm(forms.Form):
    """A form to begin with."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=TITLE, required=False, help_text=gettext_lazy("Empty: as the one that it begins with.")
    )  # fmt: skip
    begin_with = forms.ChoiceField(label=gettext_lazy("Begin with"), widget=forms.RadioSelect, required=False)

    def __init__(self, *posted: Any, beginnings: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*posted, **more)
        self.fields["begin_with"].choices = [("", _("An empty form")), *beginnings]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("title") and not cleaned.get("begin_with") and "begin_with" not in self.errors:
            self.add_error("title", _("Give it a title."))
        return cleaned


class ItemForm(forms.Form):
    """One part of a form: what is asked, and of which kinds of parts more."""

    text = forms.CharField(label=gettext_lazy("Question"), max_length=QUESTION)
    hint = forms.CharField(
        label=gettext_lazy("Help below it"), max_length=HINT, required=False
    )  # fmt: skip
    choices = forms.CharField(
        label=gettext_lazy("Answers"), widget=forms.Textarea(attrs={"rows": 6}), max_length=40 * CHOICE
    )
    low = forms.IntegerField(label=gettext_lazy("From"), min_value=0, max_value=99)
    high = forms.IntegerField(label=gettext_lazy("To"), min_value=1, max_value=100)
    low_text = forms.CharField(label=gettext_lazy("The lowest means"), max_length=HINT, required=False)
    high_text = forms.CharField(label=gettext_lazy("The highest means"), max_length=HINT, required=False)
    is_required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    condition = forms.ChoiceField(label=gettext_lazy("Ask it"), required=False)

    def __init__(self, *posted: Any, definition: Definition, item: Item, **more: Any) -> None:
        super().__init__(*posted, **more)
        self.item = item
        self.conditions = conditions_for(definition, item)
        unused = {"choices"} if item.kind not in CHOSEN else set()
        unused |= {"low", "high", "low_text", "high_text"} if item.kind is not Kind.SCALE else set()
        unused |= {"is_required"} if not item.is_asked else set()
        unused |= {"hint"} if item.kind in (Kind.PAGE, Kind.WORDS) else set()
        unused |= {"condition"} if item.kind is Kind.PAGE or not self.conditions else set()
        for name in unused:
            del self.fields[name]
        self._name_fields(is_scored=definition.is_scored)

    def _name_fields(self, *, is_scored: bool) -> None:
        kind, fields = self.item.kind, self.fields
        if kind in _LONG:
            fields["text"] = forms.CharField(
                label=_("Text"), max_length=WORDS, widget=forms.Textarea(attrs={"rows": 6})
            )
        elif kind is Kind.PAGE:
            fields["text"] = forms.CharField(label=_("Title of the page"), max_length=TITLE)
        if "choices" in fields:
            fields["choices"].help_text = (
                _("One a line. What an answer counts stands behind it: often = 3") if is_scored else _("One a line.")
            )
        if "condition" in fields:
            fields["condition"].choices = [
                ("", _("Always")),
                *((key, words) for key, (words, _c) in self.conditions.items()),
            ]  # type: ignore[attr-defined]

    def made(self) -> Item:
        """The item as it was filled in."""
        values = self.cleaned_data
        chosen = self.conditions.get(values.get("condition", ""))
        return Item(
            key=self.item.key,
            kind=self.item.kind,
            text=values["text"].strip(),
            hint=values.get("hint", ""),
            is_required=values.get("is_required", False),
            choices=choices_of(values.get("choices", "")),
            low=values.get("low", 0),
            high=values.get("high", 10),
            low_text=values.get("low_text", ""),
            high_text=values.get("high_text", ""),
            condition=chosen[1] if chosen else None,
        )


def choices_of(typed: str) -> tuple[Choice, ...]:
    """One a line; a number behind “=” is what it counts."""
    found = []
    for line in typed.splitlines():
        text, separator, points = line.rpartition("=")
        if separator and points.strip().lstrip("-").isdecimal() and len(points.strip()) < 7 and text.strip():
            found.append(Choice(one_line(text), int(points.strip())))
        elif one_line(line):
            found.append(Choice(one_line(line)))
    return tuple(found)


def typed_choices(choices: Sequence[Choice], *, is_scored: bool) -> str:
    """The same the other way."""
    is_written = is_scored or any(choice.points for choice in choices)
    return "\n".join(f"{each.text}{_SEPARATOR}{each.points}" if is_written else each.text for each in choices)


def conditions_for(definition: Definition, item: Item) -> Mapping[str, tuple[str, Condition]]:
    """On what it can depend: every answer of what stands before it, by a key for the form."""
    keys = [each.key for each in definition.items]
    before = definition.items[: keys.index(item.key)] if item.key in keys else definition.items
    found: dict[str, tuple[str, Condition]] = {}
    for each in before:
        if each.kind in CAN_DECIDE:
            for place, value in enumerate(values_of(each)):
                found[f"{each.key}:{place}"] = (_words(each, value), Condition(each.key, value))
    return found


def _words(item: Item, value: str) -> str:
    facts = {"question": item.text[:60], "answer": value}
    if item.kind is Kind.STATEMENT:
        return _("if agreed to: “%(question)s”") % facts
    if item.kind is Kind.SCALE:
        return _("from %(answer)s on: “%(question)s”") % facts
    return _("if “%(answer)s”: “%(question)s”") % facts


def condition_key(definition: Definition, item: Item) -> str:
    """Which of them holds now."""
    conditions = conditions_for(definition, item)
    return next((key for key, (_w, condition) in conditions.items() if condition == item.condition), "")


class SendForm(forms.Form):
    """Which forms, to whom, until when."""

    chosen = forms.MultipleChoiceField(label=gettext_lazy("Forms"), widget=forms.CheckboxSelectMultiple)
    addressee = forms.ChoiceField(label=gettext_lazy("Who fills it in"), required=False)
    due_on = forms.DateField(label=gettext_lazy("By when"), required=False)
    reminds = forms.BooleanField(
        label=gettext_lazy("Remind them two days before, and once on the day after"), required=False
    )
    message = forms.CharField(
        label=gettext_lazy("What you want to say with it"),
        required=False,
        max_length=MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands above the form, and in no mail."),
    )

    def __init__(self, *posted: Any, choices: Sequence[Questionnaire], logins: Sequence[User], **more: Any) -> None:
        super().__init__(*posted, **more)
        self.choices = {str(form.pk): form for form in choices}
        self.logins = {str(user.pk): user for user in logins}
        self.fields["chosen"].choices = [(key, form.title) for key, form in self.choices.items()]  # type: ignore[attr-defined]
        if len(self.logins) < 2:
            del self.fields["addressee"]
            return
        self.fields["addressee"].choices = [  # type: ignore[attr-defined]
            ("", _("Whoever of them comes first")), *((key, user.name) for key, user in self.logins.items())
        ]  # fmt: skip
        self.fields["addressee"].help_text = _("Only the one you choose can fill it in, and read it afterwards.")

    def chosen_forms(self) -> list[Questionnaire]:
        return [self.choices[key] for key in self.cleaned_data["chosen"]]

    def chosen_login(self) -> User | None:
        return self.logins.get(self.cleaned_data.get("addressee", ""))


class ReopenForm(forms.Form):
    """What is to be done once more, and until when."""

    message = forms.CharField(
        label=gettext_lazy("What is missing or to be changed"),
        required=False,
        max_length=MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands above the form, and in no mail."),
    )
    due_on = forms.DateField(label=gettext_lazy("By when"), required=False)


class DeclineForm(forms.Form):
    """Why somebody would rather not."""

    reason = forms.CharField(
        label=gettext_lazy("Why, if you like to say"), required=False, max_length=MESSAGE, widget=forms.Textarea(attrs={"rows": 3})
    )  # fmt: skip
