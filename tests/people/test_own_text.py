"""The rule of an organization's own words for a mail: what can be written, and what a reader gets."""

import pytest

from core.kernel.errors import DomainError
from core.notifications.rules.own_text import LONGEST_BODY, OwnText, checked, filled
from core.people.rules.invitation_text import EXAMPLES, MAY_BE_EMPTY, PLACEHOLDERS
from tests.rules_tables import rows

VALUES = {"name": "Mia", "inviter": "Nora", "organization": "North", "clients": "Max", "role": ""}


def check(subject="Come in, {{ name }}", body="Hello"):
    return checked(OwnText(subject, body), EXAMPLES, MAY_BE_EMPTY)


@pytest.mark.unit
def test_text_is_tidied_and_filled():
    text = check(
        "  Come in,\r\n {{ name }} ",
        "Hello {{name}},\r\n\r\n{% if clients %}for {{ clients }}{% endif %}\r\nline two\r\n",
    )

    own = filled(text, VALUES)

    assert own.subject == "Come in, Mia"
    assert own.paragraphs == [["Hello Mia,"], ["for Max", "line two"]]
    assert filled(text, {**VALUES, "clients": ""}).paragraphs == [["Hello Mia,"], ["line two"]]


@pytest.mark.unit
@pytest.mark.parametrize(("written", "answer"), rows("own-text"))
def test_text_that_cannot_be_sent_is_refused_when_it_is_written(written, answer):
    if answer == "fine":
        assert check(body=written).body == written
        return
    with pytest.raises(DomainError) as caught:
        check(body=written)

    assert (caught.value.code, caught.value.field) == (answer, "body")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("written", "code"),
    [("", "text_missing"), ("   \n ", "text_missing"), ("x" * (LONGEST_BODY + 1), "text_too_long")],
)
def test_text_without_words_or_end_is_refused(written, code):
    with pytest.raises(DomainError) as caught:
        check(body=written)

    assert (caught.value.code, caught.value.field) == (code, "body")


@pytest.mark.unit
def test_placeholders_of_an_invitation_are_those_of_the_table():
    listed = [(name, what, name in MAY_BE_EMPTY) for name, what in PLACEHOLDERS.items()]

    assert listed == [(name, what, empty == "yes") for name, what, empty in rows("invitation-text")]


@pytest.mark.unit
def test_unknown_placeholder_is_named_with_those_that_there_are():
    with pytest.raises(DomainError, match=r"“nmae”.*name, inviter, organization, clients, role") as caught:
        check(subject="Hello {{ nmae }}")

    assert caught.value.field == "subject"


@pytest.mark.unit
def test_subject_that_may_turn_out_empty_is_refused():
    with pytest.raises(DomainError) as caught:
        check(subject="{% if role %}{{ role }}{% endif %}")

    assert (caught.value.code, caught.value.field) == ("text_missing", "subject")


@pytest.mark.unit
def test_what_is_filled_in_is_never_a_template_nor_a_second_line():
    own = filled(check("Hi {{ name }}", "Hi {{ name }}"), {**VALUES, "name": "{{ inviter }}\r\nBcc: eve@example.test"})

    assert own.subject == "Hi {{ inviter }} Bcc: eve@example.test"
