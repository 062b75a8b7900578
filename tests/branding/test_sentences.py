"""Sentences with the organization's nouns in them."""

import pytest

from branding.rules.nouns import Noun
from branding.rules.sentences import as_in_catalogue, fill, terms_in
from branding.rules.vocabulary import Vocabulary
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("row", rows("sentences"))
def test_nouns_are_put_into_sentences(row: tuple[str, ...]) -> None:
    preset, language, written, read = row

    assert fill(written, Vocabulary(preset, language)) == read


def test_the_organizations_own_word_stands_in_the_sentence() -> None:
    words = Vocabulary("clinic", "en", {"invoice": Noun("umber", "umbers", article="a")})

    assert fill("Make %(invoice:a|an)s %(invoice)s, or more %(invoices)s.", words) == "Make a umber, or more umbers."


def test_a_language_without_forms_for_a_gender_takes_the_first() -> None:
    words = Vocabulary("clinic", "de", {"invoice": Noun("Wug", "Wugs")})

    assert fill("%(invoice:Der|Die|Das)s %(invoice)s", words) == "Der Wug"


def test_a_template_doubles_per_cent_signs_and_the_catalogue_does_not() -> None:
    assert as_in_catalogue("100 %% of %%(clients)s, %%(name)s") == "100 %% of %(clients)s, %%(name)s"
    assert fill("%%(Clients)s", Vocabulary("school")) == "Students"


def test_the_terms_of_a_sentence_are_known() -> None:
    assert list(terms_in("%(Clients)s of %(name)s: %(invoice:a|an)s %(invoice)s")) == ["client", "invoice", "invoice"]
