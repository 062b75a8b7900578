"""Choosing people in a form: a short list while all fit in, else a search that offers a few (the one person picker).

    client = PersonField(CLIENTS)                      # in the form's class
    self.fields["client"].offer(user, schedule=key)    # in its __init__: who chooses, and what it is about

Without scripts the search is a field with a button, which shows the form again with whom it found. With scripts it is a combobox
(`js/components/person-picker.js`). Whoever was chosen is asked for at the source's door again when the form is checked.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.people.models import User
from portal.person_choices import Choice, Offer, Source

SEARCH = "find-people"  # the button that only searches, with the name of the field


class PickerMixin:
    """A group or a select whose options are the chosen ones and a few others."""

    offer: Offer | None = None
    empty_label: Any = None
    typed = ""
    choices: Any

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if data.get(SEARCH) == name:
            self.typed = data.get(f"{name}-find", "").strip()
        return super().value_from_datadict(data, files, name)  # type: ignore[misc]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options, more = self._options(value)
        self.choices = [(each.key, each.label) for each in options]
        group = super().render(name, value, attrs, renderer)  # type: ignore[misc]
        if not more and not self.typed:
            return SafeString(group)
        assert self.offer is not None
        context = {
            "group": group,
            "name": name,
            "id": (attrs or {}).get("id") or f"id_{name}",
            "typed": self.typed,
            "found": len(options),
            "more": more,
            "many": isinstance(self, forms.CheckboxSelectMultiple),
            "address": self.offer.address,
            "about": " ".join(self.offer.source.about),
            "button": SEARCH,
        }
        return render_to_string("components/person_picker.html", context)

    def _options(self, value: Any) -> tuple[list[Choice], bool]:
        if self.offer is None:
            return [], False
        keys = [str(key) for key in (value if isinstance(value, Iterable) and not isinstance(value, str) else [value])]
        shown, more = self.offer.found(self.typed) if self.typed else self.offer.first()
        chosen = self.offer.chosen(key for key in keys if key)
        standing = {each.key for each in chosen}
        return [*chosen, *(each for each in shown if each.key not in standing)], more


class PeopleBoxes(PickerMixin, forms.CheckboxSelectMultiple):
    """Several."""


class PersonRadios(PickerMixin, forms.RadioSelect):
    """One of many."""


class PersonSelect(forms.Select):
    """One of a few."""


class PeopleField(forms.MultipleChoiceField):
    """Several people; cleans to their rows."""

    widget = PeopleBoxes
    default_error_messages: ClassVar = {
        "unknown": _("Somebody you chose cannot be chosen here any more. Choose from the list.")
    }

    def __init__(self, source: Source, **options: Any) -> None:
        self.source = source
        super().__init__(**options)

    def offer(self, user: User, **about: Any) -> None:
        """Say who chooses, and what it is about."""
        self.offered = self.widget.offer = Offer(self.source, user, about)

    def clean(self, value: Any) -> list[Any]:
        keys = self.to_python(value)
        if not keys:
            self.validate(keys)
        found = list(self.offered.with_keys(keys))
        if len(found) < len(set(keys)):
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        self.run_validators(found)
        return found

    def prepare_value(self, value: Any) -> Any:
        return [_key(each) for each in value] if isinstance(value, Iterable) and not isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return {str(_key(each)) for each in initial or ()} != {str(each) for each in data or ()}


class PersonField(forms.ChoiceField):
    """One person; cleans to their row, or None."""

    widget = PersonRadios
    default_error_messages: ClassVar = {
        "unknown": _("Whom you chose cannot be chosen here any more. Choose from the list.")
    }

    def __init__(self, source: Source, *, empty_label: Any = "", **options: Any) -> None:
        self.source, self.empty_label = source, empty_label or _("Choose…")
        super().__init__(**options)

    def offer(self, user: User, **about: Any) -> None:
        """Say who chooses, and what it is about. Where all fit in, it is a plain select."""
        self.offered = Offer(self.source, user, about)
        few, more = self.offered.first()
        if more:
            self.widget.offer = self.offered
        else:
            self.widget = PersonSelect()
            self.widget.is_required = self.required
            self.choices = [("", self.empty_label), *((each.key, each.label) for each in few)]

    def clean(self, value: Any) -> Any:
        if value in self.empty_values:
            self.validate(None)
            return None
        found = self.offered.with_keys([value]).first()
        if found is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return found

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def prepare_value(self, value: Any) -> Any:
        return _key(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(_key(initial) or "") != str(data or "")


def offer(form: forms.BaseForm, name: str, user: User, **about: Any) -> None:
    """Let this person choose in the form's field, from what it is about."""
    form.fields[name].offer(user, **about)  # type: ignore[attr-defined]


def only_searches(request: HttpRequest) -> bool:
    """Whether the button of a search sent the form: it is to be shown again, and nothing is done."""
    return SEARCH in request.POST


def without_errors(form: Any) -> Any:
    """The bound form with what was typed and chosen, unchecked."""
    form._errors = ErrorDict()
    return form


def _key(row: Any) -> Any:
    return getattr(row, "pk", row)
