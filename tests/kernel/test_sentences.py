"""What fills a sentence is written as its reader writes it."""

from decimal import Decimal

import pytest
from django.utils import translation

from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.kernel.translation import translate, translate_plural

pytestmark = pytest.mark.unit

READ = {
    "en": ("€1,234.50", "12.5"),
    "de": ("1.234,50\u00a0€", "12,5"),
    "es": ("1.234,50\u00a0€", "12,5"),
    "fr": ("1\u202f234,50\u00a0€", "12,5"),
}


@pytest.mark.parametrize("language", READ)
def test_amounts_and_numbers_are_the_readers(language):
    amount, number = READ[language]
    values = {"amount": Money(123450, "EUR"), "number": Decimal("12.50"), "minutes": 1500, "text": "12.50 EUR"}
    with translation.override(language):
        said = translate("%(amount)s %(number)s %(minutes)s %(text)s", **values)
        several = translate_plural("%(amount)s", "%(amount)s", 2, amount=values["amount"])
    assert (said, several) == (f"{amount} {number} 1500 12.50 EUR", amount)


@pytest.mark.parametrize(
    ("amount", "said"),
    [(Money(500, "JPY"), "¥500"), (Money(-1005, "KWD"), "-KWD1.005"), (Money(0, "EUR"), "€0.00")],
)
def test_currencies_keep_their_decimals(amount, said):
    with translation.override("en"):
        assert translate("%(amount)s", amount=amount) == said


def test_text_in_several_languages_is_read_in_the_readers():
    with translation.override("fr"):
        assert translate("%(name)s", name=OwnText("Singing", {"fr": "Chant"})) == "Chant"


@pytest.mark.parametrize(("language", "most"), [("en", "€1,000,000.00"), ("de", "1.000.000,00\u00a0€")])
def test_amount_that_is_too_high_is_refused_in_the_readers_words(language, most):
    with translation.override(language), pytest.raises(DomainError) as refused:
        Money.parse("99999999", "EUR")
    assert most in str(refused.value)
