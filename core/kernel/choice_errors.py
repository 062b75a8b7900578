"""A choice that is not offered is answered with what to do, never with what was sent: that is an identifier, or a code, and no word for people.

Like the check of texts, a default of Django's own fields, a library's neither.
"""

from typing import Any

from django import forms
from django.db import models
from django.utils.functional import lazystr

from core.kernel.translation import gettext_noop, translate

CHOOSE = gettext_noop("Choose from the list: what you sent is not offered any more.")
FIELDS: tuple[Any, ...] = (
    forms.ChoiceField, forms.TypedChoiceField, forms.MultipleChoiceField, forms.TypedMultipleChoiceField,
    forms.ModelChoiceField, forms.ModelMultipleChoiceField, models.Field,
)  # fmt: skip
CODES = ("invalid_choice", "invalid_list", "invalid_pk_value")


class _Sentence:
    """Read when it is shown, in the reader's language."""

    def __str__(self) -> str:
        return translate(CHOOSE)


def say_no_identifiers() -> None:
    """Make the sentence a default. For the start of the program, before the first field is made."""
    sentence = lazystr(_Sentence())
    for key in (forms.UUIDField, models.UUIDField):
        key.default_error_messages = {**key.default_error_messages, "invalid": sentence}
    for field in FIELDS:
        field.default_error_messages = {**field.default_error_messages, **dict.fromkeys(CODES, sentence)}
