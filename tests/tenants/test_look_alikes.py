"""Host names that look like others are told apart from those that only have letters of their own."""

import pytest

from core.kernel.errors import DomainError
from tenants import look_alikes

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("host", "letters"),
    [
        ("\u0430pple.example", "\u0430"),  # Cyrillic a before Latin letters
        ("xn--pple-43d.example", "\u0430"),
        ("\u0430\u0440\u0440\u04cf\u0435.example", "\u0430\u0440\u04cf\u0435"),  # wholly Cyrillic, and reads apple
        ("clinic.ex\u03b1mple", "\u03b1"),  # Greek alpha
        ("c\u0131inic.example", "\u0131"),  # dotless i
        ("g\u0261ogle.example", "\u0261"),
        ("кли\u006eика.example", "клиика"),  # a Latin n among Cyrillic letters: both kinds are there
        ("\u0585n\u0585.example", "\u0585"),  # Armenian oh
    ],
)
def test_letters_that_look_like_others_are_found(host, letters):
    assert {found.letter for found in look_alikes.look_alikes(host)} == set(letters)
    assert look_alikes.described(host).startswith("Looks like another host: “")
    with pytest.raises(DomainError) as refused:
        look_alikes.check_meant(host, False)
    assert (refused.value.code, refused.value.field) == ("host_look_alike", "host")
    look_alikes.check_meant(host, True)


@pytest.mark.parametrize(
    "host",
    ["clinic.example", "müller-praxis.example", "xn--mller-praxis-dlb.example", "niño.example", "faß.example"]
    + ["клиника.example", "πρακτική.example", "診療所クリニックabc.example", "병원.example", "عيادة.example"]
    + ["a-1.b-2.example", "xn--broken-.example", "", "łódź.example"],
)
def test_letters_of_ones_own_are_no_look_alikes(host):
    assert look_alikes.look_alikes(host) == []
    look_alikes.check_meant(host, False)
