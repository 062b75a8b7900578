"""A noun that an organization gives itself."""

import pytest

from branding.rules.nouns import Noun
from branding.rules.own_nouns import fault_of, is_usable
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("row", rows("own-nouns"))
def test_faults_of_words(row: tuple[str, ...]) -> None:
    word, fault = row
    assert (fault_of(word) or "–") == fault


@pytest.mark.parametrize("word", ["two\nlines", "bell\x07", "\u200b", "\u202e"])
def test_what_nobody_sees_is_no_word(word: str) -> None:
    assert fault_of(word) == "unseen"


def test_a_gender_that_the_language_does_not_have_is_of_no_use() -> None:
    assert is_usable(Noun("Wug", "Wugs", "n"), "de") and not is_usable(Noun("wug", "wugs", "n"), "es")
