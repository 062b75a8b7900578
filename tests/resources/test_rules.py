"""The tables of docs/rules/owning.md, links.md and page-order.md."""

import pytest

from core.resources.rules.links import kind_of_link
from core.resources.rules.owning import Owning
from core.resources.rules.page_order import BadOrder, page_order, written
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


@pytest.mark.parametrize(("text", "pages", "order", "answer"), rows("page-order"))
def test_page_order(text, pages, order, answer):
    if answer == "–":
        found = page_order(text, int(pages))
        assert found == [int(number) for number in order.split()]
        assert page_order(written(found), int(pages)) == found
        return
    with pytest.raises(BadOrder) as bad:
        page_order(text, int(pages))
    code, _, page = answer.partition(" ")
    assert (bad.value.code, bad.value.page) == (code, int(page or 0))
