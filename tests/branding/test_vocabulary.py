"""The organization's nouns: presets, own words, languages, articles."""

import pytest

from branding.rules.vocabulary import KEYS, UnknownTerm, Vocabulary, capitalized
from branding.rules.words import LANGUAGES, PRESETS, Word

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("preset", "language", "key", "singular", "plural"),
    [
        ("clinic", "en", "client", "client", "clients"),
        ("clinic", "en", "practitioner", "therapist", "therapists"),
        ("school", "en", "client", "student", "students"),
        ("school", "en", "appointment", "lesson", "lessons"),
        ("school", "de", "client", "Schüler", "Schüler"),
        ("school", "es", "appointment", "clase", "clases"),
        ("clinic", "de", "invoice", "Rechnung", "Rechnungen"),
        ("clinic", "de-AT", "invoice", "Rechnung", "Rechnungen"),
        ("clinic", "fr", "invoice", "invoice", "invoices"),  # a language without words reads English
        ("no such preset", "en", "client", "client", "clients"),
    ],
)
def test_words_of_presets_and_languages(preset: str, language: str, key: str, singular: str, plural: str) -> None:
    words = Vocabulary(preset, language)

    assert (words.get(key), words.get(key, plural=True)) == (singular, plural)


def test_the_organizations_own_word_wins() -> None:
    words = Vocabulary("clinic", "en", {"client": Word("wug", "wugs")})

    assert (words.get("client"), words.get("client", plural=True), words.get("invoice")) == ("wug", "wugs", "invoice")


@pytest.mark.parametrize(
    ("language", "key", "definite", "plural", "expected"),
    [
        ("en", "client", False, False, "a client"),
        ("en", "invoice", False, False, "an invoice"),
        ("en", "client", True, True, "the clients"),
        ("en", "client", False, True, "clients"),
        ("de", "client", False, False, "ein Klient"),
        ("de", "invoice", True, False, "die Rechnung"),
        ("de", "goal", True, False, "das Ziel"),
        ("de", "goal", True, True, "die Ziele"),
        ("es", "appointment", False, False, "una cita"),
        ("es", "client", True, True, "los clientes"),
        ("es", "client", False, True, "clientes"),
    ],
)
def test_articles_follow_the_language(language: str, key: str, definite: bool, plural: bool, expected: str) -> None:
    assert Vocabulary("neutral", language).with_article(key, definite=definite, plural=plural) == expected


def test_an_article_may_be_given_where_sound_and_spelling_differ() -> None:
    assert Vocabulary(overrides={"session": Word("hour", "hours", article="an")}).with_article("session") == "an hour"


def test_a_noun_that_is_no_term_is_refused_with_the_list() -> None:
    with pytest.raises(UnknownTerm, match="'patient' is not a term. Terms are: client, practitioner"):
        Vocabulary().get("patient")


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_name_known_terms_in_every_language(preset: str) -> None:
    assert tuple(PRESETS[preset]) == LANGUAGES
    for words in PRESETS[preset].values():
        assert set(words) <= set(KEYS)
        assert all(word.singular and word.plural for word in words.values())


@pytest.mark.parametrize("language", ["de", "es"])
def test_every_word_of_a_language_with_genders_has_one(language: str) -> None:
    words = [word for preset in PRESETS.values() for word in preset[language].values()]

    assert {word.gender for word in words} <= {"m", "f", "n"}


def test_capitalized_raises_the_first_letter_only() -> None:
    assert (capitalized("staff member"), capitalized("eID holder"), capitalized("")) == (
        "Staff member",
        "EID holder",
        "",
    )
