"""The rule of message texts: what can be written, and what a reader gets."""

import pytest

from core.kernel.errors import DomainError
from core.notifications.rules.message_text import LONGEST, Allowed, MessageText, checked, filled, one_line, paragraphs
from tests.rules_tables import rows

ALLOWED = {
    "name": Allowed(),
    "clients": Allowed(may_be_empty=True),
    "role": Allowed(may_be_empty=True),
    "open": Allowed(may_be_empty=True, can_be_written=False),
}
PARTS = ("subject", "body")


def check(subject="Come in, {{ name }}", body="Hello", **rest):
    return checked(MessageText(subject, body=body, **rest), ALLOWED, parts=PARTS)


def lines(written, **values):
    pieces = filled(written, {name: values.get(name, "") for name in ALLOWED})
    return [["".join(piece.text for piece in line) for line in paragraph] for paragraph in paragraphs(pieces)]


@pytest.mark.unit
@pytest.mark.parametrize(("written", "answer"), rows("message-text"))
def test_text_that_cannot_be_sent_is_refused_when_it_is_written(written, answer):
    if answer == "fine":
        assert check(body=written).body == written
        return
    with pytest.raises(DomainError) as caught:
        check(body=written)

    assert (caught.value.code, caught.value.field) == (answer, "body")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ({"body": ""}, "text_missing", "body"),
        ({"subject": " \n "}, "text_missing", "subject"),
        ({"body": "x" * (LONGEST["body"] + 1)}, "text_too_long", "body"),
        ({"subject": "x" * (LONGEST["subject"] + 1)}, "text_too_long", "subject"),
        ({"body": "{% if clients %}" * 12 + "x" + "{% endif %}" * 12}, "text_broken", "body"),
        ({"body": "{% if clients %}" * 140 + "{% endif %}" * 140}, "text_broken", "body"),
    ],
)
def test_text_without_words_or_end_is_refused(text, code, field):
    with pytest.raises(DomainError) as caught:
        check(**text)

    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.unit
def test_refusal_names_the_variable_the_line_and_what_there_is():
    with pytest.raises(DomainError, match=r"Line 3: .*“nmae”.*name, clients, role, open"):
        check(body="nmae\n\nHello {{ nmae }}")


@pytest.mark.unit
def test_heading_may_be_left_out_and_parts_that_the_message_has_not_are_dropped():
    kept = checked(
        MessageText("Hi", heading="", body="Hello", button="x"),
        ALLOWED,
        parts=("subject", "heading", "body"),
        optional={"heading"},
    )

    assert kept == MessageText("Hi", heading="", body="Hello", button="")


@pytest.mark.unit
def test_text_is_tidied_and_filled():
    text = check(
        "  Come in,\r\n {{ name }} ",
        "Hello {{name}},\r\n\r\n{% if clients %}for {{ clients }}{% endif %}\r\nline two\r\n",
    )

    assert one_line(filled(text.subject, {"name": "Mia"})) == "Come in, Mia"
    assert lines(text.body, name="Mia", clients="Max") == [["Hello Mia,"], ["for Max", "line two"]]
    assert lines(text.body, name="Mia") == [["Hello Mia,"], ["line two"]]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("written", "value", "read"),
    [
        ("Due on {{ day }}. For Mia.", "31 oct.", "Due on 31 oct. For Mia."),
        ("{{ day }}.", "31 oct.", "31 oct."),
        ("{{ day }}. For Mia.", "31 May", "31 May. For Mia."),
        ("{{ day }}...", "31 oct.", "31 oct...."),
    ],
)
def test_sentence_that_ends_in_an_abbreviation_has_one_stop(written, value, read):
    assert one_line(filled(written, {"day": value})) == read


@pytest.mark.unit
@pytest.mark.parametrize(
    "value", ["{{ clients }}", "{% if x %}", "a\r\nBcc: eve@example.test", "‮مرحبا\u200d 👩‍👩‍👧 名前", "x" * 200]
)
def test_what_is_filled_in_is_never_a_template_nor_a_second_line(value):
    (line,) = lines("Hi {{ name }}!", name=value, clients="Max")[0]

    assert line == f"Hi {' '.join(value.split())}!"
    assert all(piece.of == "name" for piece in filled("{{ name }}", {"name": value}))


@pytest.mark.unit
def test_value_that_imitates_the_marks_of_filling_changes_nothing():
    with pytest.raises(DomainError):
        check(body="Hi \x02clients\x03")
    assert lines("Hi {{ name }}", name="\x02role\x03", role="secret") == [["Hi \x02role\x03"]]
