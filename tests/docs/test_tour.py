"""docs/tour.md: the map names files that exist, and in each of them what it says to look for."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<what>[^|]+) \| `(?P<file>[\w./-]+\.py)` \| `(?P<name>\w+)` \|$", re.MULTILINE)
MAP = ROW.findall((ROOT / "docs" / "tour.md").read_text())


def test_map_answers_fifteen_questions() -> None:
    assert len({what for what, _, _ in MAP}) == 15


@pytest.mark.parametrize(("what", "file", "name"), MAP, ids=[what for what, _, _ in MAP])
def test_map_leads_to_a_file_that_holds_what_it_says(what: str, file: str, name: str) -> None:
    assert re.search(rf"^\s*(?:def |class |async def )?{name}\b", (ROOT / file).read_text(), re.MULTILINE), what
