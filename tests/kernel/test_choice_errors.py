"""No identifier in a sentence for people: what was sent is never repeated by a field of choices."""

import pytest
from django import forms

from core.people.models import Client

unit = pytest.mark.unit
SENT = "0197f3a0-1111-7000-8000-123456789abc"


@unit
@pytest.mark.parametrize(
    ("field", "value"),
    [
        (forms.ChoiceField(choices=[("a", "A")]), SENT),
        (forms.TypedChoiceField(choices=[("a", "A")]), SENT),
        (forms.MultipleChoiceField(choices=[("a", "A")]), [SENT]),
        (forms.MultipleChoiceField(choices=[("a", "A")]), SENT),
        (forms.TypedMultipleChoiceField(choices=[("a", "A")]), [SENT]),
        (forms.UUIDField(), f"{SENT}x"),
    ],
)
def test_a_choice_that_is_not_offered(field, value):
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(value)

    assert refused.value.messages == ["Choose from the list: what you sent is not offered any more."]


@pytest.mark.parametrize("value", [SENT, "x", "1 OR 1=1"])
def test_rows_that_are_not_offered(cast, value):
    for field, sent in (
        (forms.ModelChoiceField(Client.objects.all()), value),
        (forms.ModelMultipleChoiceField(Client.objects.all()), [value]),
    ):
        with pytest.raises(forms.ValidationError) as refused:
            field.clean(sent)
        assert value not in " ".join(refused.value.messages)


def test_the_model_itself(cast):
    cast.cleo.status = SENT[:10]
    with pytest.raises(forms.ValidationError) as refused:
        cast.cleo.full_clean()
    assert SENT[:10] not in str(refused.value.message_dict["status"])
