"""No sentence says a noun that an organization may have renamed: neither the English one nor its translations.

The words of all packs are looked for in every language, beside the places for nouns. What stays says something else than the noun, and why is told.
"""

import re

import pytest

from branding.rules.nouns import LANGUAGES
from deploy.local import messages
from tests.stock_nouns import ALLOWED, left, stock

pytestmark = pytest.mark.unit


def said_in(language: str) -> set[str]:
    if language == "en":
        read = [message.id for message in messages.said_in_sources() if message.id]
    else:
        [path] = [path for path in messages.catalogues() if path.parts[-3] == language]
        read = [message.string for message in messages.read(path) if message.id]
    return {form for each in read for form in ([each] if isinstance(each, str) else each)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_a_noun_that_can_be_renamed(language):
    found = {sentence: stock(language).findall(left(sentence, language)) for sentence in said_in(language)}

    assert {sentence: words for sentence, words in found.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_exception_is_still_said(language):
    sentences = said_in(language)

    assert [
        why for why, phrase in ALLOWED[language].items() if not any(re.search(phrase, one) for one in sentences)
    ] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Book an appointment."), ("en", "Your therapists"), ("de", "Wegen des Termins"), ("de", "Für Klienten"), ("es", "Su cita"),
        ("fr", "Votre rendez-vous"), ("fr", "Ce coaché"),
    ],
)  # fmt: skip
def test_a_stock_noun_is_found(language, sentence):
    assert stock(language).search(left(sentence, language))
