"""Which fonts may be brought along, and what they can write: the worked tables of docs/rules/own-fonts.md."""

import string

import pytest
from django.conf import settings

from branding.rules.own_fonts import LETTERS, as_ranges, from_ranges, is_own, missing, refusal, writes_one_of
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
PARTS = {"A–Z": string.ascii_uppercase, "a–z": string.ascii_lowercase, "0–9": string.digits, "and": "", "none": ""}


def letters_of(text: str) -> set[int]:
    return {ord(letter) for part in text.split() for letter in PARTS.get(part, part)}


@pytest.mark.parametrize(("bits", "_says", "answer"), rows("own-fonts", "fsType"))
def test_right_of_the_worked_table(bits: str, _says: str, answer: str) -> None:
    assert (refusal(int(bits, 16)) or "accepted") == answer


@pytest.mark.parametrize(("written", "language", "lacks", "enough"), rows("own-fonts", "Letters"))
def test_letters_of_the_worked_table(written: str, language: str, lacks: str, enough: str) -> None:
    letters = letters_of(written)

    found = missing(language, letters)

    assert found == {"none": "", "everything": missing(language, ())}.get(lacks, lacks)
    assert writes_one_of([language], letters) == (enough == "yes")


def test_every_language_of_the_product_is_described() -> None:
    assert {code for code, _name in settings.LANGUAGES} <= LETTERS.keys()


@pytest.mark.parametrize("letters", [[], [0x20], [0x20, 0x21, 0x22, 0x40], [0x10FFFF, 1]])
def test_ranges_keep_every_letter(letters: list[int]) -> None:
    assert from_ranges(as_ranges(letters)) == set(letters)


@pytest.mark.parametrize(
    "key", ["Inter", "own-sans-12", "own-sans-0123456789ab'", "own-mono-0123456789ab", "own-sans-0123456789AB\n"]
)
def test_only_keys_of_ours_are_uploaded_fonts(key: str) -> None:
    assert is_own("own-serif-0123456789ab") and not is_own(key)
