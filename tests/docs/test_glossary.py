"""docs/glossary.md: one word, one thing."""

import re
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
TEXT = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text()
GLOSSARY, _, OWNED_TWICE = TEXT.partition("## Words with two owners")


def test_no_word_has_two_meanings() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]{3,} \|", GLOSSARY, re.MULTILINE)
    words = [word.strip().lower() for row in rows if row != "word" for word in row.split(",")]
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert len(words) > 100


def test_a_word_with_two_owners_names_both() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", OWNED_TWICE, re.MULTILINE)[1:]
    assert len(rows) >= 5
    assert all(len(here.strip()) > 10 and len(there.strip()) > 10 for _, here, there in rows)
