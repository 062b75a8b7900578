"""A page of a form as Django fields: one for each question, called by its key."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.records.questionnaires.permissions import RESPONSE_FILE
from core.records.questionnaires.rules import responses as rules
from core.records.questionnaires.rules.questionnaires import Definition, Item, Kind
from portal.files.fields import FilesField
from portal.questionnaires.kinds import LABELS


class ScaleInput(forms.RadioSelect):
    """Numbers side by side, with what the ends mean."""

    template_name = "questionnaires/_scale.html"

    def __init__(self, item: Item) -> None:
        super().__init__(attrs={"class": "scale__input"})
        self.item = item

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "item": self.item}


class AnswersForm(forms.Form):
    """The questions of one page. What must be answered is asked for by `strict` only: what is half done is kept as well."""

    use_required_attribute = False

    def __init__(
        self, *posted: Any, definition: Definition, items: Sequence[Item], answers: Mapping[str, Any], user: Any, strict: bool = False, **more: Any
    ) -> None:  # fmt: skip
        super().__init__(*posted, **{"label_suffix": "", "auto_id": "id_%s", **more})
        self.definition, self.items, self.answers, self.strict = definition, items, answers, strict
        for item in items:
            if item.is_asked:
                self.fields[item.key] = field_of(item, user)

    def full_clean(self) -> None:
        """Checked as if nothing had to be answered, because what has depends on the other answers."""
        wanted = {name: field.required for name, field in self.fields.items()}
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        for name, field in self.fields.items():
            field.required = wanted[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.strict:
            return cleaned
        together = {**self.answers, **self.given(cleaned)}
        here = {item.key for item in self.items}
        for item in self.items:
            if item.kind is Kind.FILE and cleaned.get(item.key):
                together[item.key] = ["here"]
        for key in rules.missing(self.definition, together):
            if key in here and key not in self.errors:
                self.add_error(key, _("Please answer this."))
        return cleaned

    def given(self, cleaned: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answers as they are kept; files are none of them."""
        cleaned = self.cleaned_data if cleaned is None else cleaned
        asked = [item for item in self.items if item.is_asked and item.kind is not Kind.FILE and item.key in cleaned]
        return {item.key: _answer(item, cleaned[item.key]) for item in asked}

    def parts(self) -> list[dict[str, Any]]:
        """The items in order with their fields, what they depend on, and whether they are asked at the moment."""
        together = {**self.answers, **self.given()} if self.is_bound and not self.errors else self.answers
        shown = rules.shown_keys(self.definition, together)
        return [
            {
                "item": item,
                "field": self[item.key] if item.is_asked else None,
                "is_shown": item.key in shown,
                "decides": self.definition.item(item.condition.key) if item.condition else None,
            }
            for item in self.items
        ]


def _answer(item: Item, value: Any) -> Any:
    if item.kind is Kind.SCALE:
        return int(value) if value not in ("", None) else None
    if item.kind is Kind.DATE:
        return value.isoformat() if value else ""
    return list(value) if item.kind is Kind.MANY else value


def initial_of(items: Sequence[Item], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the fields at first. Of every field something, so that two tabs compare."""
    nothing: dict[Kind, Any] = {Kind.MANY: [], Kind.STATEMENT: False, Kind.DATE: None, Kind.FILE: None}
    found = {item.key: answers.get(item.key, nothing.get(item.kind, "")) for item in items if item.is_asked}
    return {
        item.key: str(found[item.key]) if item.kind is Kind.SCALE else found[item.key] for item in items if item.key in found
    }  # fmt: skip


def field_of(item: Item, user: Any) -> forms.Field:
    """What asks it."""
    common: dict[str, Any] = {"label": item.text, "help_text": item.hint, "required": item.is_required}
    if item.kind is Kind.FILE:
        return FilesField(RESPONSE_FILE, most=rules.MOST_FILES, **common).for_user(user)
    if item.kind is Kind.STATEMENT:
        return forms.BooleanField(**common)
    if item.kind is Kind.DATE:
        return forms.DateField(**common)
    if item.kind in (Kind.ONE, Kind.MANY):
        choices = [(choice.text, choice.text) for choice in item.choices]
        if item.kind is Kind.MANY:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if item.kind is Kind.SCALE:
        numbers = [(str(number), str(number)) for number in range(item.low, item.high + 1)]
        return forms.ChoiceField(choices=numbers, widget=ScaleInput(item), **common)
    return _words_field(item, common)


def _words_field(item: Item, common: dict[str, Any]) -> forms.Field:
    if item.kind is Kind.LONG_TEXT:
        return forms.CharField(max_length=rules.LINES, widget=forms.Textarea(attrs={"rows": 4}), **common)
    if item.kind is Kind.SIGNATURE:
        attrs = {"autocomplete": "off", "class": "input signature__name", "placeholder": _("First and last name")}
        return forms.CharField(max_length=rules.NAME, widget=forms.TextInput(attrs=attrs), **common)
    return forms.CharField(max_length=rules.LINE, **common)


def condition_words(definition: Definition, item: Item) -> str:
    """When it is asked, in the language in force; empty when always."""
    condition = item.condition
    decides = definition.item(condition.key) if condition else None
    if condition is None or decides is None:
        return ""
    facts = {"question": decides.text[:80], "answer": condition.value}
    if decides.kind is Kind.STATEMENT:
        return _("Only if “%(question)s” is agreed to") % facts
    if decides.kind is Kind.SCALE:
        return _("Only if “%(question)s” is at least %(answer)s") % facts
    return _("Only if “%(question)s” is answered with “%(answer)s”") % facts


def answer_rows(definition: Definition, answers: Mapping[str, Any], files: Sequence[Any]) -> list[dict[str, Any]]:
    """What was asked and answered, in order, for a page or a document. `kind` decides how it is written."""
    shown = rules.shown_keys(definition, {**answers, **{row.item_key: [str(row.pk)] for row in files}})
    return [
        {
            "item": item,
            "kind": item.kind.value,
            "label": LABELS[item.kind],
            "answer": answers.get(item.key),
            "day": date.fromisoformat(answers[item.key]) if item.kind is Kind.DATE and answers.get(item.key) else None,
            "files": [row for row in files if row.item_key == item.key],
        }
        for item in definition.items
        if item.key in shown
    ]
