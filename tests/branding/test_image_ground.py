"""On which ground a logo can be seen: the worked table of docs/rules/image-ground.md."""

import re

import pytest

from branding.rules.image_ground import ground_for
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(("picture", "needed"), rows("image-ground"))
def test_ground_of_the_worked_table(picture: str, needed: str) -> None:
    shares = [(colour, int(share)) for colour, share in re.findall(r"(#\w{6})` (\d+) %", f"`{picture}")]
    rest = 100 - sum(share for _, share in shares)

    found = ground_for([*((colour, 1.0, share) for colour, share in shares), ("#000000", 0.0, rest)])

    assert (found or "none") == needed
