"""The organization's nouns: presets, own words, languages, articles."""

import pytest

from branding.rules.nouns import LANGUAGES, PRESETS, Noun
from branding.rules.vocabulary import UnknownTerm, Vocabulary, capitalized, keys
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("row", rows("vocabulary"))
def test_words_of_presets_and_languages(row: tuple[str, ...]) -> None:
    preset, language, key, *expected = row
    words = Vocabulary(preset, language)

    found = [words.get(key), words.get(key, plural=True), words.with_article(key)]
    found += [words.with_article(key, definite=True), words.with_article(key, definite=True, plural=True)]
    assert found == expected


def test_a_kind_without_words_reads_the_neutral_ones() -> None:
    words = Vocabulary("no such preset", "en")

    assert (words.get("client"), words.get("client", plural=True)) == ("client", "clients")


def test_the_organizations_own_word_wins() -> None:
    words = Vocabulary("clinic", "en", {"client": Noun("wug", "wugs")})

    assert (words.get("client"), words.get("client", plural=True), words.get("invoice")) == ("wug", "wugs", "invoice")


@pytest.mark.parametrize(
    ("language", "plural"), [("en", "clients"), ("de", "Klient:innen"), ("es", "clientes"), ("fr", "clients")]
)
def test_several_of_them_have_no_article(language: str, plural: str) -> None:
    assert Vocabulary("neutral", language).with_article("client", plural=True) == plural


def test_an_article_may_be_given_where_sound_and_spelling_differ() -> None:
    assert Vocabulary(overrides={"session": Noun("hour", "hours", article="an")}).with_article("session") == "an hour"


def test_a_noun_that_is_no_term_is_refused_with_the_list() -> None:
    with pytest.raises(UnknownTerm, match="'patient' is not a term. Terms are: client, practitioner"):
        Vocabulary().get("patient")


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_name_known_terms_in_every_language(preset: str) -> None:
    assert tuple(PRESETS[preset]) == LANGUAGES
    for words in PRESETS[preset].values():
        assert set(words) <= set(keys())
        assert all(word.singular and word.plural for word in words.values())


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_every_word_of_a_language_with_genders_has_one(language: str) -> None:
    words = [word for preset in PRESETS.values() for word in preset[language].values()]

    assert {word.gender for word in words} <= {"m", "f", "n"}


def test_capitalized_raises_the_first_letter_only() -> None:
    assert (capitalized("staff member"), capitalized("eID holder"), capitalized("")) == (
        "Staff member",
        "EID holder",
        "",
    )
