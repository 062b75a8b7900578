"""The tables of docs/rules/owning.md and docs/rules/links.md."""

import pytest

from core.resources.rules.links import kind_of_link
from core.resources.rules.owning import Owning
from tests.rules_tables import rows

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("row", rows("owning"))
def test_owning(row):
    owned, most, more, taken, nearly = row
    owning = Owning(int(owned), None if most == "–" else int(most))

    assert ("yes" if owning.takes(int(more)) else "no", "yes" if owning.is_nearly_full else "no") == (taken, nearly)


@pytest.mark.parametrize(("address", "kind"), rows("links"))
def test_links(address, kind):
    assert kind_of_link(address) == kind.replace("–", "")
