"""The parts of a form: added, changed, moved by buttons or by dragging, removed."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import ConflictError, NotFound
from core.kernel.translation import translate
from core.records.questionnaires import actions
from core.records.questionnaires.models import Questionnaire
from core.records.questionnaires.permissions import KEEP, get_form
from core.records.questionnaires.rules.questionnaires import (
    Definition,
    Item,
    Kind,
    in_order,
    moved,
    new_key,
    with_item,
    without_item,
)
from portal.forms import FormView
from portal.questionnaires.answer_fields import AnswersForm
from portal.questionnaires.building import FormActionView
from portal.questionnaires.forms import ItemForm, condition_key, typed_choices
from portal.questionnaires.kinds import LABELS


class _ItemFormView(FormView):
    """A form about one part, with how it looks beside it."""

    edits = True
    template_name = "questionnaires/item.html"
    form_row: Questionnaire
    item: Item

    def get_edited(self) -> list[Any]:
        return [self.form_row]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "preview" in request.POST:
            return self.preview(**kwargs)
        return super().post(request, **kwargs)

    def preview(self, **kwargs: Any) -> HttpResponse:
        """How it would look, as far as it can be read; nothing is kept."""
        self.load(**kwargs)
        form = self.get_form(self.request.POST, self.request.FILES)
        item = form.made() if form.is_valid() else self.item
        return render(self.request, "questionnaires/_item_preview.html", {"preview": preview_of(item, self.user)})

    def get_form(self, *posted: Any) -> ItemForm:
        definition = self.form_row.definition
        return ItemForm(*posted, definition=definition, item=self.item, initial=self.get_initial())

    def get_initial(self) -> dict[str, Any]:
        item, definition = self.item, self.form_row.definition
        return {
            "text": item.text, "hint": item.hint, "is_required": item.is_required, "low": item.low, "high": item.high,
            "low_text": item.low_text, "high_text": item.high_text, "condition": condition_key(definition, item),
            "choices": typed_choices(item.choices, is_scored=definition.is_scored),
        }  # fmt: skip

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "form_row": self.form_row,
            "title": LABELS[self.item.kind],
            "item": self.item,
            "preview": preview_of(self.item, self.user),
            "back": self.get_success_url(),
        }

    def perform(self, form: ItemForm) -> Questionnaire:
        item, after = form.made(), self.request.GET.get("after", "")
        self.item = item
        return actions.change_items(
            self.form_row, lambda definition: self.changed(definition, item, after), by=self.user, now=clock.now()
        )

    def changed(self, definition: Definition, item: Item, after: str) -> Definition:
        """The form with it."""
        return with_item(definition, item, after=after)

    def get_success_url(self) -> str:
        return f"{reverse('questionnaires:form', args=[self.form_row.pk])}#item-{self.item.key}"


def preview_of(item: Item, user: Any) -> AnswersForm:
    """One part alone, asked whatever it depends on."""
    alone = Definition(
        "-", items=(Item(**{**{name: getattr(item, name) for name in item.__slots__}, "condition": None}),)
    )
    return AnswersForm(
        definition=alone, items=alone.items, answers={}, user=user, auto_id="preview-%s", prefix="preview"
    )


class NewItemView(_ItemFormView):
    """Another part, behind the one that `after` names, else at the end."""

    edits = False
    success_message = gettext_lazy("Added.")

    def is_one_per_content(self) -> bool:
        return False  # because the same question may well be asked twice

    def load(self, pk: UUID, kind: str) -> None:
        self.form_row = get_form(self.user, pk, to=KEEP)
        if kind not in set(Kind):
            raise NotFound(f"kind {kind}")
        self.item = Item(new_key(self.form_row.definition), Kind(kind))

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        if self.item.kind is Kind.SIGNATURE:
            initial["text"] = _("I have read this, and what I have answered is true as far as I know.")
        return initial

    def changed(self, definition: Definition, item: Item, after: str) -> Definition:
        if definition.item(item.key) is not None:  # somebody has added one meanwhile
            self.item = item = Item(
                **{**{name: getattr(item, name) for name in item.__slots__}, "key": new_key(definition)}
            )
        return with_item(definition, item, after=after)


class ItemView(_ItemFormView):
    """One part, changed."""

    success_message = gettext_lazy("Saved.")

    def load(self, pk: UUID, key: str) -> None:
        self.form_row = get_form(self.user, pk, to=KEEP)
        found = self.form_row.definition.item(key)
        if found is None:
            raise NotFound(f"item {key}")
        self.item = found

    def hold_edited(self) -> None:
        super().hold_edited()
        self.load(self.form_row.pk, self.item.key)


class MoveView(FormActionView):
    """One place up or down."""

    def load(self, pk: UUID, key: str) -> None:  # type: ignore[override]
        super().load(pk)
        self.key = key

    def perform(self) -> None:
        by = -1 if self.request.POST.get("to") == "up" else 1
        change = lambda definition: moved(definition, self.key, by=by)  # noqa: E731
        actions.change_items(self.form_row, change, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return f"{super().get_success_url()}#item-{self.key}"


class RemoveItemView(FormActionView):
    """Asked no longer. Forms that were sent are as they were."""

    success_message = gettext_lazy("Removed. What was sent before stays as it was.")

    def load(self, pk: UUID, key: str) -> None:  # type: ignore[override]
        super().load(pk)
        self.key = key

    def perform(self) -> None:
        change = lambda definition: without_item(definition, self.key)  # noqa: E731
        actions.change_items(self.form_row, change, by=self.user, now=clock.now())


class OrderView(FormActionView):
    """The whole order, as somebody has dragged it."""

    def perform(self) -> None:
        keys = self.request.POST.get("keys", "").split()
        seen = self.request.POST.get("seen", "")
        revision = int(seen) if seen.isdecimal() and len(seen) < 9 else -1
        actions.change_items(
            self.form_row, lambda definition: _ordered(definition, keys), seen=revision, by=self.user, now=clock.now()
        )


def _ordered(definition: Definition, keys: list[str]) -> Definition:
    found = in_order(definition, keys)
    if found is None:
        raise ConflictError(
            "form_moved_on", translate("Somebody has changed this form meanwhile. Look at it as it is now.")
        )
    return found
