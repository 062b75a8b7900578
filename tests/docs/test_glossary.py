"""docs/glossary.md: one word, one thing."""

import re
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text()


def test_no_word_has_two_meanings() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]{3,} \|", GLOSSARY, re.MULTILINE)
    words = [word.strip().lower() for row in rows if row != "word" for word in row.split(",")]
    assert [word for word, times in Counter(words).items() if times > 1] == []
    assert len(words) > 100
