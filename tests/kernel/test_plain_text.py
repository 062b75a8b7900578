"""Text fields take text, in every form and every model that there is."""

from collections.abc import Iterator

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from core.kernel.errors import DomainError
from core.kernel.plain_text import is_plain, is_plain_throughout, require_plain

pytestmark = pytest.mark.unit
APPS = {"account", "billing", "branding", "kernel", "notifications", "pages", "people", "scheduling", "sessions_live"}


@pytest.mark.parametrize(
    "text", ["Anna", "two\nlines\r\nand\ta tab", "张伟 😀 👨\u200d👩", "", "\u00a0", "e\u0301", "\u200f\u05e9", "\x85"]
)
def test_text_is_taken(text):
    assert is_plain(text)
    assert forms.CharField(required=False).clean(text) is not None


@pytest.mark.parametrize(
    "text", ["a\x00b", "bell\x07", "\x1b[31m red", "page\x0cbreak", "\x7f", "\x9b1m", "\ud83d", "\x0b"]
)
def test_what_is_no_text_is_refused_with_a_sentence(text):
    for field in (
        forms.CharField(),
        forms.CharField(widget=forms.Textarea),
        models.CharField(max_length=9),
        models.TextField(),
    ):
        with pytest.raises(ValidationError) as refused:
            field.run_validators(text)
        assert refused.value.messages[0].endswith(".")


def test_every_text_field_of_every_form_refuses():
    for urls in (settings.ROOT_URLCONF, settings.OPERATOR_URLCONF):
        list(views(get_resolver(urls)))  # imports every form that can be reached
    found = [
        (form, name, field)
        for form in subclasses(forms.BaseForm)
        for name, field in fields(form)
        if isinstance(field, forms.CharField)
    ]

    assert len(found) > 60
    assert not [f"{form.__qualname__}.{name}" for form, name, field in found if accepts(field)]


def test_every_text_column_refuses():
    found = [
        field
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
    ]

    assert len(found) > 80
    assert not [str(field) for field in found if accepts(field)]


def accepts(field: forms.Field | models.Field) -> bool:
    """Whether a control character gets by everything that the field checks."""
    try:
        field.run_validators("a\x07b")
    except ValidationError:
        return False
    return True


def fields(form: type[forms.BaseForm]) -> Iterator[tuple[str, forms.Field]]:
    yield from getattr(form, "base_fields", {}).items()


def subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def views(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern)
        else:
            yield pattern


def test_every_text_in_a_value_counts():
    assert is_plain_throughout({"a": [{"b": "text"}, 7, None, True]})
    assert not is_plain_throughout({"a": [{"b": "half \ud83d"}]})
    assert not is_plain_throughout({"key\x00": 1})
    deep = "fine"
    for _ in range(100_000):
        deep = [deep]
    assert is_plain_throughout(deep)


def test_text_that_no_form_has_checked_is_refused_with_the_same_sentence():
    require_plain("Anna", "张伟")
    with pytest.raises(DomainError) as refused:
        require_plain("Anna", "\x1b[31m")
    assert refused.value.code == "control_characters"
    assert refused.value.message.endswith(".")
