"""Lines that can be seen and addresses that can be typed: in every form, at writing and at signing in."""

import pytest
from django import forms
from django.contrib.auth import get_user_model

from core.kernel.unseen import address, one_line
from core.people.models import Client, User
from core.people.queries import login_by_email

unit = pytest.mark.unit
FAMILY, PIRATE, ENGLAND = (
    "👨\u200d👩\u200d👧",
    "🏴\u200d☠️",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)
PERSIAN, MALAYALAM, SINHALA = "می\u200cخواهم", "അവന\u0d4d\u200d", "ශ\u0dca\u200dරී"


@unit
@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Anna", "Anna"),
        (" Anna\u00a0", "Anna"),
        ("An\u00adna\u200b Me\u2060yer\ufeff", "Anna Meyer"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\u2066Anna\u2069", "Anna"),
        ("Anna\r\nBcc: all@x.example", "Anna Bcc: all@x.example"),
        ("Anna\u2028Meyer\x85Dr.\tMed", "Anna Meyer Dr. Med"),
        ("An\u200dna", "Anna"),
        ("An\u200c\u200dna", "Anna"),
        ("\u200dAnna\u200d", "Anna"),
        ("Anna\U000e0041\U000e0042", "Anna"),
        ("\u200b", ""),
        ("\u3164", ""),
        ("\u2800\u00a0\uffa0\u115f", ""),
        (FAMILY, FAMILY),
        (PIRATE, PIRATE),
        (ENGLAND, ENGLAND),
        (PERSIAN, PERSIAN),
        (MALAYALAM, MALAYALAM),
        (SINHALA, SINHALA),
        ("\u05e9\u05dc\u05d5\u05dd\u200f", "\u05e9\u05dc\u05d5\u05dd"),
        ("Zoe\u0308", "Zoe\u0308"),
    ],
)
def test_one_line(typed, line):
    assert one_line(typed) == line
    assert forms.CharField(required=False).clean(typed) == line


@unit
@pytest.mark.parametrize(
    "typed",
    [
        "zw@inv.example\u200b", "\ufeffzw@inv.example", "zw@in\u00adv.example", "zw\u200d@inv.example", " zw@inv.example\r\n",
        "\u2066zw@inv.example\u2069", "zw@inv\u200c.example", "zw@inv.example\u3164",
    ],
)  # fmt: skip
def test_an_address_is_what_can_be_typed(typed):
    assert address(typed) == "zw@inv.example"
    assert forms.EmailField().clean(typed) == "zw@inv.example"


@unit
@pytest.mark.parametrize("name", ["\u200b", "\u3164", " \u2060\u00a0", "\u200d\u200c", "\r\n"])
def test_a_name_that_nobody_sees_is_no_name(name):
    with pytest.raises(forms.ValidationError, match="required"):
        forms.CharField().clean(name)


@unit
def test_passwords_and_texts_of_several_lines_stay_as_they_are():
    secret, text = " pass\u200bword\tone ", "one\r\ntwo\u200b"
    assert forms.CharField(widget=forms.PasswordInput, strip=False).clean(secret) == secret
    assert forms.CharField(widget=forms.Textarea).clean(text) == text


@pytest.mark.parametrize("field", ["first_name", "last_name", "email", "phone"])
def test_a_client_is_written_without_them(cast, visit, field):
    values = {
        "first_name": "Max", "last_name": "Long", "status": "active", "time_zone": "Europe/Berlin", "color": "#0f766e",
        "email": "max@inv.example", "phone": "030 1234", "login-relationship": "guardian",
    }  # fmt: skip
    answer = visit(cast.nora).post("/people/clients/new/", {**values, field: f"\u200b{values[field]}\r\n\ufeff"})

    assert answer.status_code == 302
    assert getattr(Client.objects.get(first_name="Max"), field) == values[field]


def test_a_login_is_written_and_found_without_them(cast, visit):
    staff = {
        "name": "Pia\r\nNew",
        "email": "pia@inv.example\u200b",
        "time_zone": "Europe/Berlin",
        "role": "practitioner",
    }

    assert visit(cast.nora).post("/people/staff/new/", staff).status_code == 302

    pia = User.objects.get(email="pia@inv.example")
    assert pia.name == "Pia New"
    assert login_by_email("\ufeffPIA@inv.example\u200b") == pia
    assert get_user_model().objects.create_user("new\u200b@inv.example", name="New").email == "new@inv.example"


def test_somebody_signs_in_with_an_address_from_the_clipboard(cast, visit):
    signed_in = visit(None).post(
        "/account/login/", {"login": "\u200bnora@north.test\u2060", "password": "correct horse battery"}
    )
    assert signed_in.status_code == 302
