"""Host names as typed and as stored."""

import pytest

from core.kernel.errors import DomainError
from tenants import host_names

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("clinic.example.org", "clinic.example.org"),
        ("  Clinic.Example.ORG. ", "clinic.example.org"),
        ("müller-praxis.de", "xn--mller-praxis-dlb.de"),
        ("MÜLLER-PRAXIS.de", "xn--mller-praxis-dlb.de"),
        ("clinic.localhost", "clinic.localhost"),
    ],
)
def test_read_stores_the_host_in_one_form(typed, stored):
    assert host_names.read(typed, reserved="console.test") == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "host_invalid"),
        ("clinic", "host_invalid"),
        ("https://clinic.example.org/", "host_invalid"),
        ("clinic.example.org:8000", "host_invalid"),
        ("two words.org", "host_invalid"),
        ("-clinic.example.org", "host_invalid"),
        ("clinic..example.org", "host_invalid"),
        ("under_score.example.org", "host_invalid"),
        ("*.example.org", "host_invalid"),
        ("10.0.0.1", "host_invalid"),
        ("a" * 64 + ".org", "host_invalid"),
        (".".join(["abcdefgh"] * 30), "host_invalid"),
        ("xn--a\N{COMBINING GRAVE ACCENT}.org", "host_invalid"),
        ("console.test", "host_reserved"),
        ("sub.CONSOLE.test.", "host_reserved"),
    ],
)
def test_read_refuses_what_is_no_host(typed, code):
    with pytest.raises(DomainError) as refused:
        host_names.read(typed, reserved="console.test")

    assert (refused.value.code, refused.value.field) == (code, "host")


@pytest.mark.parametrize(
    ("header", "stored"),
    [
        ("North.Test:8000", "north.test"),
        ("north.test.", "north.test"),
        ("MÜLLER.de", "xn--mller-kva.de"),
        ("ﷺ" * 80, ""),
    ],
)
def test_normalize_never_raises(header, stored):
    assert host_names.normalize(header) == stored


def test_shown_gives_people_their_own_letters():
    assert host_names.shown("xn--mller-kva.de") == "müller.de"
