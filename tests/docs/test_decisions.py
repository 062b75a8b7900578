"""docs/adr: every decision has the same form, and none is missing."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit
DECISIONS = sorted((Path(__file__).resolve().parents[2] / "docs" / "adr").glob("*.md"))
HEAD = re.compile(
    r"# (\d+)\. \S.*\n\n- Status: (accepted|accepted, not built yet|superseded by \d+)\n- Date: \d{4}-\d\d-\d\d\n\n"
)
SECTIONS = ["Context", "Decision", "Consequences"]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_decision_has_the_form_of_all(path: Path) -> None:
    text = path.read_text()
    head = HEAD.match(text)

    assert head, "A decision begins with its number and title, its status and its date."
    assert int(head[1]) == int(path.name[:4])
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    assert all(part.strip() for part in re.split(r"^## .*$", text, flags=re.MULTILINE))


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert numbers[0] == 1
    assert all(after == before + 1 for before, after in pairwise(numbers))
