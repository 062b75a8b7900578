"""A form for each kind of section, made of the fields of its block.

A list of points or questions becomes numbered fields, with a few empty ones to add more; rows that stay empty are left out. A target is chosen
among the pages or typed. Names of fields are those of the block: `heading`, `items-0-title`.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from core.pages.addresses import SIGN_IN, is_address, page_of
from core.pages.sections import KINDS, MOST_ITEMS, PictureBlock, RichTextBlock, TargetBlock
from portal.picture_fields import PictureField
from portal.rich_text_fields import RichTextInput

SPARE = 2
TYPED = "address"


class SectionForm(forms.Form):
    """The fields of one kind of section."""

    def __init__(self, *posted: Any, kind: str, value: dict[str, Any], targets: Sequence[tuple[int, str]]) -> None:
        super().__init__(*posted)
        self.block, self.targets = KINDS[kind], targets
        for name, child in self.block.child_blocks.items():
            if isinstance(child, blocks.ListBlock):
                rows = [item["value"] for item in value.get(name) or []]
                self._add_rows(name, child.child_block, rows)
            else:
                self._add(name, child, value.get(name))

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields as the page shows them: those of the section, then one group for each point or question."""
        names = list(self.fields)
        yield "", [self[name] for name in names if "-" not in name]
        rows = dict.fromkeys(name.rpartition("-")[0] for name in names if "-" in name)
        for number, row in enumerate(rows, start=1):
            label = self.block.child_blocks[row.partition("-")[0]].label
            yield f"{label} {number}", [self[name] for name in names if name.startswith(f"{row}-")]

    def value(self, keep: Callable[[UploadedFile], str]) -> dict[str, Any]:
        """What was sent, as a section's value; `keep` keeps an upload and gives its id."""
        value: dict[str, Any] = {}
        for name, child in self.block.child_blocks.items():
            if isinstance(child, blocks.ListBlock):
                value[name] = [{"type": "item", "value": row} for row in self._rows(name, child.child_block)]
            elif isinstance(child, TargetBlock):
                value[name] = self._target(name)
            else:
                given = self.cleaned_data[name]
                value[name] = keep(given) if isinstance(given, UploadedFile) else given
        return value

    def clean(self) -> dict[str, Any]:
        for name, child in self.block.child_blocks.items():
            if isinstance(child, blocks.ListBlock):
                self._check_rows(name, child.child_block)
            if isinstance(child, TargetBlock) and self.cleaned_data.get(name) == TYPED:
                typed = self.cleaned_data.get(f"{name}_address", "")
                if not is_address(typed):
                    self.add_error(f"{name}_address", _("Write an address like https://example.com/ or /contact/."))
        return self.cleaned_data

    def _add(self, name: str, child: blocks.Block, given: Any) -> None:
        if isinstance(child, TargetBlock):
            self._add_target(name, child, given or "")
            return
        field = _field_of(child)
        field.label, field.initial = child.label, child.get_default() if given is None else given
        self.fields[name] = field

    def _add_rows(self, name: str, child: blocks.StructBlock, rows: list[dict[str, Any]]) -> None:
        for number in range(min(max(len(rows) + SPARE, 3), MOST_ITEMS)):
            row = rows[number] if number < len(rows) else {}
            for key, part in child.child_blocks.items():
                self._add(f"{name}-{number}-{key}", part, row.get(key))
                self.fields[f"{name}-{number}-{key}"].required = False  # a row that is emptied goes

    def _add_target(self, name: str, child: TargetBlock, given: str) -> None:
        known = {f"page:{pk}" for pk, _title in self.targets} | {SIGN_IN, ""}
        choices = [(f"page:{pk}", title) for pk, title in self.targets]
        choices += [(SIGN_IN, _("Signing in")), (TYPED, _("Another address"))]
        first = [] if child.required else [("", _("Nowhere"))]
        is_typed = given not in known and page_of(given) is None
        self.fields[name] = forms.ChoiceField(
            label=child.label, choices=[*first, *choices], required=child.required, initial=TYPED if is_typed else given
        )
        self.fields[f"{name}_address"] = forms.CharField(
            label=gettext_lazy("Another address"), max_length=300, required=False, initial=given if is_typed else ""
        )

    def _target(self, name: str) -> str:
        chosen = self.cleaned_data[name]
        return self.cleaned_data[f"{name}_address"] if chosen == TYPED else chosen

    def _check_rows(self, name: str, child: blocks.StructBlock) -> None:
        """A row in which something stands is whole."""
        for number, row in enumerate(list(self._sent_rows(name, child))):
            for key, part in child.child_blocks.items():
                field = f"{name}-{number}-{key}"
                if _is_written(row, child) and part.required and not row[key] and field not in self.errors:
                    self.add_error(field, _("This field is required."))

    def _rows(self, name: str, child: blocks.StructBlock) -> Iterator[dict[str, Any]]:
        """Rows in which somebody has written something."""
        return (row for row in self._sent_rows(name, child) if _is_written(row, child))

    def _sent_rows(self, name: str, child: blocks.StructBlock) -> Iterator[dict[str, Any]]:
        number = 0
        while f"{name}-{number}-{next(iter(child.child_blocks))}" in self.fields:
            yield {key: self.cleaned_data.get(f"{name}-{number}-{key}") for key in child.child_blocks}
            number += 1


def _is_written(row: dict[str, Any], child: blocks.StructBlock) -> bool:
    """Whether something stands in a row; which icon is chosen says nothing."""
    return any(given for key, given in row.items() if not isinstance(child.child_blocks[key], blocks.ChoiceBlock))


def _field_of(child: blocks.Block) -> forms.Field:
    """A field of the portal's own for what Wagtail's admin would draw."""
    if isinstance(child, PictureBlock):
        return PictureField(required=child.required)
    field = deepcopy(child.field)
    if isinstance(child, RichTextBlock):
        field.widget = RichTextInput(attrs={"rows": 12})
    elif isinstance(child, blocks.TextBlock):
        field.widget = forms.Textarea(attrs={"rows": 3})
    return field
