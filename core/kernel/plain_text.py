"""Text fields take text: no character that cannot be seen and steers a terminal, a mail or a document instead.

The check is a default of Django's own text fields, so that no form and no model has to think of it, a library's neither. What was typed into
one line is first made one that can be seen (`core.kernel.unseen`); a password is taken as it is, and so is a text of several lines.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.kernel import unseen
from core.kernel.errors import DomainError
from core.kernel.translation import gettext_noop, translate

# All control characters but the tab and the ends of lines; and halves of surrogate pairs, which no file can hold.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")

NOT_PLAIN = gettext_noop("Remove the characters that cannot be seen: they are no text.")


def is_plain(text: str) -> bool:
    """Whether there is nothing but text in it."""
    return _NO_TEXT.search(text) is None


def validate_plain_text(value: object) -> None:
    """Error: a sentence that says what to remove."""
    if isinstance(value, str) and not is_plain(value):
        raise ValidationError(translate(NOT_PLAIN), code="control_characters")


def is_plain_throughout(value: Any) -> bool:
    """Whether every text in a value read from JSON is plain: its names, too."""
    waiting = [value]  # and no recursion, because a stranger decides how deep it goes
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and not is_plain(one):
            return False
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
    return True


def require_plain(*texts: str) -> None:
    """For text that no form has checked: DomainError `control_characters` with the sentence that a form would say."""
    if not all(is_plain(text) for text in texts):
        raise DomainError("control_characters", translate(NOT_PLAIN))


_stock_to_python = forms.CharField.to_python


def to_seen_text(field: forms.CharField, value: Any) -> Any:
    """What a text field takes for typed: `CharField.to_python` of every form."""
    text = _stock_to_python(field, value)
    if not (isinstance(text, str) and field.strip) or isinstance(field.widget, forms.Textarea | forms.PasswordInput):
        return text
    seen = unseen.address(text) if isinstance(field, forms.EmailField) else unseen.one_line(text)
    return seen or field.empty_value


def check_every_text_field() -> None:
    """Make the check a default of text fields. For the start of the program, before the first form is made."""
    forms.CharField.to_python = to_seen_text  # type: ignore[method-assign]
    for field in (forms.CharField, models.CharField, models.TextField):
        if validate_plain_text not in field.default_validators:
            field.default_validators = [*field.default_validators, validate_plain_text]
